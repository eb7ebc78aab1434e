#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

/// Pictures of at most 256 colours, for the repository: the smoothed edges of letters have two
/// thousand shades that nobody can tell apart, and a third of the bytes does without them.
namespace golden {

struct SmallPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> palette; ///< 0x00RRGGBB
    std::vector<std::uint8_t> pixels;   ///< Numbers in the palette.

    [[nodiscard]] std::uint32_t color_at(std::size_t pixel) const { return palette[pixels[pixel]]; }
};

/// The same pixels give the same small picture. A colour is off by 8 of 255 at most, unless there
/// are more than 256 such colours; then the rarest take their nearest neighbour's.
[[nodiscard]] SmallPicture make_small(std::span<std::uint32_t const> pixels, int width);

[[nodiscard]] protocol::Bytes to_png(SmallPicture const& picture);
/// Empty (no pixels) when the file is not there or is not a PNG made by `to_png`.
[[nodiscard]] SmallPicture read_png(std::string const& path);

} // namespace golden
