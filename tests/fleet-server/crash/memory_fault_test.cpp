#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdint>

#include "tests/fleet-server/crash/books_day.hpp"

using namespace fleet;
using namespace fleet::crash;

namespace {

/// SQLite's own memory, which refuses once when the countdown is over. SQLite asks for it by plain
/// functions, so the countdown stands where they can see it.
struct Countdown {
    std::int64_t left = -1; ///< Below zero: nothing is refused.
    bool has_refused = false;
};
Countdown& countdown() {
    static Countdown one;
    return one;
}

sqlite3_mem_methods& usual() {
    static sqlite3_mem_methods one;
    return one;
}

bool refuses() {
    auto& count = countdown();
    if (count.left < 0 || count.left-- > 0)
        return false;
    count.has_refused = true;
    return true;
}
void* allocate(int size) {
    return refuses() ? nullptr : usual().xMalloc(size);
}
void* resize(void* memory, int size) {
    return refuses() ? nullptr : usual().xRealloc(memory, size);
}

/// While it stands, SQLite's memory is the one above. No database may be open at its ends.
class ScarceMemory {
public:
    ScarceMemory() {
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual());
        sqlite3_mem_methods scarce = usual();
        scarce.xMalloc = allocate;
        scarce.xRealloc = resize;
        REQUIRE(sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK);
        sqlite3_initialize();
    }
    ScarceMemory(ScarceMemory const&) = delete;
    ScarceMemory& operator=(ScarceMemory const&) = delete;
    ~ScarceMemory() {
        countdown() = {};
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_MALLOC, &usual());
        sqlite3_initialize();
    }
};

} // namespace

TEST_SUITE("books without memory") {
    TEST_CASE("whichever allocation fails, a batch is taken whole and told, or not at all") {
        ScarceMemory const memory;
        Day const day = live_a_day(true);
        int refusals = 0;
        bool was_refused = true;
        for (std::int64_t n = 0; was_refused; ++n) {
            INFO("allocation " << n);
            CrashDisk::Image left;
            std::uint64_t acknowledged = 0;
            {
                CrashDisk disk;
                disk.load(day.before);
                auto store = require(store::Store::open(day.file));
                intake::Intake intake;
                countdown() = {n, false};
                auto const answer = store.write([&](store::Transaction& t) {
                    return intake.accept(
                        t, {17, 1}, day.kiosk.batch(1, 3), from_ms(intake::story_ms));
                });
                was_refused = countdown().has_refused;
                countdown() = {};
                if (answer && *answer)
                    acknowledged = (*answer)->sequence();
                left = disk.image();
            }
            refusals += was_refused ? 1 : 0;
            auto const wrong = what_is_wrong(day, left, acknowledged);
            CHECK_MESSAGE(!wrong, wrong.value_or(""));
        }
        MESSAGE(refusals << " allocations failed, one at a time");
        CHECK(refusals > 100);
    }
}
