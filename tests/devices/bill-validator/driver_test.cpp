#include "devices/bill-validator/driver.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "devices/bill-validator/simulator.hpp"
#include "devices/line/memory_line.hpp"
#include "devices/line/pty_pair.hpp"
#include "devices/line/serial_line.hpp"
#include "tests/support/run_for.hpp"

namespace asio = boost::asio;
namespace bv = devices::bill_validator;
using bv::Insertion;
using bv::LineFault;
using bv::Obstacle;
using bv::PowerCutMoment;
using namespace std::chrono_literals;
using protocol::rub;
using tests::run_until;

namespace {

/// A hundred times faster than a real validator, answers still within the wait for them.
bv::Settings fast_session() {
    return {
        {},
        {.reply_within = 150ms,
         .table_within = 150ms,
         .poll_every = 2ms,
         .poll_every_at_rest = 2ms,
         .free_after_acknowledge = 1ms,
         .retry_after = 2ms,
         .reset_settles = 5ms,
         .recover_after = 20ms,
         .hold_after = 40ms}};
}
bv::SimulatorSettings fast_validator() {
    return {
        .times = {
            .accepting = 12ms,
            .escrow = 5000ms,
            .stacking = 9ms,
            .returning = 9ms,
            .rejecting = 9ms,
            .cheated = 10ms,
            .initializing = 30ms,
            .powered_off = 30ms,
            .delayed_byte = 10ms}};
}

/// Takes every note unless told otherwise, and keeps count.
class Cashier final : public bv::Listener {
public:
    explicit Cashier(bv::Session& session) : session_{session} {}

    asio::awaitable<void> on_bill_event(bv::Event event) override {
        if (auto const* ready = std::get_if<bv::ValidatorReady>(&event))
            model = ready->model;
        if (std::holds_alternative<bv::NoteEscrowed>(event) && verdict)
            session_.decide(*verdict);
        if (auto const* stacked = std::get_if<bv::NoteStacked>(&event))
            ++credited[stacked->value.minor()];
        if (auto const* rejected = std::get_if<bv::NoteRejected>(&event))
            rejections.push_back(rejected->reason);
        if (auto const* trouble = std::get_if<bv::ValidatorTrouble>(&event))
            troubles.push_back(trouble->trouble);
        if (std::holds_alternative<bv::ValidatorWell>(event))
            ++times_well;
        if (std::holds_alternative<bv::ValidatorAtRest>(event))
            ++times_at_rest;
        if (on_event)
            on_event(event);
        co_return;
    }

    std::optional<bv::Decision> verdict = bv::Decision::Stack;
    std::string model;
    std::map<std::int64_t, int> credited;
    std::vector<std::uint8_t> rejections;
    std::vector<bv::Trouble> troubles;
    int times_well = 0;
    int times_at_rest = 0;
    std::function<void(bv::Event const&)> on_event;

private:
    bv::Session& session_;
};

/// A driver and a simulator on the two ends of a line, on one thread.
struct Bench {
    explicit Bench(bv::SimulatorSettings settings = fast_validator())
        : simulator{io.get_executor(), *ends.right, std::move(settings)} {
        session.accept_notes(true);
        asio::co_spawn(io, simulator.run(), [](std::exception_ptr) {});
        asio::co_spawn(io, bv::drive(*ends.left, session, cashier), [](std::exception_ptr) {});
    }

