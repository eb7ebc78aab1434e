#include "devices/printer/simulator.hpp"

#include <doctest/doctest.h>

#include "tests/devices/printer/golden.hpp"
#include "tests/devices/printer/rehearsal.hpp"

using namespace devices::printer;
using namespace std::chrono_literals;
using tests::Rehearsal;

namespace {

using TimePoint = Simulator::TimePoint;
constexpr TimePoint start{1h};

void send(Simulator& simulator, std::string_view text, TimePoint now = start) {
    (void)simulator.receive(protocol::Bytes{text.begin(), text.end()}, now);
}

Status ask(Simulator& simulator, TimePoint now) {
    StatusReader reader;
    reader.push(simulator.receive(ask_status, now));
    auto const status = reader.next();
    REQUIRE(status);
    return *status;
}

} // namespace

TEST_SUITE("printer simulator") {
    TEST_CASE("the receipt on paper is the golden text") {
        Rehearsal rehearsal;
        rehearsal.run(Task::Print, tests::receipt());
        REQUIRE(rehearsal.simulator.tickets().size() == 1);
        std::string const text = tests::joined_lines(rehearsal.simulator.tickets()[0]);
        CHECK(text == tests::golden("receipt.paper.txt", text));
        CHECK(rehearsal.simulator.strip().empty());
    }

    TEST_CASE("bytes in any portions make the same paper") {
        Simulator whole;
        Simulator bytewise;
        std::string_view const bytes = "\x1B\x74\x11\x1B\xC1\x01\x8F\xE0\n\x1B\x69";
        send(whole, bytes);
        for (char const byte : bytes)
            send(bytewise, {&byte, 1});
        (void)whole.tick(start + 10s);
        (void)bytewise.tick(start + 10s);
        REQUIRE(whole.tickets().size() == 1);
        CHECK(whole.tickets() == bytewise.tickets());
    }

    TEST_CASE("a host that forgot the code page or the narrow font sees it on the paper") {
        Simulator simulator;
        send(simulator, "\x8F\xE0\n" + std::string(31, 'a') + "\n\x1Bi");
        (void)simulator.tick(start + 10s);
        REQUIRE(simulator.tickets().size() == 1);
        CHECK(
            lines_of(simulator.tickets()[0]) ==
            std::vector<std::string>{"??", std::string(30, 'a'), "a"});
    }

    TEST_CASE("the motor runs as long as the paper moves") {
        Simulator simulator;
        send(simulator, "a\nb\n");
        CHECK(ask(simulator, start).motor_on);
        CHECK_FALSE(ask(simulator, start + 1s).motor_on);
    }

    TEST_CASE("status is answered at once although the printer is busy") {
        Simulator simulator;
        send(simulator, std::string(100, '\n'));
        CHECK(ask(simulator, start).motor_on);
        CHECK(simulator.strip().size() < 10);
    }

    TEST_CASE("a ticket is at the mouth until a hand takes it") {
        Simulator simulator;
        send(
            simulator,
            "a\n\x1Bi\x1D"
            "e\x03\x0C");
        CHECK(ask(simulator, start + 2s).ticket_in_output);
        CHECK(simulator.take_ticket());
        CHECK_FALSE(ask(simulator, start + 2s).ticket_in_output);
        CHECK_FALSE(simulator.take_ticket());
        CHECK(simulator.tickets()[0].whereabouts == Whereabouts::Taken);
    }

    TEST_CASE("cutting where nothing hangs makes no ticket") {
        Simulator simulator;
        send(simulator, "\x1B@\x1Bi\x1Bi");
        (void)simulator.tick(start + 2s);
        CHECK(simulator.tickets().empty());
    }

    TEST_CASE("a second ticket on one that was left jams the printer") {
        Simulator simulator;
        send(
            simulator,
            "a\n\x1Bi\x1D"
            "e\x03\x0C"
            "b\n\x1Bi");
        CHECK(ask(simulator, start + 5s).paper_jam);
    }

    TEST_CASE("without paper nothing is printed, and with paper the rest comes out") {
        Simulator simulator;
        simulator.strike({.fault = SimulatedFault::NoPaper, .after_lines = 2}, start);
        send(simulator, "a\nb\nc\n");
        CHECK(ask(simulator, start + 5s).no_paper);
        CHECK(simulator.strip().size() == 2);
        simulator.strike({}, start + 6s);
        CHECK_FALSE(ask(simulator, start + 9s).no_paper);
        CHECK(simulator.strip().size() == 3);
    }

    TEST_CASE("a power cut keeps the paper and forgets the rest, the settings too") {
        Simulator simulator;
        simulator.strike(
            {.fault = SimulatedFault::PowerCut, .after_lines = 2, .lasting = 3s}, start);
        send(
            simulator,
            "\x1B\x74\x11"
            "\x8F\n\x8F\n\x8F\n\x8F\n");
        (void)simulator.tick(start + 1s);
        CHECK_FALSE(simulator.has_power());
        CHECK(simulator.receive(ask_status, start + 2s).empty());
        CHECK_FALSE(ask(simulator, start + 5s).motor_on);
        CHECK(simulator.has_power());
        CHECK(simulator.strip().size() == 2);
        send(simulator, "\x8F\n", start + 6s);
        (void)simulator.tick(start + 8s);
        REQUIRE(simulator.strip().size() == 3);
        CHECK(std::get<PrintedLine>(simulator.strip()[1]).text == "П");
        CHECK(std::get<PrintedLine>(simulator.strip()[2]).text == "?");
    }

    TEST_CASE("a full buffer says XOFF, an empty one XON, and what comes all the same is counted") {
        Simulator simulator{{.buffer_size = 1000}};
        auto const replies = simulator.receive(protocol::Bytes(800, '\n'), start);
        CHECK(replies == protocol::Bytes{0x13});
        CHECK(simulator.overrun() == 0);
        send(simulator, std::string(1000, '\n'));
        CHECK(simulator.overrun() > 0);
        CHECK(simulator.tick(start + 120s) == protocol::Bytes{0x11});
    }

    TEST_CASE("lost questions stay without an answer for as long as ordered") {
        Simulator simulator;
        simulator.strike({.fault = SimulatedFault::LostStatus, .lasting = 1s}, start);
        CHECK(simulator.receive(ask_status, start + 500ms).empty());
        CHECK(simulator.receive(ask_status, start + 1500ms).size() == status_size);
    }

    TEST_CASE("faults have names both ways, and 'none' mends everything") {
        Simulator simulator;
        for (auto const* name :
             {"no_paper",
              "near_end",
              "cover_open",
              "jam",
              "cutter",
              "head_hot",
              "xoff",
              "lost_status",
              "power_cut"}) {
            CAPTURE(name);
            auto const fault = fault_named(name);
            REQUIRE(fault);
            CHECK(name_of(*fault) == name);
            simulator.strike({.fault = *fault}, start);
            CHECK(simulator.faults() == std::vector{*fault});
            simulator.strike({.fault = *fault_named("none")}, start);
            CHECK(simulator.faults().empty());
        }
        CHECK_FALSE(fault_named("fire"));
    }
}
