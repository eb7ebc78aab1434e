#include "devices/printer/session.hpp"

#include <doctest/doctest.h>

#include "tests/devices/printer/rehearsal.hpp"

using namespace devices::printer;
using namespace std::chrono_literals;
using tests::Rehearsal;

namespace {

protocol::Bytes bytes_of(auto const& array) {
    return {array.begin(), array.end()};
}

Heard heard(Status const& status) {
    return {status, Flow::Running};
}

Session session_of(std::vector<protocol::Bytes> portions, SessionOptions options = {}) {
    options.is_paper_clean = true;
    return {Task::Print, Job{std::move(portions)}, options};
}

std::size_t steps_of_a_print(bool is_paper_clean) {
    Rehearsal rehearsal;
    rehearsal.is_paper_clean = is_paper_clean;
    rehearsal.customer_takes = true;
    REQUIRE(rehearsal.run(Task::Print, tests::receipt()).result.outcome == Outcome::Taken);
    return rehearsal.steps;
}

} // namespace

TEST_SUITE("printer session") {
    TEST_CASE(
        "the printer is asked first, then gets portion after portion, each after a question") {
        Session session = session_of({{0x41}, {0x42}});
        Status well;
        Status motor;
        motor.motor_on = true;
        Status shown;
        shown.ticket_in_output = true;

        CHECK(std::get<Ask>(session.resume(Proceed{})).question == bytes_of(ask_status));
        CHECK(std::get<Send>(session.resume(heard(well))).bytes == protocol::Bytes{0x41});
        CHECK(std::get<Ask>(session.resume(Proceed{})).question == bytes_of(ask_status));
        CHECK(std::get<Send>(session.resume(heard(motor))).bytes == protocol::Bytes{0x42});
        std::get<Ask>(session.resume(Proceed{}));
        // All is sent: cut and shown only when the motor stands.
        std::get<Pause>(session.resume(heard(motor)));
        std::get<Ask>(session.resume(Proceed{}));
        CHECK(
            std::get<Send>(session.resume(heard(well))).bytes ==
            protocol::Bytes{0x1B, 0x69, 0x1D, 0x65, 0x03, 0x0C});
        std::get<Pause>(session.resume(Proceed{}));
        std::get<Ask>(session.resume(Proceed{}));
        std::get<Pause>(session.resume(heard(motor)));
        std::get<Ask>(session.resume(Proceed{}));
        std::get<Pause>(session.resume(heard(shown)));
        std::get<Ask>(session.resume(Proceed{}));
        auto const finished = std::get<Finished>(session.resume(heard(well)));
        CHECK(finished.result.outcome == Outcome::Taken);
        CHECK(finished.result.faults.empty());
        CHECK(finished.is_paper_clean);
    }

    TEST_CASE("a printer that is not ready prints nothing, and says why") {
        Session session = session_of({{0x41}});
        std::get<Ask>(session.resume(Proceed{}));
        Status status;
        status.no_paper = true;
        status.cover_open = true;
        auto const finished = std::get<Finished>(session.resume(heard(status)));
        CHECK(finished.result.outcome == Outcome::NotPrinted);
        CHECK(finished.result.faults == std::vector{Fault::NoPaper, Fault::CoverOpen});
    }

    TEST_CASE("a question is asked three times before the line counts as lost") {
        Session session = session_of({{0x41}});
        Action action = session.resume(Proceed{});
        for (int attempt = 1; attempt <= 3; ++attempt) {
            CHECK(std::get<Ask>(action).question == bytes_of(ask_status));
            action = session.resume(Heard{std::nullopt, Flow::Running});
        }
        auto const finished = std::get<Finished>(action);
        CHECK(finished.result.outcome == Outcome::NotPrinted);
        CHECK(finished.result.faults == std::vector{Fault::LineLost});
    }

    TEST_CASE("a question after data waits as long as the slowest line needs for the data") {
        Session session = session_of({protocol::Bytes(512, 0x41)});
        CHECK(std::get<Ask>(session.resume(Proceed{})).within == 200ms);
        std::get<Send>(session.resume(heard({})));
        CHECK(std::get<Ask>(session.resume(Proceed{})).within > 700ms);
    }

    TEST_CASE("after XOFF nothing is sent until XON, and a status from before it is asked again") {
        Session session = session_of({{0x41}, {0x42}});
        std::get<Ask>(session.resume(Proceed{}));
        std::get<Send>(session.resume(heard({})));
        std::get<Ask>(session.resume(Proceed{}));
        CHECK(std::get<AwaitXon>(session.resume(Heard{Status{}, Flow::Stopped})).within == 60s);
        CHECK(
            std::get<Ask>(session.resume(Heard{std::nullopt, Flow::Running})).question ==
            bytes_of(ask_status));
        CHECK(std::get<Send>(session.resume(heard({}))).bytes == protocol::Bytes{0x42});
    }

    TEST_CASE("an XOFF that never ends after data leaves the ticket unknown") {
        Session session = session_of({{0x41}, {0x42}});
        std::get<Ask>(session.resume(Proceed{}));
        std::get<Send>(session.resume(heard({})));
        std::get<Ask>(session.resume(Proceed{}));
        std::get<AwaitXon>(session.resume(Heard{Status{}, Flow::Stopped}));
        auto const finished =
            std::get<Finished>(session.resume(Heard{std::nullopt, Flow::Stopped}));
        CHECK(finished.result.outcome == Outcome::Unknown);
        CHECK(finished.result.faults == std::vector{Fault::LineLost});
    }

    TEST_CASE("a motor that never stops is not waited for forever") {
        Session session = session_of({{0x41}});
        Status motor;
        motor.motor_on = true;
        Action action = session.resume(Proceed{});
        std::size_t steps = 0;
        for (; !std::holds_alternative<Finished>(action); ++steps) {
            REQUIRE(steps < 10'000);
            action = std::holds_alternative<Ask>(action) ? session.resume(heard(motor))
                                                         : session.resume(Proceed{});
        }
        CHECK(std::get<Finished>(action).result.outcome == Outcome::NotPrinted);
        CHECK(std::get<Finished>(action).result.faults == std::vector{Fault::Electronics});
    }

    TEST_CASE("a ticket that nobody takes is presented, and waits for no longer than agreed") {
        Rehearsal rehearsal;
        auto const begin = rehearsal.now;
        CHECK(rehearsal.run(Task::Print, tests::receipt()).result.outcome == Outcome::Presented);
        CHECK(rehearsal.simulator.tickets()[0].whereabouts == Whereabouts::AtMouth);
        CHECK(rehearsal.now - begin < 15s);
    }

    TEST_CASE(
        "the ticket that the last customer forgot is pulled back before the next is printed") {
        Rehearsal rehearsal;
        rehearsal.run(Task::Print, tests::receipt());
        rehearsal.run(Task::Print, tests::receipt());
        REQUIRE(rehearsal.simulator.tickets().size() == 2);
        CHECK(rehearsal.simulator.tickets()[0].whereabouts == Whereabouts::Retracted);
        CHECK(rehearsal.simulator.tickets()[1].whereabouts == Whereabouts::AtMouth);
    }

    TEST_CASE("a printer without a bin pushes the forgotten ticket out") {
        Rehearsal rehearsal{.simulator = Simulator{{.has_bin = false}}};
        rehearsal.run(Task::Print, tests::receipt());
        rehearsal.run(Task::ClearPresenter);
        CHECK(rehearsal.simulator.tickets()[0].whereabouts == Whereabouts::Ejected);
    }

    TEST_CASE("looking changes nothing on the paper") {
        Rehearsal rehearsal;
        rehearsal.is_paper_clean = false;
        auto const finished = rehearsal.run(Task::Look);
        REQUIRE(finished.status);
        CHECK(health_of(*finished.status).ready);
        CHECK(rehearsal.steps == 1);
        CHECK_FALSE(finished.is_paper_clean);
    }

    TEST_CASE(
        "losing the line at any step is never called printed, and before data never unknown") {
        for (bool const is_paper_clean : {true, false}) {
            for (std::size_t step = 0; step < steps_of_a_print(is_paper_clean); ++step) {
                CAPTURE(is_paper_clean);
                CAPTURE(step);
                Rehearsal rehearsal;
                rehearsal.is_paper_clean = is_paper_clean;
                rehearsal.lose_line_at = step;
                auto const finished = rehearsal.run(Task::Print, tests::receipt());
                auto const& result = finished.result;
                (void)rehearsal.simulator.tick(rehearsal.now + 60s);
                bool const is_blank =
                    rehearsal.simulator.strip().empty() && rehearsal.simulator.tickets().empty();
                // "Not printed" is a promise, and so is "presented".
                if (result.outcome == Outcome::NotPrinted)
                    CHECK(is_blank);
                if (result.outcome == Outcome::Presented)
                    CHECK(rehearsal.simulator.tickets().size() == 1);
                CHECK(result.outcome != Outcome::Taken);
                if (result.outcome != Outcome::Presented)
                    CHECK(result.faults == std::vector{Fault::LineLost});
            }
        }
    }

    TEST_CASE("after a torn ticket the next one comes out alone and whole") {
        std::size_t const steps = steps_of_a_print(true);
        for (std::size_t step = 0; step < steps; ++step) {
            CAPTURE(step);
            Rehearsal rehearsal;
            rehearsal.lose_line_at = step;
            rehearsal.run(Task::Print, tests::receipt());
            rehearsal.lose_line_at = std::numeric_limits<std::size_t>::max();
            rehearsal.now += 60s;
            CHECK(
                rehearsal.run(Task::Print, tests::receipt()).result.outcome == Outcome::Presented);

            Rehearsal alone;
            alone.run(Task::Print, tests::receipt());
            CHECK(
                rehearsal.simulator.tickets().back().content ==
                alone.simulator.tickets().back().content);
        }
    }

    TEST_CASE("every fault in the middle of a ticket is named, and the ticket is unknown") {
        struct Case {
            SimulatedFault fault;
            Fault expected;
        };
        for (auto const& row :
             {Case{SimulatedFault::NoPaper, Fault::NoPaper},
              Case{SimulatedFault::CoverOpen, Fault::CoverOpen},
              Case{SimulatedFault::Jam, Fault::PaperJam},
              Case{SimulatedFault::Cutter, Fault::Cutter},
              Case{SimulatedFault::HeadHot, Fault::HeadTemperature},
              Case{SimulatedFault::PowerCut, Fault::LineLost}}) {
            CAPTURE(name_of(row.fault));
            Rehearsal rehearsal;
            rehearsal.simulator.strike({.fault = row.fault, .after_lines = 5}, rehearsal.now);
            auto const result = rehearsal.run(Task::Print, tests::receipt()).result;
            CHECK(result.outcome == Outcome::Unknown);
            CHECK(result.faults == std::vector{row.expected});
            CHECK_FALSE(rehearsal.is_paper_clean);
        }
    }

    TEST_CASE("a head that cools down in time finishes its ticket") {
        Rehearsal rehearsal;
        rehearsal.simulator.strike(
            {.fault = SimulatedFault::HeadHot, .after_lines = 5}, rehearsal.now);
        Session session{Task::Print, encode(tests::receipt()).value(), {.is_paper_clean = true}};
        // A technician is not needed: the fault ends after ten questions that heard of it.
        Input input = Proceed{};
        StatusReader reader;
        std::size_t hot = 0;
        for (;;) {
            Action const action = session.resume(input);
            if (auto const* finished = std::get_if<Finished>(&action)) {
                CHECK(finished->result.outcome == Outcome::Presented);
                break;
            }
            input = Proceed{};
            rehearsal.now += 100ms;
            if (auto const* send = std::get_if<Send>(&action)) {
                (void)rehearsal.simulator.receive(send->bytes, rehearsal.now);
            } else if (auto const* ask = std::get_if<Ask>(&action)) {
                reader.push(rehearsal.simulator.receive(ask->question, rehearsal.now));
                auto const status = reader.next();
                if (status && status->head_temperature && ++hot == 10)
                    rehearsal.simulator.strike({}, rehearsal.now);
                input = Heard{status, Flow::Running};
            }
        }
        CHECK(hot == 10);
    }

    TEST_CASE(
        "while the printer asks to wait, not a byte is sent, and the ticket comes out whole") {
        Rehearsal rehearsal{.simulator = Simulator{{.buffer_size = 2048}}};
        rehearsal.simulator.strike(
            {.fault = SimulatedFault::Xoff, .after_lines = 3, .lasting = 20s}, rehearsal.now);
        auto const begin = rehearsal.now;
        CHECK(rehearsal.run(Task::Print, tests::receipt()).result.outcome == Outcome::Presented);
        CHECK(rehearsal.now - begin > 20s);
        CHECK(rehearsal.bytes_while_stopped == 0);
        CHECK(rehearsal.simulator.overrun() == 0);
    }

    TEST_CASE("a buffer smaller than the document is filled without a byte lost") {
        Rehearsal rehearsal{.simulator = Simulator{{.buffer_size = 2048}}};
        Document document;
        for (int line = 0; line < 300; ++line)
            document.blocks.emplace_back(TextLine{.text = std::string(42, 'W')});
        CHECK(rehearsal.run(Task::Print, document).result.outcome == Outcome::Presented);
        CHECK(rehearsal.simulator.overrun() == 0);
        CHECK(rehearsal.bytes_while_stopped == 0);
        CHECK(lines_of(rehearsal.simulator.tickets()[0]).size() == 300);
    }

    TEST_CASE("one lost answer is asked for again and harms nothing") {
        Rehearsal rehearsal;
        rehearsal.simulator.strike(
            {.fault = SimulatedFault::LostStatus, .after_lines = 4, .lasting = 300ms},
            rehearsal.now);
        CHECK(rehearsal.run(Task::Print, tests::receipt()).result.outcome == Outcome::Presented);
    }
}
