#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <span>

#include "tests/support/crash_vfs.hpp"

/// What a disk may hold after its power was cut: worked out from what was asked of it, for every
/// moment in turn, without running the program again.
namespace kiosk::test {

/// What became of the writes that no sync had confirmed.
enum class Leftover : std::uint8_t {
    Nothing,
    Everything,
    FirstOnes, ///< In the order of writing, up to a random one.
    Scattered, ///< Each or not, in whole.
    Torn,      ///< Each sector of 512 bytes or not.
    Garbage,   ///< As torn, and a sector that was being written holds neither old nor new.
};
inline constexpr int leftover_kinds = 6;

class PowerCuts {
public:
    /// `history` must outlive this.
    PowerCuts(CrashDisk::Image before, std::span<CrashDisk::Event const> history)
        : durable_{std::move(before)}, history_{history} {}

    /// The power would go after one more event. False at the end of history.
    [[nodiscard]] bool advance();
    [[nodiscard]] std::size_t events() const { return next_; }
    /// How many writes and removals no sync has confirmed.
    [[nodiscard]] std::size_t unconfirmed() const { return pending_.size(); }
    [[nodiscard]] CrashDisk::Image left(Leftover leftover, std::mt19937_64& random) const;

private:
    CrashDisk::Image durable_;
    std::span<CrashDisk::Event const> history_;
    std::size_t next_ = 0;
    std::deque<std::size_t> pending_; ///< Places in history.
};

} // namespace kiosk::test
