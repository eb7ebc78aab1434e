#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <unordered_set>

#include "fleet-server/store/sha256.hpp"
#include "tests/fleet-server/crash/books_day.hpp"
#include "tests/support/power_cuts.hpp"

using namespace fleet;
using namespace fleet::crash;
using kiosk::test::Leftover;
using kiosk::test::PowerCuts;

namespace {

/// A plain run looks at so many; `./run test --power-cuts N` at more.
std::size_t states_wanted(std::size_t by_default) {
    char const* const wanted = std::getenv("KIOSK_POWER_CUTS"); // NOLINT(concurrency-mt-unsafe)
    return wanted == nullptr ? by_default : std::strtoull(wanted, nullptr, 10);
}

std::string fingerprint(CrashDisk::Image const& image) {
    protocol::Bytes all;
    for (auto const& [name, bytes] : image) {
        all.insert(all.end(), name.begin(), name.end());
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    auto const hash = store::sha256(all);
    return {hash.begin(), hash.end()};
}

struct Findings {
    std::size_t states = 0; ///< Different disks that were looked at.
    std::size_t wrong = 0;
    std::string first;
};

/// Every moment of the day, every kind of leftover, as many random ones as are wanted in all, until
/// so many are wrong.
Findings cut_everywhere(Day const& day, std::size_t wanted, std::size_t wrong_enough) {
    Findings findings;
    std::unordered_set<std::string> seen;
    std::size_t const rounds = 1 + wanted / (day.history.size() * kiosk::test::leftover_kinds);
    PowerCuts cuts{day.before, day.history};
    std::mt19937_64 random{20261127};
    do {
        if (findings.wrong >= wrong_enough)
            break;
        for (std::size_t n = 0; n < rounds * kiosk::test::leftover_kinds; ++n) {
            auto const kind = static_cast<Leftover>(n % kiosk::test::leftover_kinds);
            auto const left = cuts.left(kind, random);
            // What was promised belongs to the state: the same disk may be too little later.
            auto const promised = day.promised_by(cuts.events());
            if (!seen.insert(fingerprint(left) + std::to_string(promised)).second)
                continue;
            ++findings.states;
            auto const wrong = what_is_wrong(day, left, promised);
            if (!wrong)
                continue;
            if (++findings.wrong == 1)
                findings.first = "after event " + std::to_string(cuts.events()) + ", leftover " +
                                 std::to_string(n % kiosk::test::leftover_kinds) + ": " + *wrong;
        }
    } while (cuts.advance());
    return findings;
}

} // namespace

TEST_SUITE("books without power") {
    TEST_CASE("whatever a power cut leaves of the disk, nothing acknowledged is lost or doubled") {
        Day const day = live_a_day(true);
        auto const findings = cut_everywhere(day, states_wanted(2'000), 1);
        MESSAGE(
            findings.states << " different disks after a cut at each of " << day.history.size()
                            << " operations");
        INFO(findings.first);
        CHECK(findings.states > day.history.size());
        CHECK(findings.wrong == 0);
    }

    TEST_CASE("the same search finds the loss that synchronous=NORMAL would bring") {
        Day const day = live_a_day(false);
        auto const findings = cut_everywhere(day, 1, 50);
        MESSAGE(findings.wrong << " of " << findings.states << " disks: " << findings.first);
        CHECK(findings.wrong > 0);
    }
}