    void change(std::function<void(bv::SimulatedValidator&, bv::TimePoint)> action) {
        bool done = false;
        simulator.use([&](bv::SimulatedValidator& validator, bv::TimePoint now) {
            action(validator, now);
            done = true;
        });
        run_until(io, [&] { return done; });
    }
    std::map<std::int64_t, int> stacked() {
        std::map<std::int64_t, int> counts;
        change([&](bv::SimulatedValidator& validator, bv::TimePoint) {
            counts = validator.stacked();
        });
        return counts;
    }
    /// Looks at the validator every now and then until the condition holds.
    template <class Condition>
    void wait_until(Condition const& condition) {
        bool holds = false;
        auto const deadline = std::chrono::steady_clock::now() + 20s;
        while (!holds && std::chrono::steady_clock::now() < deadline) {
            change([&](bv::SimulatedValidator& validator, bv::TimePoint) {
                holds = condition(validator);
            });
            asio::steady_timer timer{io, 2ms};
            bool expired = false;
            timer.async_wait([&](boost::system::error_code) { expired = true; });
            run_until(io, [&] { return expired; });
        }
        REQUIRE(holds);
    }
    void wait_until_notes_are_taken() {
        wait_until([](bv::SimulatedValidator& validator) { return validator.would_take_note(); });
    }
    Insertion insert(protocol::Money value) {
        wait_until_notes_are_taken();
        std::optional<Insertion> outcome;
        simulator.insert_note(value, [&](Insertion what) { outcome = what; });
        run_until(io, [&] { return outcome.has_value(); });
        return *outcome;
    }
    /// Until the validator was told at rest once more: what is credited by then is all there is.
    void wait_for_rest() {
        wait_until_notes_are_taken();
        int const before = cashier.times_at_rest;
        change(
            [](bv::SimulatedValidator& validator, bv::TimePoint now) { validator.cut_power(now); });
        run_until(io, [&] { return cashier.times_at_rest > before; });
    }
    void check_credited_is_stacked(int notes) {
        wait_for_rest();
        int count = 0;
        for (auto const& [value, times] : stacked())
            count += times;
        CHECK(count == notes);
        CHECK(cashier.credited == stacked());
    }

    asio::io_context io{1};
    devices::MemoryLine::Pair ends{devices::MemoryLine::make_pair(io.get_executor())};
    bv::Session session{fast_session()};
    Cashier cashier{session};
    bv::Simulator simulator;
};

} // namespace

