#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "devices/printer/document.hpp"

/// A piece of paper as it came out of a printer.
namespace devices::printer {

/// One line of characters, in cells of equal width.
struct PrintedLine {
    std::string text; ///< UTF-8.
    Align align = Align::Left;
    Weight weight = Weight::Normal;
    Size size = Size::Normal;
    bool is_narrow = true; ///< 42 columns; 30 when the printer was not told to print narrow.
    friend bool operator==(PrintedLine const&, PrintedLine const&) = default;
};
/// One row of dots, each byte 8 of them, 1 = black, most significant bit left; 576 dots at most.
struct PrintedDots {
    std::vector<std::uint8_t> bits;
    friend bool operator==(PrintedDots const&, PrintedDots const&) = default;
};
struct BlankPaper {
    std::size_t dots; ///< Height.
    friend bool operator==(BlankPaper const&, BlankPaper const&) = default;
};
using Printed = std::variant<PrintedLine, PrintedDots, BlankPaper>;

enum class Whereabouts : std::uint8_t {
    InPrinter, ///< Cut, not shown.
    AtMouth,
    Taken,
    Retracted,
    Ejected,
};

struct Ticket {
    std::vector<Printed> content; ///< From top to cut.
    Whereabouts whereabouts = Whereabouts::InPrinter;
    friend bool operator==(Ticket const&, Ticket const&) = default;
};

/// The lines of text as a reader sees them: UTF-8, aligned in the columns of the paper by spaces.
/// A picture is one line "[dots]".
[[nodiscard]] std::vector<std::string> lines_of(Ticket const& ticket);

} // namespace devices::printer
