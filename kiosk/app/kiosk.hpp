#pragma once

#include "kiosk/config/config.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace kiosk::app {

/// Why kioskd ended, in the words of its exit code (docs/interfaces.md).
enum class Ending : std::uint8_t {
    Done = 0,
    Failed = 1,
    WrongCommand = 2,
    WrongConfiguration = 3,
    CannotOpen = 4,
};

struct Refusal {
    Ending ending = Ending::Failed;
    protocol::Complaint complaint;
};

/// Everything that the configuration names: opened, but not started.
[[nodiscard]] protocol::Result<void, Refusal> check_kiosk(config::Config const& config);

/// Runs the kiosk until SIGTERM, SIGINT or the closing of its window. The calling thread becomes
/// the screen's.
[[nodiscard]] protocol::Result<void, Refusal> run_kiosk(config::Config const& config);

} // namespace kiosk::app
