#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <string>
#include <vector>

#include "devices/line/memory_line.hpp"
#include "devices/line/pty_pair.hpp"
#include "devices/line/serial_line.hpp"
#include "devices/scanner/code_reader.hpp"
#include "devices/scanner/simulator.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/run_for.hpp"

namespace asio = boost::asio;
namespace scanner = devices::scanner;
using namespace std::chrono_literals;
using tests::bytes_of;
using tests::run_for;
using tests::run_until;

namespace {

class Listener final : public scanner::Listener {
public:
    asio::awaitable<void> on_code(protocol::Bytes code) override {
        codes.emplace_back(code.begin(), code.end());
        co_return;
    }
    asio::awaitable<void> on_code_refused(scanner::CodeError) override {
        ++refused;
        co_return;
    }
    asio::awaitable<void> on_scanner_line(bool is_up) override {
        lines.push_back(is_up);
        co_return;
    }

    std::vector<std::string> codes;
    std::vector<bool> lines;
    int refused = 0;
};

struct Bench {
    explicit Bench(scanner::SimulatorSettings settings = {})
        : simulator{io.get_executor(), *ends.right, settings} {
        asio::co_spawn(io, simulator.run(), [](std::exception_ptr) {});
        asio::co_spawn(
            io,
            scanner::drive(*ends.left, listener),
            asio::bind_cancellation_slot(
                stop.slot(), [this](std::exception_ptr) { has_ended = true; }));
    }

    asio::io_context io{1};
    devices::MemoryLine::Pair ends{devices::MemoryLine::make_pair(io.get_executor())};
    Listener listener;
    asio::cancellation_signal stop;
    bool has_ended = false;
    scanner::Simulator simulator;
};

std::string const bill = "ST00011|Name=\xCE\xCE\xCE \xDE\xED\xE8|PersonalAcc=40702810|Sum=459786";

} // namespace

TEST_SUITE("scanner driver") {
    TEST_CASE("a bill in windows-1251 arrives byte for byte, with each suffix a scanner may send") {
        for (auto const suffix :
             {scanner::Suffix::None,
              scanner::Suffix::Cr,
              scanner::Suffix::Lf,
              scanner::Suffix::CrLf}) {
            CAPTURE(static_cast<int>(suffix));
            Bench bench{{.suffix = suffix}};
            bench.simulator.show(bytes_of(bill));
            run_until(bench.io, [&] { return !bench.listener.codes.empty(); });
            CHECK(bench.listener.codes == std::vector{bill});
            CHECK(bench.listener.lines == std::vector{true});
        }
    }

    TEST_CASE("a bill that drips in portions, with its AIM identifier, is one code") {
        Bench bench{
            {.suffix = scanner::Suffix::None,
             .sends_aim_identifier = true,
             .portion_size = 7,
             .portion_gap = 20ms}};
        bench.simulator.show(bytes_of(bill));
        run_until(bench.io, [&] { return !bench.listener.codes.empty(); });
        CHECK(bench.listener.codes == std::vector{bill});
    }

    TEST_CASE("bills shown one after the other are codes one after the other") {
        Bench bench{{.suffix = scanner::Suffix::CrLf}};
        for (auto const* text : {"one", "two", "three"})
            bench.simulator.show(bytes_of(text));
        run_until(bench.io, [&] { return bench.listener.codes.size() == 3; });
        CHECK(bench.listener.codes == std::vector<std::string>{"one", "two", "three"});
    }

    TEST_CASE("what is too long for a code is refused, and the next bill is read") {
        Bench bench;
        bench.simulator.show(protocol::Bytes(scanner::code_size_max + 1, 'x'));
        bench.simulator.show(bytes_of(bill));
        run_until(bench.io, [&] { return !bench.listener.codes.empty(); });
        CHECK(bench.listener.refused == 1);
        CHECK(bench.listener.codes == std::vector{bill});
    }

    TEST_CASE("a triggered scanner sends a code only when the trigger is on") {
        Bench bench{{.mode = scanner::Mode::Triggered}};
        bench.simulator.show(bytes_of("first"));
        bench.simulator.show(bytes_of("second"));
        bench.io.run_for(60ms);
        CHECK(bench.listener.codes.empty());
        bench.io.restart();
        REQUIRE(run_for(bench.io, scanner::set_trigger(*bench.ends.left, scanner::Trigger::On)));
        run_until(bench.io, [&] { return !bench.listener.codes.empty(); });
        bench.io.run_for(60ms);
        CHECK(bench.listener.codes == std::vector<std::string>{"first"}); // Off by itself.
    }

    TEST_CASE("a trigger that is switched off again sends nothing") {
        Bench bench{{.mode = scanner::Mode::Triggered}};
        for (auto const trigger : {scanner::Trigger::On, scanner::Trigger::Off})
            REQUIRE(run_for(bench.io, scanner::set_trigger(*bench.ends.left, trigger)));
        bench.simulator.show(bytes_of("code"));
        bench.io.run_for(60ms);
        CHECK(bench.listener.codes.empty());
    }

    TEST_CASE("the trigger's bytes are SYN T CR and SYN U CR") {
        CHECK(tests::to_hex(scanner::trigger_on) == "16 54 0D");
        CHECK(tests::to_hex(scanner::trigger_off) == "16 55 0D");
    }

    TEST_CASE("a line that ends is told, and ends the driver") {
        Bench bench;
        run_until(bench.io, [&] { return !bench.listener.lines.empty(); });
        bench.ends.right->close();
        run_until(bench.io, [&] { return bench.has_ended; });
        CHECK(bench.listener.lines == std::vector{true, false});
    }

    TEST_CASE("the driver ends when it is cancelled, between codes and inside one") {
        for (bool const inside : {false, true}) {
            Bench bench{{.suffix = scanner::Suffix::None}};
            run_until(bench.io, [&] { return !bench.listener.lines.empty(); });
            if (inside)
                bench.simulator.show(bytes_of("half"));
            bench.io.run_for(50ms);
            bench.io.restart();
            bench.stop.emit(asio::cancellation_type::terminal);
            run_until(bench.io, [&] { return bench.has_ended; });
            CHECK(bench.listener.codes.empty());
        }
    }

    TEST_CASE("a scanner on a pty is read through its serial port") {
        asio::io_context io{1};
        auto const pty = devices::PtyPair::open(io.get_executor());
        REQUIRE(pty);
        auto line = devices::SerialLine::open(io.get_executor(), (*pty)->path(), {115200});
        REQUIRE(line);
        scanner::Simulator simulator{io.get_executor(), **pty};
        Listener listener;
        asio::co_spawn(io, simulator.run(), [](std::exception_ptr) {});
        asio::co_spawn(io, scanner::drive(**line, listener), [](std::exception_ptr) {});
        protocol::Bytes longest(scanner::code_size_max);
        for (std::size_t index = 0; index < longest.size(); ++index)
            longest[index] = static_cast<std::uint8_t>(0x20 + index % 0xE0);
        simulator.show(longest);
        run_until(io, [&] { return !listener.codes.empty(); });
        CHECK(bytes_of(listener.codes.at(0)) == longest);
    }
}
