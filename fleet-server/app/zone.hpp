#pragma once

#include <chrono>
#include <string>

#include "fleet-server/store/time.hpp"

/// Civil time of the network. The C library knows the zones; it keeps one per process.
namespace fleet::app {

/// Before the first thread is made, and once.
void choose_time_zone(std::string const& name);
/// How far the chosen zone is ahead of UTC at that moment.
[[nodiscard]] std::chrono::minutes zone_at(UtcTime at);

} // namespace fleet::app
