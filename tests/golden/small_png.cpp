#include "tests/golden/small_png.hpp"

#include <png.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <unordered_map>

namespace golden {

namespace {

constexpr std::size_t palette_max = 256;
constexpr std::size_t exact_max = 48; // Grounds and plain letters: far more pixels than any shade.

/// Four bits a channel, spread over the whole range.
std::uint32_t coarse(std::uint32_t color) {
    return (color & 0xF0F0F0U) | (color & 0xF0F0F0U) >> 4;
}

int distance(std::uint32_t one, std::uint32_t other) {
    int sum = 0;
    for (unsigned shift : {0U, 8U, 16U}) {
        int const difference =
            static_cast<int>(one >> shift & 0xFFU) - static_cast<int>(other >> shift & 0xFFU);
        sum += difference * difference;
    }
    return sum;
}

using Counts = std::unordered_map<std::uint32_t, std::size_t>;

/// Most frequent first; equally frequent ones by value, so that the order is always the same.
std::vector<std::uint32_t> by_count(Counts const& counts) {
    std::vector<std::uint32_t> colors;
    for (auto const& [color, count] : counts)
        colors.push_back(color);
    std::ranges::sort(colors, [&](std::uint32_t one, std::uint32_t other) {
        auto const one_count = counts.at(one);
        auto const other_count = counts.at(other);
        return one_count != other_count ? one_count > other_count : one < other;
    });
    return colors;
}

} // namespace

SmallPicture make_small(std::span<std::uint32_t const> pixels, int width) {
    assert(width > 0 && pixels.size() % static_cast<std::size_t>(width) == 0);
    Counts counts;
    // Runs of one colour are most of a screen.
    for (std::size_t at = 0, next = 0; at < pixels.size(); at = next) {
        while (next < pixels.size() && pixels[next] == pixels[at])
            ++next;
        counts[pixels[at] & 0xFFFFFFU] += next - at;
    }
    std::unordered_map<std::uint32_t, std::uint32_t> replaced;
    Counts coarse_counts;
    auto const colors = by_count(counts);
    for (std::size_t at = 0; at < colors.size(); ++at) {
        auto const color = at < exact_max ? colors[at] : coarse(colors[at]);
        replaced[colors[at]] = color;
        // The exact ones must not be pushed out by shades.
        coarse_counts[color] += counts[colors[at]] + (at < exact_max ? pixels.size() : 0);
    }
    SmallPicture picture{
        width, static_cast<int>(pixels.size()) / width, by_count(coarse_counts), {}};
    std::unordered_map<std::uint32_t, std::uint8_t> numbers;
    for (std::size_t at = 0; at < picture.palette.size(); ++at) {
        auto nearest = at;
        if (at >= palette_max)
            nearest = static_cast<std::size_t>(
                std::min_element(
                    picture.palette.begin(),
                    picture.palette.begin() + palette_max,
                    [&](std::uint32_t one, std::uint32_t other) {
                        return distance(one, picture.palette[at]) <
                               distance(other, picture.palette[at]);
                    }) -
                picture.palette.begin());
        numbers[picture.palette[at]] = static_cast<std::uint8_t>(nearest);
    }
    picture.palette.resize(std::min(picture.palette.size(), palette_max));
    picture.pixels.reserve(pixels.size());
    for (std::size_t at = 0, next = 0; at < pixels.size(); at = next) {
        while (next < pixels.size() && pixels[next] == pixels[at])
            ++next;
        picture.pixels.insert(
            picture.pixels.end(), next - at, numbers[replaced[pixels[at] & 0xFFFFFFU]]);
    }
    return picture;
}

protocol::Bytes to_png(SmallPicture const& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = PNG_FORMAT_RGB_COLORMAP;
    image.colormap_entries = static_cast<png_uint_32>(picture.palette.size());
    std::vector<png_byte> colors;
    for (auto const color : picture.palette)
        for (unsigned shift : {16U, 8U, 0U})
            colors.push_back(static_cast<png_byte>(color >> shift & 0xFFU));
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    protocol::Bytes bytes(size);
    auto const written = png_image_write_to_memory(
        &image, bytes.data(), &size, 0, picture.pixels.data(), picture.width, colors.data());
    assert(written != 0);
    bytes.resize(size);
    return bytes;
}

SmallPicture read_png(std::string const& path) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&image, path.c_str()) == 0)
        return {};
    image.format = PNG_FORMAT_RGB_COLORMAP;
    SmallPicture picture;
    picture.width = static_cast<int>(image.width);
    picture.height = static_cast<int>(image.height);
    picture.pixels.resize(PNG_IMAGE_SIZE(image));
    std::vector<png_byte> colors(PNG_IMAGE_COLORMAP_SIZE(image));
    if (png_image_finish_read(
            &image, nullptr, picture.pixels.data(), picture.width, colors.data()) == 0)
        return {};
    for (std::size_t at = 0; at + 2 < colors.size(); at += 3)
        picture.palette.push_back(
            std::uint32_t{colors[at]} << 16 | std::uint32_t{colors[at + 1]} << 8 | colors[at + 2]);
    return picture;
}

} // namespace golden
