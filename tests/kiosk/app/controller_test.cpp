#include "kiosk/app/controller.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "protocol/wire/kiosk.pb.h"
#include "tests/kiosk/app/world.hpp"

using namespace kiosk;
using namespace kiosk::app;
using namespace kiosk::app::test;

namespace {

std::int64_t total(payment::NoteCounts const& notes) {
    std::int64_t sum = 0;
    for (auto const& row : notes)
        sum += row.value.minor() * row.count;
    return sum;
}

struct Recorded {
    int payments = 0;
    std::int64_t in_payments = 0;
    std::int64_t unassigned = 0;
};

/// What the server will get, read from the bytes that it gets.
Recorded recorded_in(journal::Journal const& journal) {
    Recorded recorded;
    for (auto const& payload : journal.after(0, 1'000, 1'000'000)) {
        protocol::wire::Record record;
        REQUIRE(record.ParseFromArray(payload.data(), static_cast<int>(payload.size())));
        if (record.has_payment()) {
            ++recorded.payments;
            auto const& payment = record.payment();
            recorded.in_payments += payment.cash();
            std::int64_t notes = 0;
            for (auto const& row : payment.notes())
                notes += row.value() * row.count();
            CHECK(notes == payment.cash());
            CHECK(payment.fee() + payment.credited() + payment.change() == payment.cash());
        } else {
            for (auto const& row : record.unassigned_cash().notes())
                recorded.unassigned += row.value() * row.count();
        }
    }
    return recorded;
}

/// The story: a bill, four notes, finish.
void pay(World& world) {
    world.boot();
    world.scan_and_pay();
    for (std::int64_t const roubles : {2000, 2000, 500, 100})
        world.insert(roubles);
    world.tell(payment::Touched{payment::Action::Finish});
    world.pass(world.rules.done_shown);
}

/// The same after the power came back, by a resident who only waits: nobody touches anything.
void wait_for_the_end(World& world) {
    world.boot();
    for (int minute = 0; minute < 10; ++minute)
        world.pass(std::chrono::minutes{1});
}

} // namespace

TEST_SUITE("controller") {
    TEST_CASE("a whole payment: four notes, one record, one receipt, and home again") {
        World world;
        pay(world);
        CHECK(world.phase() == "idle");
        CHECK(world.faults == 0);
        auto const recorded = recorded_in(*world.journal);
        CHECK(recorded.payments == 1);
        CHECK(recorded.in_payments == 460'000);
        CHECK(world.validator.stacker == world.journal->stacker());
        REQUIRE(world.printer.papers.size() == 1);
        CHECK(world.printer.papers[0].sequence == 1);
        CHECK_FALSE(world.printer.papers[0].copy);
    }

    TEST_CASE("the power may go after any effect: each note is recorded once, in one payment") {
        int const effects = [] {
            World world;
            pay(world);
            return world.effects;
        }();
        REQUIRE(effects > 20);
        for (int cut = 1; cut <= effects; ++cut) {
            for (unsigned seed = 0; seed < 3; ++seed) {
                INFO("power cut after effect " << cut << ", seed " << seed);
                World world;
                std::mt19937_64 random{seed};
                world.power_for = cut;
                try {
                    pay(world);
                    FAIL("the power did not go");
                } catch (PowerCut const&) {
                    world.power_for.reset();
                }
                world.lose_power(random);
                wait_for_the_end(world);

                CHECK(world.phase() == "idle");
                CHECK(world.faults == 0);
                CHECK(world.journal->verify());
                auto const recorded = recorded_in(*world.journal);
                CHECK(world.journal->stacker() == world.validator.stacker);
                CHECK(recorded.in_payments == total(world.validator.stacker));
                CHECK(recorded.unassigned == 0);
                CHECK(recorded.payments == (world.validator.stacker.empty() ? 0 : 1));
                // Whoever paid has at least one paper, and only one that is no copy.
                int originals = 0;
                for (auto const& paper : world.printer.papers)
                    originals += paper.copy ? 0 : 1;
                CHECK(originals <= 1);
                CHECK(world.printer.papers.empty() == world.validator.stacker.empty());
            }
        }
    }

    TEST_CASE("the power may go twice: while the first cut is being mended, too") {
        std::mt19937_64 random{7};
        for (int round = 0; round < 150; ++round) {
            INFO("round " << round);
            World world;
            bool first = true;
            for (int life = 0; life < 4; ++life) {
                world.power_for = world.effects + 1 + static_cast<int>(random() % 14);
                if (life == 3)
                    world.power_for.reset();
                try {
                    if (first)
                        pay(world);
                    else
                        wait_for_the_end(world);
                    first = false;
                } catch (PowerCut const&) {
                    first = false;
                }
                if (life < 3)
                    world.lose_power(random);
            }
            auto const recorded = recorded_in(*world.journal);
            CHECK(world.phase() == "idle");
            CHECK(world.journal->stacker() == world.validator.stacker);
            CHECK(recorded.in_payments + recorded.unassigned == total(world.validator.stacker));
            CHECK(recorded.payments <= 1);
        }
    }

    TEST_CASE("a day of residents and power cuts loses, doubles and invents nothing") {
        for (unsigned seed = 1; seed <= 25; ++seed) {
            INFO("seed " << seed);
            std::mt19937_64 random{seed};
            World world;
            world.boot();
            for (int moment = 0; moment < 150; ++moment) {
                world.power_for =
                    random() % 6 == 0
                        ? std::optional<int>{world.effects + 1 + static_cast<int>(random() % 6)}
                        : std::nullopt;
                try {
                    switch (random() % 8) {
                    case 0: world.scan_and_pay(); break;
                    case 1: world.tell(payment::Touched{payment::Action::Finish}); break;
                    case 2: world.tell(payment::Touched{payment::Action::Cancel}); break;
                    case 3: world.pass(std::chrono::seconds{random() % 100}); break;
                    case 4:
                        world.printer.works = random() % 3 != 0;
                        world.tell(payment::PrinterHealth{world.printer.works});
                        break;
                    case 5: world.tell(payment::LinkChanged{random() % 2 == 0}); break;
                    default: world.insert(random() % 2 == 0 ? 500 : 2000); break;
                    }
                } catch (PowerCut const&) {
                    world.power_for.reset();
                    world.lose_power(random);
                    world.boot();
                }
            }
            world.power_for.reset();
            world.pass(1h);
            world.pass(1h);
            auto const recorded = recorded_in(*world.journal);
            CHECK(world.journal->verify());
            CHECK(world.journal->stacker() == world.validator.stacker);
            CHECK(recorded.in_payments + recorded.unassigned == total(world.validator.stacker));
        }
    }

    TEST_CASE("a disk that refuses the intent gives the note back and stops taking money") {
        World world;
        world.boot();
        world.scan_and_pay();
        world.insert(500);
        world.disk.refuse_at(0, SQLITE_FULL);
        world.insert(100);
        CHECK(world.phase() == "broken");
        CHECK(world.validator.where == FakeValidator::Where::Nowhere);
        CHECK(total(world.validator.stacker) == 50'000);
        CHECK_FALSE(payment::takes_notes(world.controller->state()));

        std::mt19937_64 random{1};
        world.lose_power(random);
        wait_for_the_end(world);
        CHECK(recorded_in(*world.journal).in_payments == 50'000);
    }

    TEST_CASE("a disk that refuses the credit: the validator is not acknowledged and tells again") {
        World world;
        world.boot();
        world.scan_and_pay();
        world.validator.insert(note(500));
        world.tell(payment::NoteEscrowed{world.validator.note});
        world.disk.refuse_at(0, SQLITE_IOERR_WRITE);
        world.settle();
        CHECK(world.phase() == "broken");
        CHECK(world.validator.where == FakeValidator::Where::Stacked);

        std::mt19937_64 random{1};
        world.lose_power(random);
        wait_for_the_end(world);
        CHECK(world.journal->stacker() == world.validator.stacker);
        CHECK(recorded_in(*world.journal).in_payments == 50'000);
    }

    TEST_CASE("a recorded payment counts against the offline limits at once") {
        World world;
        pay(world);
        CHECK(world.controller->state().offline_use.count == 1);
        CHECK(world.controller->state().offline_use.total == rub(460'000));
    }

    TEST_CASE("faults are reported each time, but do not fill the journal") {
        World world;
        world.boot();
        auto const entries = world.journal->entries();
        for (int touch = 0; touch < 200; ++touch)
            world.tell(payment::Touched{payment::Action::Finish});
        CHECK(world.faults == 200);
        CHECK(world.journal->entries() == entries + faults_journalled_max);
        world.pass(1h);
        world.tell(payment::Touched{payment::Action::Finish});
        CHECK(world.journal->entries() == entries + faults_journalled_max + 1);
    }

    TEST_CASE("without a journal no money is taken, and nothing changes that") {
        World world;
        world.boot();
        world.controller.emplace(world.rules, world, world);
        world.controller->start_without_journal();
        world.scan_and_pay();
        world.pass(1h);
        CHECK(world.phase() == "broken");
        CHECK(
            payment::closed(world.controller->state(), world.now.wall) ==
            payment::Closed::JournalFailed);
    }
}
