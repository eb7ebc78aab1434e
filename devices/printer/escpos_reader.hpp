#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "protocol/base/bytes.hpp"

/// The printer's side of ESC/POS: bytes in any portions to commands. Never keeps more than one row
/// of dots, whatever sizes the bytes claim.
namespace devices::printer::escpos {

struct Character {
    std::uint8_t byte;
};
struct LineFeed {};
struct FeedLines {
    std::uint8_t lines;
};
struct FeedDots {
    std::uint8_t dots;
};
struct Initialise {};
struct SetAlign {
    std::uint8_t align;
};
struct SetMode { ///< ESC !: 08 bold, 10 double height, 20 double width, 80 underline.
    std::uint8_t bits;
};
struct SetSize { ///< GS !: width - 1, height - 1 in the nibbles.
    std::uint8_t nibbles;
};
struct SetBold {
    bool is_on;
};
struct SetCodePage {
    std::uint8_t page;
};
struct SetNarrow { ///< 1B C1: 15 instead of 11 characters an inch.
    bool is_on;
};
/// One row of dots of GS v 0, cut to the width of the paper.
struct RasterRow {
    std::uint8_t mode; ///< 1 doubles the width, 2 the height.
    std::vector<std::uint8_t> bits;
};
struct Cut {};
struct Present {
    std::uint8_t steps;
};
struct Eject {};
struct Retract {};
struct AskStatus { ///< DLE EOT n: obeyed at once, before what was received earlier.
    std::uint8_t kind;
};
struct AskEjector {};
struct AskIdentity {
    std::uint8_t kind;
};
/// Understood and without effect on this paper (ESC =, ESC R, line spacing, margins...).
struct Ignored {};
/// A control byte that begins nothing we know. The true printer skips it too.
struct Unknown {
    std::uint8_t byte;
};

using Command = std::variant<
    Character, LineFeed, FeedLines, FeedDots, Initialise, SetAlign, SetMode, SetSize, SetBold,
    SetCodePage, SetNarrow, RasterRow, Cut, Present, Eject, Retract, AskStatus, AskEjector,
    AskIdentity, Ignored, Unknown>;

class Reader {
public:
    /// The command that this byte completes. Every byte is consumed.
    [[nodiscard]] std::optional<Command> push(std::uint8_t byte);
    /// As after power on: in the middle of nothing.
    void reset() { *this = {}; }

private:
    [[nodiscard]] std::optional<Command> on_raster_byte(std::uint8_t byte);
    [[nodiscard]] std::optional<Command> finish();
    [[nodiscard]] std::optional<Command> start_raster();

    std::vector<std::uint8_t> pending_; ///< The beginning of a command, at most 8 bytes.
    std::uint8_t raster_mode_{0};
    std::size_t raster_width_{0};
    std::size_t raster_rows_left_{0};
    std::size_t raster_filled_{0};
    std::vector<std::uint8_t> raster_row_;
};

} // namespace devices::printer::escpos
