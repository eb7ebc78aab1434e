#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "devices/printer/document.hpp"

/// How text falls on the paper of a VKP80II: 80 mm wide, 72 mm of it printed.
namespace devices::printer {

/// 204 dpi: 8 dots a millimetre, 72 mm.
inline constexpr std::size_t paper_dots = 576;
/// The printer's fonts are 11, 15 and 20 characters an inch (VKP80II user manual, 4.1). Font A in
/// its narrow form has 15: 204 / 15 = 13.6 dots a character, 42 of them in 576 dots.
inline constexpr std::size_t paper_columns = 42;

/// One line of paper in the printer's code page; never wider than the paper.
struct Row {
    std::string text;
    Align align = Align::Left;
    Weight weight = Weight::Normal;
    Size size = Size::Normal;
    friend bool operator==(Row const&, Row const&) = default;
};

/// Breaks at spaces, and in the middle of words that are wider than the paper.
[[nodiscard]] std::vector<Row> rows_of(TextLine const& line);
/// The value stays whole on one row whenever it fits on one.
[[nodiscard]] std::vector<Row> rows_of(PairLine const& line);
[[nodiscard]] std::vector<Row> rows_of(RuleLine const& line);

} // namespace devices::printer
