#include "devices/bench/qr_reader.hpp"

#include <ZXing/ReadBarcode.h>
#include <cairo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace devices::bench {

namespace {

using protocol::Bytes;
using protocol::ByteView;
using protocol::Complaint;
using protocol::fail;

struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, Destroy>;

struct Size {
    std::size_t width;
    std::size_t height;
};

constexpr std::size_t header_size = 24;

//  offset  0                        8          12    16     20
//          89 50 4E 47 0D 0A 1A 0A  length 13  IHDR  width  height    all big-endian
std::optional<Size> size_of(ByteView png) {
    constexpr std::array<std::uint8_t, 8> signature{0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A};
    if (png.size() < header_size || !std::equal(signature.begin(), signature.end(), png.begin()))
        return std::nullopt;
    auto const number = [&](std::size_t at) {
        return static_cast<std::size_t>(png[at]) << 24U |
               static_cast<std::size_t>(png[at + 1]) << 16U |
               static_cast<std::size_t>(png[at + 2]) << 8U | png[at + 3];
    };
    return Size{number(16), number(20)};
}

struct Source {
    ByteView left;
};

cairo_status_t read_more(void* from, unsigned char* into, unsigned size) {
    auto& source = *static_cast<Source*>(from);
    if (source.left.size() < size)
        return CAIRO_STATUS_READ_ERROR;
    std::copy_n(source.left.begin(), size, into);
    source.left = source.left.subspan(size);
    return CAIRO_STATUS_SUCCESS;
}

// What is transparent is white paper.
std::uint8_t over_white(std::uint32_t argb) {
    std::uint32_t const alpha = argb >> 24U;
    std::uint32_t const sum = (argb >> 16U & 0xFFU) + 2 * (argb >> 8U & 0xFFU) + (argb & 0xFFU);
    return static_cast<std::uint8_t>(std::min(255U, sum / 4 + (255 - alpha)));
}

struct Grey {
    int width;
    int height;
    std::vector<std::uint8_t> pixels;
};

std::optional<Grey> grey_of(ByteView png) {
    Source source{png};
    Surface const surface{cairo_image_surface_create_from_png_stream(read_more, &source)};
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return std::nullopt;
    Grey grey{
        cairo_image_surface_get_width(surface.get()),
        cairo_image_surface_get_height(surface.get()),
        {}};
    bool const has_alpha = cairo_image_surface_get_format(surface.get()) == CAIRO_FORMAT_ARGB32;
    auto const* const data = cairo_image_surface_get_data(surface.get());
    int const stride = cairo_image_surface_get_stride(surface.get());
    grey.pixels.reserve(
        static_cast<std::size_t>(grey.width) * static_cast<std::size_t>(grey.height));
    for (int y = 0; y < grey.height; ++y)
        for (int x = 0; x < grey.width; ++x) {
            auto const* const pixel = data + std::ptrdiff_t{y} * stride + std::ptrdiff_t{x} * 4;
            std::uint32_t const alpha = has_alpha ? pixel[3] : 255;
            grey.pixels.push_back(over_white(
                alpha << 24U | static_cast<std::uint32_t>(pixel[2]) << 16U |
                static_cast<std::uint32_t>(pixel[1]) << 8U | pixel[0]));
        }
    return grey;
}

std::optional<Bytes> decoded(Grey const& grey) {
    try {
        auto const result = ZXing::ReadBarcode(
            ZXing::ImageView{grey.pixels.data(), grey.width, grey.height, ZXing::ImageFormat::Lum},
            ZXing::DecodeHints{}.setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true));
        if (!result.isValid())
            return std::nullopt;
        return Bytes{result.bytes().begin(), result.bytes().end()};
    } catch (std::exception const&) { // The library promises nothing about foreign pictures.
        return std::nullopt;
    }
}

} // namespace

protocol::Result<Bytes, Complaint> read_qr(ByteView png) {
    auto const size = size_of(png);
    if (!size)
        return fail(Complaint{"picture", "is not a PNG", "send a PNG"});
    if (size->width == 0 || size->height == 0 || size->width > picture_pixels_max / size->height)
        return fail(Complaint{
            "picture",
            "has " + std::to_string(size->width) + " x " + std::to_string(size->height) + " pixels",
            "send one of at most 40 million"});
    auto const grey = grey_of(png);
    if (!grey)
        return fail(Complaint{"picture", "is a damaged PNG", "send it again"});
    auto bytes = decoded(*grey);
    if (!bytes)
        return fail(Complaint{
            "picture", "no QR code can be read on it", "send a sharper or closer picture"});
    return std::move(*bytes);
}

} // namespace devices::bench
