#pragma once

#include <string>
#include <string_view>

/// CP866, code page 17 of the printer: one byte is one column of paper.
namespace devices::printer {

/// A space that holds a sum or a telephone number together.
inline constexpr char no_break_space = '\xFF';

/// Every character of UTF-8 text as bytes of CP866 that can be printed. What the code page lacks is
/// replaced by what looks like it, and else by '?': control characters too, so that no name in a
/// bill can steer the printer.
[[nodiscard]] std::string to_code_page(std::string_view utf8);
/// The other way round, for whoever reads paper: UTF-8.
[[nodiscard]] std::string from_code_page(std::string_view bytes);

} // namespace devices::printer
