#include "devices/printer/ticket_picture.hpp"

#include <doctest/doctest.h>

#include <ZXing/ReadBarcode.h>
#include <cairo.h>

#include <fstream>
#include <memory>

#include "tests/devices/printer/rehearsal.hpp"

using namespace devices::printer;

namespace {

struct Pixels {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> grey;
};

Pixels pixels_of(protocol::Bytes const& png) {
    struct Source {
        protocol::Bytes const& bytes;
        std::size_t read = 0;
    } source{png};
    auto const next = [](void* from, unsigned char* into, unsigned size) {
        auto& left = *static_cast<Source*>(from);
        if (left.bytes.size() - left.read < size)
            return CAIRO_STATUS_READ_ERROR;
        std::copy_n(left.bytes.begin() + static_cast<std::ptrdiff_t>(left.read), size, into);
        left.read += size;
        return CAIRO_STATUS_SUCCESS;
    };
    cairo_surface_t* const surface = cairo_image_surface_create_from_png_stream(next, &source);
    REQUIRE(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
    Pixels pixels;
    pixels.width = cairo_image_surface_get_width(surface);
    pixels.height = cairo_image_surface_get_height(surface);
    auto const* const data = cairo_image_surface_get_data(surface);
    int const stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < pixels.height; ++y)
        for (int x = 0; x < pixels.width; ++x)
            pixels.grey.push_back(data[y * stride + x * 4 + 1]);
    cairo_surface_destroy(surface);
    return pixels;
}

Ticket printed(Document const& document) {
    tests::Rehearsal rehearsal;
    rehearsal.run(Task::Print, document);
    REQUIRE(rehearsal.simulator.tickets().size() == 1);
    return rehearsal.simulator.tickets()[0];
}

std::string qr_on(protocol::Bytes const& png) {
    Pixels const pixels = pixels_of(png);
    auto const result = ZXing::ReadBarcode(
        ZXing::ImageView{pixels.grey.data(), pixels.width, pixels.height, ZXing::ImageFormat::Lum},
        ZXing::DecodeHints{}.setFormats(ZXing::BarcodeFormat::QRCode));
    return {result.bytes().begin(), result.bytes().end()};
}

} // namespace

TEST_SUITE("ticket picture") {
    TEST_CASE("the QR code on the picture reads as the payload that was printed") {
        std::string const payload =
            "t=20090915T1200&s=4600.00&fn=9999078900004792&i=12&fp=3522207165&n=1";
        CHECK(qr_on(render_png(printed(tests::receipt()))) == payload);
    }

    TEST_CASE("QR codes of every size that is accepted can be read from the paper") {
        for (std::size_t const size : {1U, 30U, 200U, 500U, 1000U}) {
            CAPTURE(size);
            protocol::Bytes payload(size);
            for (std::size_t index = 0; index < size; ++index)
                payload[index] = static_cast<std::uint8_t>(index * 7);
            std::string const read = qr_on(render_png(printed({{QrBlock{payload}}})));
            CHECK(protocol::Bytes{read.begin(), read.end()} == payload);
        }
    }

    TEST_CASE("the picture is 80 mm wide and the same each time") {
        auto const ticket = printed(tests::receipt());
        auto const png = render_png(ticket);
        CHECK(pixels_of(png).width == 640);
        CHECK(render_png(ticket) == png);
        if (char const* const path = std::getenv("KIOSK_SAVE_PICTURE"))
            std::ofstream{path, std::ios::binary}.write(
                // A file is bytes.
                // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
                reinterpret_cast<char const*>(png.data()),
                static_cast<std::streamsize>(png.size()));
    }

    TEST_CASE("text leaves ink, and an empty ticket leaves none") {
        auto const dark = [](protocol::Bytes const& png) {
            auto const pixels = pixels_of(png);
            return std::count_if(pixels.grey.begin(), pixels.grey.end(), [](std::uint8_t grey) {
                return grey < 100;
            });
        };
        CHECK(dark(render_png(printed({{TextLine{.text = "Ж"}}}))) > 50);
        CHECK(dark(render_png(Ticket{})) == 0);
    }

    TEST_CASE("a ticket longer than a picture can be is cut, not lost") {
        Ticket ticket;
        ticket.content.assign(1000, PrintedLine{.text = "длинный"});
        CHECK(pixels_of(render_png(ticket)).height == 32'000);
    }
}
