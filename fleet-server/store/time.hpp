#pragma once

#include <chrono>
#include <cstdint>

namespace fleet {

/// A moment, UTC, to the millisecond. Business functions are given `now`; only app/ asks a clock.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] constexpr std::int64_t to_ms(UtcTime time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr UtcTime from_ms(std::int64_t ms) {
    return UtcTime{std::chrono::milliseconds{ms}};
}

} // namespace fleet
