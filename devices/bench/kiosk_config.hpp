#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// What kioskd is to use instead of what its configuration says.
struct Ports {
    std::string validator;
    std::string printer;
    std::string scanner;
    std::uint16_t link;
};

/// The kiosk's configuration with the simulators in the place of devices, and where its control
/// socket will be. Refuses one whose control socket is closed: devsim could not see the screen.
struct KioskConfig {
    std::string text;
    std::string control_socket;
};
[[nodiscard]] protocol::Result<KioskConfig, protocol::Complaint> with_ports(
    std::filesystem::path const& file, Ports const& ports);

} // namespace devices::bench
