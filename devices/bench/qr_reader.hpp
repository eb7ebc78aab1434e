#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// A picture of a whole A4 page at 600 dpi has 35 million.
inline constexpr std::size_t picture_pixels_max = 40'000'000;

/// The raw bytes of the QR code on a picture (PNG), as a scanner would send them: the code's own
/// encoding, not text.
[[nodiscard]] protocol::Result<protocol::Bytes, protocol::Complaint> read_qr(
    protocol::ByteView png);

} // namespace devices::bench
