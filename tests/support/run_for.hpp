#pragma once

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>

namespace tests {

/// Runs a coroutine to its end on `io` and returns its result. Other work on `io` goes on
/// meanwhile. A coroutine that does not end in time fails the test instead of hanging it.
template <class T>
T run_for(
    boost::asio::io_context& io, boost::asio::awaitable<T> work,
    std::chrono::seconds within = std::chrono::seconds{20}) {
    std::optional<T> result;
    std::exception_ptr failure;
    bool has_ended = false;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        result = std::move(value);
        has_ended = true;
    });
    auto const deadline = std::chrono::steady_clock::now() + within;
    io.restart();
    while (!has_ended && std::chrono::steady_clock::now() < deadline)
        if (io.run_one_until(deadline) == 0)
            break;
    REQUIRE(has_ended);
    REQUIRE_FALSE(failure);
    return *std::move(result);
}

/// Runs `io` until the condition holds, or fails the test when it does not in time.
template <class Condition>
void run_until(
    boost::asio::io_context& io, Condition const& condition,
    std::chrono::seconds within = std::chrono::seconds{20}) {
    auto const deadline = std::chrono::steady_clock::now() + within;
    io.restart();
    while (!condition() && std::chrono::steady_clock::now() < deadline)
        if (io.run_one_until(deadline) == 0)
            break;
    REQUIRE(condition());
}

} // namespace tests
