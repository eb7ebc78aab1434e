#pragma once

#include <cstdint>

namespace tests {

/// What the kernel has counted on the established TCP sockets of this process.
struct Wire {
    std::uint64_t bytes = 0; ///< TCP payload sent, TLS included; on both ends, so both ways.
    std::uint64_t segments = 0;
    std::uint64_t header_size = 0; ///< IP and TCP, of each segment.
    unsigned sockets = 0;
};

[[nodiscard]] Wire look_at_wire();

} // namespace tests
