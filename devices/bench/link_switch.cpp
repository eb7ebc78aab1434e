#include "devices/bench/link_switch.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace devices::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t buffer_size = 16'384;
// A kiosk has one connection; while one dies unnoticed there may be a second.
constexpr std::size_t connections_max = 16;
constexpr auto pause_after_failed_accept = 100ms;

} // namespace

protocol::Result<std::unique_ptr<LinkSwitch>, protocol::Complaint> LinkSwitch::open(
    asio::any_io_executor const& executor, std::uint16_t listen_port, std::string server,
    std::uint16_t server_port) {
    tcp::acceptor acceptor{executor};
    tcp::endpoint const here{asio::ip::address_v4::loopback(), listen_port};
    boost::system::error_code error;
    acceptor.open(here.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error)
        acceptor.bind(here, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return protocol::fail(protocol::Complaint{
            "[link] listen_port " + std::to_string(listen_port),
            error.message(),
            "choose a free port"});
    return std::unique_ptr<LinkSwitch>{
        new LinkSwitch{std::move(acceptor), std::move(server), server_port}};
}

LinkSwitch::LinkSwitch(tcp::acceptor acceptor, std::string server, std::uint16_t port)
    : acceptor_{std::move(acceptor)},
      port_{acceptor_.local_endpoint().port()},
      server_{std::move(server)},
      server_port_{port} {}

LinkSwitch::Counts LinkSwitch::counts() const {
    Counts counts = counts_;
    counts.open = connections_.size();
    return counts;
}

void LinkSwitch::set_up(bool is_up) {
    is_up_ = is_up;
    if (is_up_)
        return;
    boost::system::error_code ignored; // A socket that is closed already is what is wanted.
    for (Connection& connection : connections_) {
        connection.kiosk.close(ignored);
        connection.server.close(ignored);
    }
}

asio::awaitable<void> LinkSwitch::run() {
    auto const executor = acceptor_.get_executor();
    for (;;) {
        auto [error, kiosk] = co_await acceptor_.async_accept(quietly);
        if (error) {
            asio::steady_timer pause{executor, pause_after_failed_accept};
            co_await pause.async_wait(quietly);
            continue;
        }
        if (!is_up_ || connections_.size() >= connections_max)
            continue; // The socket closes as it leaves.
        auto const connection =
            connections_.insert(connections_.end(), Connection{std::move(kiosk), Socket{executor}});
        asio::co_spawn(executor, carry(connection), [this, connection](std::exception_ptr const&) {
            connections_.erase(connection);
        });
    }
}

asio::awaitable<void> LinkSwitch::carry(Connections::iterator connection) {
    using namespace asio::experimental::awaitable_operators;
    if (!co_await reach(connection->server) || !is_up_)
        co_return;
    ++counts_.connections;
    boost::system::error_code ignored;
    connection->kiosk.set_option(tcp::no_delay{true}, ignored);
    connection->server.set_option(tcp::no_delay{true}, ignored);
    // When one direction ends, the connection does: TLS has its own farewell.
    co_await (
        pump(connection->kiosk, connection->server, counts_.bytes_up) ||
        pump(connection->server, connection->kiosk, counts_.bytes_down));
}

asio::awaitable<bool> LinkSwitch::reach(Socket& server) {
    tcp::resolver resolver{server.get_executor()};
    auto const [unresolved, addresses] =
        co_await resolver.async_resolve(server_, std::to_string(server_port_), quietly);
    if (unresolved)
        co_return false;
    for (auto const& address : addresses) {
        boost::system::error_code ignored;
        server.close(ignored);
        auto const [error] = co_await server.async_connect(address.endpoint(), quietly);
        if (!error)
            co_return true;
    }
    co_return false;
}

asio::awaitable<void> LinkSwitch::pump(Socket& from, Socket& to, std::uint64_t& bytes) {
    std::array<std::uint8_t, buffer_size> buffer;
    for (;;) {
        auto const [unread, size] = co_await from.async_read_some(asio::buffer(buffer), quietly);
        if (unread)
            co_return;
        bytes += size;
        auto const [unwritten, written] =
            co_await asio::async_write(to, asio::buffer(buffer.data(), size), quietly);
        if (unwritten)
            co_return;
    }
}

} // namespace devices::bench
