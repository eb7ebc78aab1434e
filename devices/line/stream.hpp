#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "devices/line/line.hpp"

/// Reading and writing with a deadline, for the lines that are file descriptors.
namespace devices::stream {

/// Without flow control a write ends at the speed of the line; a printer may hold it for long.
inline constexpr std::chrono::seconds write_within{60};

[[nodiscard]] inline LineError error_of(boost::system::error_code const& failure) {
    namespace asio = boost::asio;
    if (failure == asio::error::operation_aborted)
        return LineError::TimedOut; // Only the deadline cancels.
    if (failure == asio::error::eof || failure == asio::error::bad_descriptor ||
        failure == boost::system::errc::io_error || failure == boost::system::errc::no_such_device)
        return LineError::Closed; // EIO: the other end of a pty, or a USB adapter, is gone.
    return LineError::Failed;
}

template <class Stream>
boost::asio::awaitable<LineResult<void>> write(Stream& stream, protocol::ByteView bytes) {
    namespace asio = boost::asio;
    asio::steady_timer deadline{stream.get_executor(), write_within};
    auto const [order, failure, written, expiry] =
        co_await asio::experimental::make_parallel_group(
            asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), asio::deferred),
            deadline.async_wait(asio::deferred))
            .async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    if (failure)
        co_return protocol::fail(error_of(failure));
    co_return LineResult<void>{};
}

template <class Stream>
boost::asio::awaitable<LineResult<std::size_t>> read_some(
    Stream& stream, std::span<std::uint8_t> into, std::chrono::milliseconds within) {
    namespace asio = boost::asio;
    asio::steady_timer deadline{stream.get_executor(), within};
    // Not `read || deadline`: that operator throws the loser's result away, and with it bytes that
    // arrived in the same turn as the deadline.
    auto const [order, failure, size, expiry] =
        co_await asio::experimental::make_parallel_group(
            stream.async_read_some(asio::buffer(into.data(), into.size()), asio::deferred),
            deadline.async_wait(asio::deferred))
            .async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    if (size > 0)
        co_return size;
    co_return protocol::fail(error_of(failure));
}

} // namespace devices::stream
