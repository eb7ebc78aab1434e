#include <doctest/doctest.h>
#include <sqlite3.h>

#include <random>

#include "tests/fleet-server/crash/books_day.hpp"

using namespace fleet;
using namespace fleet::crash;

namespace {

constexpr std::size_t batch_size = 2;

/// How far a morning came on a disk that refuses its n-th operation.
struct Morning {
    std::uint64_t acknowledged = 0;
    bool was_refused = false;
    bool went_on = false; ///< Something was accepted after a commit had failed.
};

store::Outcome<protocol::Result<intake::wire::Acknowledgement, intake::wire::Refusal>> send(
    store::Store& store, intake::Intake& intake, intake::wire::Batch const& batch) {
    return store.write([&](store::Transaction& t) {
        return intake.accept(t, {17, 1}, batch, from_ms(intake::story_ms + 60'000));
    });
}

Morning live_through(CrashDisk& disk, Day const& day, std::uint64_t refused_at, int code) {
    Morning morning;
    auto store = store::Store::open(day.file);
    REQUIRE(store);
    disk.refuse_at(refused_at, code);
    intake::Intake intake;
    for (std::size_t first = 1; first < day.kiosk.size(); first += batch_size) {
        auto const answer = send(*store, intake, day.kiosk.batch(first, batch_size));
        bool const is_taken = answer && *answer;
        morning.went_on |= morning.was_refused && store->failure() && is_taken;
        morning.was_refused |= !is_taken;
        if (is_taken && !store->failure())
            morning.acknowledged = std::max(morning.acknowledged, (*answer)->sequence());
    }
    return morning;
}

} // namespace

TEST_SUITE("books on a bad disk") {
    TEST_CASE("a full disk or a failed sync stops the books, and what was told is all there") {
        Day const day = live_a_day(true);
        for (int const code : {SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE}) {
            int refusals = 0;
            for (std::uint64_t at = 0; at < 60; ++at) {
                INFO("code " << code << " at operation " << at);
                CrashDisk::Image left;
                Morning morning;
                {
                    CrashDisk disk;
                    disk.load(day.before);
                    morning = live_through(disk, day, at, code);
                    // And then the power goes, while nothing is synced that was not said to be.
                    std::mt19937_64 random{at};
                    disk.restart(random);
                    left = disk.image();
                }
                refusals += morning.was_refused ? 1 : 0;
                CHECK_FALSE(morning.went_on);
                auto const wrong = what_is_wrong(day, left, morning.acknowledged);
                CHECK_MESSAGE(!wrong, wrong.value_or(""));
            }
            CHECK(refusals > 30);
        }
    }

    TEST_CASE("a byte that turned on the disk is told of, or has changed nothing") {
        Day const day = live_a_day(true);
        CrashDisk::Image whole;
        {
            // The evening, with the log not yet moved into the database.
            CrashDisk disk;
            disk.load(day.before);
            auto store = require(store::Store::open(day.file));
            intake::Intake intake;
            auto const answer = require(send(store, intake, day.kiosk.all()));
            REQUIRE(answer);
            whole = disk.image();
        }
        std::mt19937_64 random{56042};
        int told = 0;
        for (int n = 0; n < 400; ++n) {
            auto damaged = whole;
            auto& bytes = n % 2 == 0 ? damaged.at(day.file) : damaged.at(day.file + "-wal");
            auto const place = random() % bytes.size();
            bytes[place] ^= static_cast<std::uint8_t>(1U << (random() % 8));
            // A torn end of the log reads like a power cut: its last commits count as not made.
            auto const promised = n % 2 == 0 ? day.kiosk.size() : 0;
            INFO("file " << n % 2 << ", byte " << place);
            told += what_is_wrong(day, damaged, promised) ? 1 : 0;
        }
        MESSAGE(told << " of 400 turned bits were told of, the rest lay in unused places");
        CHECK(told > 0);
    }
}
