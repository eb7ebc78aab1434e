#include "devices/line/memory_line.hpp"

#include <doctest/doctest.h>

#include <array>

#include "tests/support/hex.hpp"
#include "tests/support/run_for.hpp"

namespace asio = boost::asio;
using devices::LineError;
using devices::LineResult;
using devices::MemoryLine;
using namespace std::chrono_literals;
using tests::hex;
using tests::run_for;

namespace {

asio::awaitable<LineResult<protocol::Bytes>> read(
    devices::Line& line, std::size_t size_max, std::chrono::milliseconds within) {
    std::array<std::uint8_t, 64> buffer;
    CO_TRY(auto const size, co_await line.read_some(std::span{buffer}.first(size_max), within));
    co_return protocol::Bytes{buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

} // namespace

TEST_SUITE("memory line") {
    TEST_CASE("what is written at one end is read at the other, in any portions") {
        asio::io_context io{1};
        auto const [left, right] = MemoryLine::make_pair(io.get_executor());
        auto const bytes = hex("00 0A 0D 11 13 FF");
        REQUIRE(run_for(io, left->write(bytes)));
        CHECK(run_for(io, read(*right, 4, 1s)) == hex("00 0A 0D 11"));
        CHECK(run_for(io, read(*right, 4, 1s)) == hex("13 FF"));
        CHECK(run_for(io, read(*left, 4, 0ms)).error() == LineError::TimedOut);
    }

    TEST_CASE("a reader that waits is woken by the writer") {
        asio::io_context io{1};
        auto const [left, right] = MemoryLine::make_pair(io.get_executor());
        auto& writer = *left;
        auto const bytes = hex("55");
        asio::co_spawn(io, writer.write(bytes), [](std::exception_ptr, LineResult<void>) {});
        CHECK(run_for(io, read(*right, 4, 10s)) == hex("55"));
    }

    TEST_CASE("a read ends at its deadline, not before and not much later") {
        asio::io_context io{1};
        auto const [left, right] = MemoryLine::make_pair(io.get_executor());
        auto const start = std::chrono::steady_clock::now();
        CHECK(run_for(io, read(*right, 4, 30ms)).error() == LineError::TimedOut);
        CHECK(std::chrono::steady_clock::now() - start >= 30ms);
    }

    TEST_CASE("a closed line delivers what had arrived, then says so at both ends") {
        asio::io_context io{1};
        auto const [left, right] = MemoryLine::make_pair(io.get_executor());
        auto const bytes = hex("55");
        REQUIRE(run_for(io, left->write(bytes)));
        right->close();
        CHECK(run_for(io, read(*right, 4, 1s)) == hex("55"));
        CHECK(run_for(io, read(*right, 4, 1s)).error() == LineError::Closed);
        CHECK(run_for(io, read(*left, 4, 1s)).error() == LineError::Closed);
        CHECK(run_for(io, left->write(bytes)).error() == LineError::Closed);
    }
}
