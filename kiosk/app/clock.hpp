#pragma once

#include <chrono>
#include <string>

#include "kiosk/payment/states.hpp"

/// The only place where the kiosk looks at a clock.
namespace kiosk::app {

[[nodiscard]] payment::Now now();

/// Of the process's time zone (TZ), at that moment: a receipt printed in winter of a summer's
/// payment shows summer time.
[[nodiscard]] std::chrono::minutes utc_offset(payment::WallTime at);

/// "14:05", local.
[[nodiscard]] std::string clock_text(payment::WallTime at);
/// When clock_text changes next.
[[nodiscard]] std::chrono::milliseconds until_next_minute(payment::WallTime at);

/// Sets TZ for the whole process; false when the machine does not know that zone. Before any
/// thread is started.
[[nodiscard]] bool choose_time_zone(std::string const& name);

} // namespace kiosk::app
