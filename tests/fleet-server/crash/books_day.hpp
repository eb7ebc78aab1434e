#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/fleet-server/intake/office.hpp"
#include "tests/support/crash_vfs.hpp"

/// A day of the fleet server on a disk that remembers what was asked of it, and the question
/// whether a disk that is left of it still holds all that was promised.
namespace fleet::crash {

using kiosk::test::CrashDisk;

/// What kiosk 17 had been told when so many events of the disk had happened.
struct Promise {
    std::size_t events = 0;
    std::uint64_t acknowledged = 0;
};

struct Day {
    std::string file;        ///< The database.
    CrashDisk::Image before; ///< The disk in the morning: nothing acknowledged.
    std::vector<CrashDisk::Event> history;
    std::vector<Promise> promises; ///< In the order of events.
    intake::TestKiosk kiosk;       ///< All that it ever sent.

    [[nodiscard]] std::uint64_t promised_by(std::size_t events) const;
};

/// Batches, repeats and a tidy stop in the middle, which moves the log into the database.
/// `is_synced` false: as the day would be with synchronous=NORMAL.
[[nodiscard]] Day live_a_day(bool is_synced);

/// Opens what is left, checks the books from the first entry on, sends everything once more and
/// checks again. What is wrong, or nothing.
[[nodiscard]] std::optional<std::string> what_is_wrong(
    Day const& day, CrashDisk::Image const& left, std::uint64_t acknowledged);

} // namespace fleet::crash