TEST_SUITE("bill validator driver") {
    TEST_CASE("notes of every value are stacked and credited") {
        Bench bench;
        for (auto const& bill : bv::rouble_bill_table())
            CHECK(bench.insert(bill.value) == Insertion::Stacked);
        bench.check_credited_is_stacked(8);
        CHECK(bench.cashier.model == "SM-RU1353");
    }

    TEST_CASE("a note is given back when the listener says so") {
        Bench bench;
        bench.cashier.verdict = bv::Decision::Return;
        CHECK(bench.insert(rub(500'00)) == Insertion::Returned);
        bench.check_credited_is_stacked(0);
    }

    TEST_CASE(
        "a listener that never decides keeps the note by HOLD for a while, then it goes back") {
        auto settings = fast_validator();
        settings.times.escrow = 1000ms;
        Bench bench{std::move(settings)};
        bench.cashier.verdict.reset();
        auto const start = std::chrono::steady_clock::now();
        CHECK(bench.insert(rub(500'00)) == Insertion::Returned);
        // Five HOLDs of at least 40 ms each, and the validator's own time after the last.
        CHECK(std::chrono::steady_clock::now() - start >= 5 * 40ms + 1000ms);
        bench.check_credited_is_stacked(0);
    }

    TEST_CASE("a disabled validator takes no note") {
        Bench bench;
        bench.wait_until_notes_are_taken();
        bench.session.accept_notes(false);
        bench.wait_until([](bv::SimulatedValidator& validator) { return !validator.is_enabled(); });
        std::optional<Insertion> outcome;
        bench.simulator.insert_note(rub(100'00), [&](Insertion what) { outcome = what; });
        run_until(bench.io, [&] { return outcome.has_value(); });
        CHECK(*outcome == Insertion::NotTaken);
    }

    TEST_CASE("notes stacked are notes credited when the validator loses power at each moment") {
        struct Example {
            PowerCutMoment moment;
            Insertion outcome;
        };
        for (auto const& example : {
                 Example{PowerCutMoment::Accepting, Insertion::Returned},
                 Example{PowerCutMoment::Escrow, Insertion::Returned},
                 Example{PowerCutMoment::StackAcknowledged, Insertion::Returned},
                 Example{PowerCutMoment::Stacking, Insertion::Stacked},
                 Example{PowerCutMoment::StackedBeforeAck, Insertion::Stacked},
                 Example{PowerCutMoment::StackedAfterAck, Insertion::Stacked},
             }) {
            CAPTURE(static_cast<int>(example.moment));
            Bench bench;
            bench.change([&](bv::SimulatedValidator& validator, bv::TimePoint) {
                validator.cut_power_at(example.moment);
            });
            CHECK(bench.insert(rub(500'00)) == example.outcome);
            CHECK(bench.insert(rub(500'00)) == Insertion::Stacked);
            bench.check_credited_is_stacked(example.outcome == Insertion::Stacked ? 2 : 1);
        }
    }

    TEST_CASE("notes stacked are notes credited with each fault of the line") {
        for (auto const fault :
             {LineFault::MissCommand,
              LineFault::LoseReply,
              LineFault::CorruptReply,
              LineFault::RefuseCommand,
              LineFault::DelayByte}) {
            CAPTURE(static_cast<int>(fault));
            Bench bench;
            for (int const times : {1, 1, 2}) {
                bench.wait_until_notes_are_taken();
                bench.change([&](bv::SimulatedValidator& validator, bv::TimePoint) {
                    validator.inject(fault, times);
                });
                CHECK(bench.insert(rub(100'00)) == Insertion::Stacked);
            }
            bench.check_credited_is_stacked(3);
        }
    }

    TEST_CASE("each obstacle is told, and the note that it stopped is credited when it is gone") {
        struct Example {
            Obstacle obstacle;
            std::optional<bv::Trouble> trouble;
        };
        for (auto const& example : {
                 Example{Obstacle::StackerFull, bv::Trouble::StackerFull},
                 Example{Obstacle::StackerRemoved, bv::Trouble::StackerRemoved},
                 Example{Obstacle::Jammed, bv::Trouble::Jammed},
                 Example{Obstacle::StackerJammed, bv::Trouble::StackerJammed},
                 Example{Obstacle::SecondNote, std::nullopt},
                 Example{Obstacle::Failed, bv::Trouble::Failure},
             }) {
            CAPTURE(static_cast<int>(example.obstacle));
            Bench bench;
            bool is_hindered = false;
            bench.cashier.on_event = [&](bv::Event const& event) {
                if (!std::holds_alternative<bv::NoteEscrowed>(event) || is_hindered)
                    return;
                is_hindered = true;
                bench.simulator.use([&](bv::SimulatedValidator& validator, bv::TimePoint now) {
                    validator.set_obstacle(example.obstacle, now);
                });
                // While it lasts the driver goes on asking.
                bench.simulator.use([&](bv::SimulatedValidator&, bv::TimePoint) {});
            };
            bench.wait_until_notes_are_taken();
            std::optional<Insertion> outcome;
            bench.simulator.insert_note(rub(500'00), [&](Insertion what) { outcome = what; });
            run_until(bench.io, [&] {
                return is_hindered && (!example.trouble || !bench.cashier.troubles.empty());
            });
            bench.change([](bv::SimulatedValidator& validator, bv::TimePoint now) {
                validator.set_obstacle(Obstacle::None, now);
            });
            run_until(bench.io, [&] { return outcome.has_value(); });
            CHECK(*outcome == Insertion::Stacked);
            bench.check_credited_is_stacked(1);
            if (example.trouble) {
                CHECK(bench.cashier.troubles.front() == *example.trouble);
                CHECK(bench.cashier.times_well >= 1);
            }
        }
    }

    TEST_CASE("each reason to reject a note is told") {
        Bench bench;
        std::vector<std::uint8_t> const reasons{
            0x60,
            0x61,
            0x62,
            0x63,
            0x64,
            0x65,
            0x66,
            0x67,
            0x68,
            0x69,
            0x6A,
            0x6C,
            0x6D,
            0x92,
            0x93,
            0x94,
            0x95};
        for (auto const reason : reasons) {
            // A busy machine may not poll while it is being rejected: then the note is tried again.
            auto const told = bench.cashier.rejections.size();
            for (int attempt = 0; bench.cashier.rejections.size() == told; ++attempt) {
                REQUIRE(attempt < 20);
                bench.change([&](bv::SimulatedValidator& validator, bv::TimePoint) {
                    validator.reject_next(reason);
                });
                CHECK(bench.insert(rub(500'00)) == Insertion::Rejected);
                bench.wait_until_notes_are_taken();
            }
        }
        bench.check_credited_is_stacked(0);
        CHECK(bench.cashier.rejections == reasons);
    }

    TEST_CASE("a line that breaks is told once, and its mending too") {
        Bench bench;
        CHECK(bench.insert(rub(500'00)) == Insertion::Stacked);
        bench.change([](bv::SimulatedValidator& validator, bv::TimePoint) {
            validator.inject(LineFault::MissCommand, 10);
        });
        run_until(bench.io, [&] { return bench.cashier.times_well == 1; });
        CHECK(bench.cashier.troubles == std::vector{bv::Trouble::LineLost});
        CHECK(bench.insert(rub(500'00)) == Insertion::Stacked);
        bench.check_credited_is_stacked(2);
    }

    TEST_CASE("the driver ends when it is cancelled, whatever it waits for") {
        for (int turns = 1; turns < 60; turns += 7) {
            asio::io_context io{1};
            auto const ends = devices::MemoryLine::make_pair(io.get_executor());
            bv::Simulator simulator{io.get_executor(), *ends.right, fast_validator()};
            bv::Session session{fast_session()};
            Cashier cashier{session};
            asio::cancellation_signal stop;
            bool has_ended = false;
            asio::co_spawn(io, simulator.run(), [](std::exception_ptr) {});
            asio::co_spawn(
                io,
                bv::drive(*ends.left, session, cashier),
                asio::bind_cancellation_slot(
                    stop.slot(), [&](std::exception_ptr) { has_ended = true; }));
            for (int turn = 0; turn < turns; ++turn)
                io.run_one_for(1s);
            stop.emit(asio::cancellation_type::terminal);
            run_until(io, [&] { return has_ended; });
        }
    }

    TEST_CASE("a simulator on a pty serves a driver on its serial port, and survives its death") {
        asio::io_context io{1};
        auto const pty = devices::PtyPair::open(io.get_executor());
        REQUIRE(pty);
        bv::Simulator simulator{io.get_executor(), **pty, fast_validator()};
        asio::co_spawn(io, simulator.run(), [](std::exception_ptr) {});
        for (int life = 1; life <= 3; ++life) {
            auto line = devices::SerialLine::open(io.get_executor(), (*pty)->path(), {});
            REQUIRE(line);
            bv::Session session{fast_session()};
            session.accept_notes(true);
            Cashier cashier{session};
            asio::cancellation_signal death;
            bool is_dead = false;
            asio::co_spawn(
                io,
                bv::drive(**line, session, cashier),
                asio::bind_cancellation_slot(
                    death.slot(), [&](std::exception_ptr) { is_dead = true; }));
            // From another thread, as a program with its own server does it.
            run_until(io, [&] { return cashier.times_at_rest > 0; });
            std::optional<Insertion> outcome = Insertion::NotTaken;
            while (outcome == Insertion::NotTaken) {
                outcome.reset();
                std::thread customer{[&] {
                    simulator.insert_note(rub(2000'00), [&](Insertion what) { outcome = what; });
                }};
                customer.join();
                run_until(io, [&] { return outcome.has_value(); });
            }
            CHECK(*outcome == Insertion::Stacked);
            run_until(io, [&] { return !cashier.credited.empty(); });
            CHECK(cashier.credited == std::map<std::int64_t, int>{{2000'00, 1}});
            death.emit(asio::cancellation_type::terminal);
            run_until(io, [&] { return is_dead; });
        }
    }
}
