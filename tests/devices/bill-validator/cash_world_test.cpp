#include "tests/devices/bill-validator/cash_world.hpp"

#include <doctest/doctest.h>

using tests::CashWorld;
using tests::Mischief;
using tests::Mistake;
namespace bv = devices::bill_validator;

namespace {

constexpr Mischief everything{
    .host_deaths = 6,
    .power_cuts = 2,
    .armed_cuts = 10,
    .line_faults = 40,
    .outages = 2,
    .obstacles = 5,
    .rejections = 50,
    .listener_dithers = true,
};

/// How many tellings the journal recognised as repeats.
int check_that_every_note_is_counted_once(
    std::uint64_t seed, Mischief const& mischief, bv::SimulatorSettings settings = {}) {
    CAPTURE(seed);
    constexpr int notes = 20;
    CashWorld world{seed, mischief, Mistake::None, std::move(settings)};
    world.live(notes);
    CHECK(world.notes_settled() == notes);
    CHECK(world.is_at_rest());
    CHECK_FALSE(world.journal().intended);
    CHECK(world.journal().credited == world.validator().stacked());
    CHECK(world.journal().unassigned == 0);
    return world.journal().repeats;
}

/// How many of so many worlds end with other counts than the stacker's.
int worlds_that_differ(Mistake mistake, Mischief const& mischief) {
    constexpr int worlds = 60;
    int differ = 0;
    for (int seed = 1; seed <= worlds; ++seed) {
        CashWorld world{static_cast<std::uint64_t>(seed), mischief, mistake};
        world.live(20);
        if (world.journal().credited != world.validator().stacked())
            ++differ;
    }
    return differ;
}

} // namespace

TEST_SUITE("cash under mischief") {
    TEST_CASE("with no mischief each of twenty notes is stacked and credited") {
        CashWorld world{1, {}};
        world.live(20);
        int stacked = 0;
        for (auto const& [value, count] : world.validator().stacked())
            stacked += count;
        CHECK(stacked == 20);
        CHECK(world.journal().credited == world.validator().stacked());
        CHECK(world.journal().repeats == 0);
    }

    TEST_CASE("notes stacked are notes credited, when the host dies at random") {
        int repeats = 0;
        for (std::uint64_t seed = 1; seed <= 40; ++seed)
            repeats += check_that_every_note_is_counted_once(seed, {.host_deaths = 20});
        CHECK(repeats > 0); // It did die between the journal and the acknowledgement.
    }

    TEST_CASE("notes stacked are notes credited, when the validator loses power at every moment") {
        for (std::uint64_t seed = 1; seed <= 40; ++seed)
            check_that_every_note_is_counted_once(seed, {.power_cuts = 5, .armed_cuts = 30});
    }

    TEST_CASE("notes stacked are notes credited, when the line garbles, loses, delays and breaks") {
        for (std::uint64_t seed = 1; seed <= 40; ++seed)
            check_that_every_note_is_counted_once(seed, {.line_faults = 150, .outages = 5});
    }

    TEST_CASE(
        "notes stacked are notes credited, when the mechanism jams and people fiddle with it") {
        for (std::uint64_t seed = 1; seed <= 40; ++seed)
            check_that_every_note_is_counted_once(
                seed, {.obstacles = 20, .rejections = 100, .listener_dithers = true});
    }

    TEST_CASE("notes stacked are notes credited, whatever happens, in any order") {
        for (std::uint64_t seed = 1; seed <= 150; ++seed)
            check_that_every_note_is_counted_once(seed, everything);
    }

    TEST_CASE(
        "notes stacked are notes credited by firmware that repeats itself or is lax with ACK") {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            check_that_every_note_is_counted_once(
                seed, everything, {.times = {}, .repeats_after_acknowledge = 3});
            check_that_every_note_is_counted_once(
                seed, everything, {.times = {}, .takes_any_acknowledge = true});
        }
    }

    TEST_CASE("notes stacked are notes credited, whatever one thing happens at whatever step") {
        std::vector<std::function<void(CashWorld&)>> blows{
            [](CashWorld& world) { world.die(); },
            [](CashWorld& world) { world.cut_power(); },
            [](CashWorld& world) {
                world.cut_power();
                world.die();
            },
        };
        for (auto const fault :
             {bv::LineFault::MissCommand,
              bv::LineFault::LoseReply,
              bv::LineFault::CorruptReply,
              bv::LineFault::RefuseCommand,
              bv::LineFault::DelayByte})
            blows.emplace_back([fault](CashWorld& world) { world.spoil_line(fault); });

        CashWorld undisturbed{7, {}};
        undisturbed.live(2);
        for (std::size_t blow = 0; blow < blows.size(); ++blow) {
            for (int step = 1; step <= undisturbed.rest_step(); ++step) {
                CAPTURE(blow);
                CAPTURE(step);
                CashWorld world{7, {}};
                world.strike_at(step, blows[blow]);
                world.live(2);
                CHECK(world.notes_settled() == 2);
                CHECK_FALSE(world.journal().intended);
                CHECK(world.journal().credited == world.validator().stacked());
                CHECK(world.journal().unassigned == 0);
                CHECK(world.is_at_rest());
            }
        }
    }

    // The world can tell right from wrong: each of these mistakes loses or doubles money in it.
    TEST_CASE("acknowledging before the journal has the note loses it when the host dies") {
        CHECK(worlds_that_differ(Mistake::AcknowledgeBeforeJournal, {.host_deaths = 20}) > 0);
    }

    TEST_CASE("RESET before the first POLL loses a note that was not yet told") {
        CHECK(worlds_that_differ(Mistake::ResetBeforePoll, {.host_deaths = 20}) > 0);
    }

    TEST_CASE("crediting each telling doubles a note when the host dies") {
        CHECK(worlds_that_differ(Mistake::CreditEveryTelling, {.host_deaths = 20}) > 0);
    }

    TEST_CASE("crediting what is only in escrow invents money") {
        CHECK(worlds_that_differ(Mistake::CreditAtEscrow, {.power_cuts = 5}) > 0);
    }
}
