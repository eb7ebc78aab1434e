#pragma once

#include <chrono>
#include <string>

#include "fleet-server/store/time.hpp"

/// The collection day: from one cut to the next, named by the date on which it began. Pure.
namespace fleet::app {

/// `zone` is what is added to UTC.
[[nodiscard]] std::chrono::sys_days day_of(
    UtcTime at, std::chrono::minutes zone, std::chrono::minutes cut);
/// The first moment of the next day.
[[nodiscard]] UtcTime next_cut(UtcTime at, std::chrono::minutes zone, std::chrono::minutes cut);
/// "2010-02-05"
[[nodiscard]] std::string iso_date(std::chrono::sys_days day);

} // namespace fleet::app
