#include "devices/line/serial_line.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>

#include "devices/line/pty_pair.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/run_for.hpp"

namespace asio = boost::asio;
using devices::LineError;
using devices::LineResult;
using devices::PtyPair;
using devices::ReopeningLine;
using devices::SerialLine;
using namespace std::chrono_literals;
using tests::hex;
using tests::run_for;

namespace {

/// Reads until `size` bytes are there: a kernel may deliver them in portions.
asio::awaitable<LineResult<protocol::Bytes>> read(devices::Line& line, std::size_t size) {
    protocol::Bytes bytes;
    while (bytes.size() < size) {
        std::array<std::uint8_t, 512> buffer;
        CO_TRY(auto const count, co_await line.read_some(buffer, 5s));
        bytes.insert(
            bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    co_return bytes;
}

std::unique_ptr<PtyPair> open_pty(asio::io_context& io) {
    auto pty = PtyPair::open(io.get_executor());
    REQUIRE(pty);
    return *std::move(pty);
}

std::unique_ptr<SerialLine> open_serial(asio::io_context& io, std::string const& path) {
    auto line = SerialLine::open(io.get_executor(), path, {});
    REQUIRE(line);
    return *std::move(line);
}

protocol::Bytes every_byte() {
    protocol::Bytes bytes(256);
    for (std::size_t value = 0; value < bytes.size(); ++value)
        bytes[value] = static_cast<std::uint8_t>(value);
    return bytes;
}

} // namespace

TEST_SUITE("serial line") {
    TEST_CASE("every byte value passes unchanged both ways, at each speed and parity") {
        for (unsigned const baud_rate : {9600U, 19200U, 57600U, 115200U}) {
            for (auto const parity : {devices::Parity::None, devices::Parity::Even}) {
                asio::io_context io{1};
                auto const pty = open_pty(io);
                auto const line =
                    SerialLine::open(io.get_executor(), pty->path(), {baud_rate, parity});
                REQUIRE(line);
                auto const bytes = every_byte();
                REQUIRE(run_for(io, (*line)->write(bytes)));
                CHECK(run_for(io, read(*pty, bytes.size())) == bytes);
                REQUIRE(run_for(io, pty->write(bytes)));
                CHECK(run_for(io, read(**line, bytes.size())) == bytes);
            }
        }
    }

    TEST_CASE("a silent line answers TimedOut, and bytes that come later are not lost by it") {
        asio::io_context io{1};
        auto const pty = open_pty(io);
        auto const line = open_serial(io, pty->path());
        std::array<std::uint8_t, 8> buffer;
        for (int turn = 0; turn < 50; ++turn) {
            CHECK(run_for(io, line->read_some(buffer, 1ms)).error() == LineError::TimedOut);
            auto const bytes = hex("02 03 06 14 67 D4");
            REQUIRE(run_for(io, pty->write(bytes)));
            CHECK(run_for(io, read(*line, 6)) == bytes);
        }
    }

    TEST_CASE("a read with no time at all takes what is there") {
        asio::io_context io{1};
        auto const pty = open_pty(io);
        auto const line = open_serial(io, pty->path());
        std::array<std::uint8_t, 8> buffer;
        CHECK(run_for(io, line->read_some(buffer, 0ms)).error() == LineError::TimedOut);
        auto const bytes = hex("55");
        REQUIRE(run_for(io, pty->write(bytes)));
        auto size = run_for(io, line->read_some(buffer, 0ms));
        for (int turn = 0; !size && turn < 1000; ++turn)
            size = run_for(io, line->read_some(buffer, 1ms));
        CHECK(size == std::size_t{1});
    }

    TEST_CASE("the device's end survives a program that closes the port and opens it again") {
        asio::io_context io{1};
        auto const pty = open_pty(io);
        auto const bytes = hex("55");
        for (int run = 0; run < 3; ++run) {
            auto const line = open_serial(io, pty->path());
            REQUIRE(run_for(io, line->write(bytes)));
            CHECK(run_for(io, read(*pty, 1)) == bytes);
        }
        std::array<std::uint8_t, 8> buffer;
        CHECK(run_for(io, pty->read_some(buffer, 20ms)).error() == LineError::TimedOut);
    }

    TEST_CASE("what was sent before the port was opened is not read") {
        asio::io_context io{1};
        auto const pty = open_pty(io);
        auto const stale = hex("02 03 07 81 03 CF 18");
        REQUIRE(run_for(io, pty->write(stale)));
        auto const line = open_serial(io, pty->path());
        std::array<std::uint8_t, 8> buffer;
        CHECK(run_for(io, line->read_some(buffer, 20ms)).error() == LineError::TimedOut);
    }

    TEST_CASE("a port is opened by one program at a time, and free again after it is closed") {
        asio::io_context io{1};
        auto const pty = open_pty(io);
        {
            auto const line = open_serial(io, pty->path());
            auto const second = SerialLine::open(io.get_executor(), pty->path(), {});
            REQUIRE_FALSE(second);
            CHECK(second.error().problem == "another program uses the serial port");
        }
        open_serial(io, pty->path());
    }

    TEST_CASE("a port that is not there and a speed that is none are refused by name") {
        asio::io_context io{1};
        auto const nowhere = SerialLine::open(io.get_executor(), "/dev/nowhere", {});
        REQUIRE_FALSE(nowhere);
        CHECK(nowhere.error().place == "/dev/nowhere");
        CHECK(nowhere.error().problem.find("No such file") != std::string::npos);
        auto const pty = open_pty(io);
        auto const speed = SerialLine::open(io.get_executor(), pty->path(), {12345});
        REQUIRE_FALSE(speed);
        CHECK(speed.error().problem.find("12345 baud") != std::string::npos);
    }

    TEST_CASE("a device that goes away closes the line") {
        asio::io_context io{1};
        auto pty = open_pty(io);
        auto const line = open_serial(io, pty->path());
        pty.reset();
        std::array<std::uint8_t, 8> buffer;
        CHECK(run_for(io, line->read_some(buffer, 1s)).error() == LineError::Closed);
    }

    TEST_CASE("a reopening line says Closed while there is no port, and works once there is one") {
        asio::io_context io{1};
        auto pty = open_pty(io);
        // A name that stays, as udev gives it, for a port that changes.
        std::string const name = std::string{KIOSK_BINARY_DIR} + "/reopening-line-test-port";
        ::unlink(name.c_str());
        ReopeningLine line{io.get_executor(), name, {}};
        auto const bytes = hex("55");
        CHECK(run_for(io, line.write(bytes)).error() == LineError::Closed);

        REQUIRE(::symlink(pty->path().c_str(), name.c_str()) == 0);
        REQUIRE(run_for(io, line.write(bytes)));
        CHECK(run_for(io, read(*pty, 1)) == bytes);

        pty.reset();
        std::array<std::uint8_t, 8> buffer;
        CHECK(run_for(io, line.read_some(buffer, 1s)).error() == LineError::Closed);

        pty = open_pty(io);
        ::unlink(name.c_str());
        REQUIRE(::symlink(pty->path().c_str(), name.c_str()) == 0);
        REQUIRE(run_for(io, line.write(bytes)));
        CHECK(run_for(io, read(*pty, 1)) == bytes);
        ::unlink(name.c_str());
    }
}
