#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"

/// Lines and cells of a text with `;` or another sign between values. RFC 4180 with another comma,
/// except that a quoted value ends on its line: an accountant's file has no line breaks in names, a
/// broken quote would swallow the rest of the register.
namespace fleet::charges {

/// Takes the first line off, without its end. CRLF, LF.
[[nodiscard]] std::optional<protocol::ByteView> take_line(protocol::ByteView& rest);

/// The cells, blanks at their ends removed; nullopt when a quote that begins a value is not
/// closed before the separator. A quote inside a plain value is a letter like any other.
[[nodiscard]] std::optional<std::vector<std::string>> split_cells(
    std::string_view line, char separator = ';');

} // namespace fleet::charges
