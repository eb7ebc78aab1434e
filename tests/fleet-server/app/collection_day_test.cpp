#include "fleet-server/app/collection_day.hpp"

#include <doctest/doctest.h>

#include "fleet-server/app/zone.hpp"

using namespace fleet;
using namespace fleet::app;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::minutes moscow = 3h;

UtcTime at(std::chrono::sys_days day, std::chrono::milliseconds since) {
    return UtcTime{day} + since;
}

auto const fifth = std::chrono::sys_days{2010y / 2 / 5};

} // namespace

TEST_SUITE("collection day") {
    TEST_CASE("it begins at the cut, in the network's time") {
        CHECK(iso_date(day_of(at(fifth, 20h + 59min), moscow, 0min)) == "2010-02-05");
        CHECK(iso_date(day_of(at(fifth, 21h), moscow, 0min)) == "2010-02-06");
        CHECK(iso_date(day_of(at(fifth, 4h), moscow, 8h)) == "2010-02-04");
        CHECK(iso_date(day_of(at(fifth, 5h), moscow, 8h)) == "2010-02-05");
    }

    TEST_CASE("it ends at the next cut, which begins the next day") {
        for (std::chrono::minutes const cut : {0min, 480min, 1439min})
            for (std::chrono::milliseconds since = 0ms; since < 24h; since += 17min) {
                UtcTime const now = at(fifth, since);
                UtcTime const end = next_cut(now, moscow, cut);
                CHECK(end > now);
                CHECK(end - now <= 24h);
                CHECK(day_of(end, moscow, cut) == day_of(now, moscow, cut) + std::chrono::days{1});
                CHECK(day_of(end - 1ms, moscow, cut) == day_of(now, moscow, cut));
            }
    }

    TEST_CASE("a date has ten characters") {
        CHECK(iso_date(std::chrono::sys_days{2026y / 1 / 1}) == "2026-01-01");
    }

    TEST_CASE("the zone is the chosen one's at that moment, summer and winter") {
        choose_time_zone("Europe/Moscow");
        CHECK(zone_at(at(fifth, 0h)) == 180min);
        CHECK(zone_at(at(std::chrono::sys_days{2010y / 7 / 1}, 0h)) == 240min); // The last summers.
        CHECK(zone_at(at(std::chrono::sys_days{2026y / 7 / 1}, 0h)) == 180min);
        choose_time_zone("Asia/Vladivostok");
        CHECK(zone_at(at(std::chrono::sys_days{2026y / 1 / 1}, 0h)) == 600min);
    }
}
