#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace devices::printer {

/// One bit a dot, 1 = black, most significant bit left, rows padded to whole bytes.
struct Raster {
    std::size_t width_bytes = 0;
    std::size_t rows = 0;
    std::vector<std::uint8_t> bits;
    friend bool operator==(Raster const&, Raster const&) = default;
};

/// A QR code (8-bit mode, correction level M) in the middle of the paper, at least 25 mm wide and
/// with its quiet zone, drawn at half the printer's resolution: the printer doubles it (GS v 0,
/// m = 3), and the slow line carries a quarter. Nothing when the payload is empty or too long.
[[nodiscard]] std::optional<Raster> qr_raster(protocol::ByteView payload);

} // namespace devices::printer
