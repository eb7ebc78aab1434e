#include "devices/bench/control_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

namespace devices::bench {

namespace asio = boost::asio;
using nlohmann::json;
using protocol::fail;
using Answer = protocol::Result<json, std::string>;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

asio::awaitable<Answer> talk(std::string const& path, std::string question) {
    asio::local::stream_protocol::socket socket{co_await asio::this_coro::executor};
    auto const [unconnected] =
        co_await socket.async_connect(asio::local::stream_protocol::endpoint{path}, quietly);
    if (unconnected)
        co_return fail("the kiosk does not answer: " + unconnected.message());
    question += '\n';
    auto const [unwritten, written] =
        co_await asio::async_write(socket, asio::buffer(question), quietly);
    if (unwritten)
        co_return fail("the kiosk hung up: " + unwritten.message());
    std::string line;
    auto const [unread, size] = co_await asio::async_read_until(
        socket, asio::dynamic_buffer(line, control_answer_size_max), '\n', quietly);
    if (unread)
        co_return fail("the kiosk hung up: " + unread.message());
    line.resize(size);
    json answer = json::parse(line, nullptr, false);
    if (!answer.is_object())
        co_return fail(std::string{"the kiosk's answer is not a JSON object"});
    co_return answer;
}

} // namespace

asio::awaitable<Answer> ask_kiosk(
    std::string socket, json question, std::chrono::milliseconds within) {
    using namespace asio::experimental::awaitable_operators;
    if (socket.size() >= sizeof(sockaddr_un::sun_path))
        co_return fail(std::string{"the path of the control socket is too long"});
    asio::steady_timer deadline{co_await asio::this_coro::executor, within};
    // The loser's result is thrown away, and here it is nothing but a late answer.
    auto outcome = co_await (talk(socket, question.dump()) || deadline.async_wait(quietly));
    if (outcome.index() == 0)
        co_return std::get<0>(std::move(outcome));
    co_return fail(std::string{"the kiosk does not answer in time"});
}

} // namespace devices::bench
