#include "devices/bill-validator/driver.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace devices::bill_validator {

namespace asio = boost::asio;

namespace {

// A line that chatters without ever making a frame is as good as silent.
constexpr std::size_t noise_size_max = 4 * ccnet::frame_size_max;

/// Late answers to questions that we gave up on must not answer the next one.
asio::awaitable<void> discard_late_bytes(Line& line) {
    std::array<std::uint8_t, ccnet::frame_size_max> buffer;
    for (std::size_t discarded = 0; discarded < noise_size_max;) {
        auto const size = co_await line.read_some(buffer, std::chrono::milliseconds{0});
        if (!size)
            co_return;
        discarded += *size;
    }
}

asio::awaitable<Input> exchange(Line& line, Send const& send) {
    if (send.reply_within == std::chrono::milliseconds::zero()) {
        // An acknowledgement that did not go out is asked for again with the same status.
        [[maybe_unused]] auto const written = co_await line.write(send.bytes);
        co_return Proceed{};
    }
    co_await discard_late_bytes(line);
    if (auto const written = co_await line.write(send.bytes); !written)
        co_return Silence{};

    ccnet::FrameReader reader;
    for (std::size_t received = 0; received < noise_size_max;) {
        std::array<std::uint8_t, ccnet::frame_size_max> buffer;
        auto const size = co_await line.read_some(buffer, send.reply_within);
        if (!size)
            co_return Silence{};
        received += *size;
        reader.push(std::span{buffer}.first(*size));
        if (auto const reply = reader.next())
            co_return *reply;
    }
    co_return Silence{};
}

asio::awaitable<void> sleep(std::chrono::milliseconds duration) {
    asio::steady_timer timer{co_await asio::this_coro::executor, duration};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace

asio::awaitable<void> drive(Line& line, Session& session, Listener& listener) {
    Input input = Proceed{};
    for (;;) {
        Action action = session.resume(input);
        input = Proceed{};
        if (auto const* send = std::get_if<Send>(&action))
            input = co_await exchange(line, *send);
        else if (auto const* pause = std::get_if<Pause>(&action))
            co_await sleep(pause->duration);
        else
            co_await listener.on_bill_event(std::get<Event>(std::move(action)));
    }
}

} // namespace devices::bill_validator
