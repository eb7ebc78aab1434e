#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What can be put on paper, apart from any printer.
namespace devices::printer {

enum class Align : std::uint8_t { Left, Centre, Right };
enum class Weight : std::uint8_t { Normal, Bold };
enum class Size : std::uint8_t { Normal, Double }; ///< Double height and width.

/// UTF-8; what the code page lacks is replaced by a look-alike ("руб." for the rouble sign is the
/// composer's business, not the printer's). Longer than the paper is wide: the printer wraps it.
struct TextLine {
    std::string text;
    Align align = Align::Left;
    Weight weight = Weight::Normal;
    Size size = Size::Normal;
    friend bool operator==(TextLine const&, TextLine const&) = default;
};
/// Name at the left, value at the right of one line, dots or spaces between.
struct PairLine {
    std::string name;
    std::string value;
    Weight weight = Weight::Normal;
    friend bool operator==(PairLine const&, PairLine const&) = default;
};
struct RuleLine {
    friend bool operator==(RuleLine const&, RuleLine const&) = default;
};
/// Printed as a raster, so that printers without QR commands can do it.
struct QrBlock {
    std::vector<std::uint8_t> payload; ///< At most qr_payload_size_max bytes.
    friend bool operator==(QrBlock const&, QrBlock const&) = default;
};
using Block = std::variant<TextLine, PairLine, RuleLine, QrBlock>;

/// Longest payload that still prints with modules of half a millimetre on 72 mm, level M.
inline constexpr std::size_t qr_payload_size_max = 1000;
/// Lines of text after wrapping, about 1.7 m of paper: nobody wants a longer receipt.
inline constexpr std::size_t document_lines_max = 400;

/// One piece of paper, from top to cut.
struct Document {
    std::vector<Block> blocks;
    friend bool operator==(Document const&, Document const&) = default;
};

} // namespace devices::printer
