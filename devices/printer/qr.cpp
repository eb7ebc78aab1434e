#include "devices/printer/qr.hpp"

#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "devices/printer/document.hpp"
#include "devices/printer/layout.hpp"

namespace devices::printer {

namespace {

constexpr std::size_t half_dots = paper_dots / 2;
// 25 mm at 4 doubled dots a millimetre: what cameras of telephones read at arm's length.
constexpr std::size_t symbol_half_dots_min = 100;
constexpr std::size_t quiet_modules = 4; // ISO/IEC 18004, each side.
constexpr std::size_t module_half_dots_min = 2;

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

bool is_black(QRcode const& code, std::size_t x, std::size_t y) {
    return (code.data[y * static_cast<std::size_t>(code.width) + x] & 1U) != 0;
}

} // namespace

std::optional<Raster> qr_raster(protocol::ByteView payload) {
    if (payload.empty() || payload.size() > qr_payload_size_max)
        return std::nullopt;
    Code const code{
        QRcode_encodeData(static_cast<int>(payload.size()), payload.data(), 0, QR_ECLEVEL_M)};
    if (!code)
        return std::nullopt;
    auto const modules = static_cast<std::size_t>(code->width);
    std::size_t const scale =
        std::max(module_half_dots_min, (symbol_half_dots_min + modules - 1) / modules);
    if ((modules + 2 * quiet_modules) * scale > half_dots)
        return std::nullopt;

    // White paper needs no bytes: the quiet zone at the right is simply not sent.
    std::size_t const left = (half_dots - modules * scale) / 2;
    std::size_t const quiet = quiet_modules * scale;
    Raster raster;
    raster.width_bytes = (left + modules * scale + 7) / 8;
    raster.rows = modules * scale + 2 * quiet;
    raster.bits.resize(raster.width_bytes * raster.rows);
    for (std::size_t y = 0; y < modules * scale; ++y)
        for (std::size_t x = 0; x < modules * scale; ++x) {
            if (!is_black(*code, x / scale, y / scale))
                continue;
            std::size_t const dot = left + x;
            raster.bits[(quiet + y) * raster.width_bytes + dot / 8] |=
                static_cast<std::uint8_t>(0x80U >> dot % 8);
        }
    return raster;
}

} // namespace devices::printer
