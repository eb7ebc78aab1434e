#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Values of XLSX cells, in text arithmetic: nothing of a register passes through a double.
namespace fleet::tables {

/// The text of a binary fraction, "7150.2", "2803.2999999999997", "1.2E-2", as a decimal with at
/// most six decimals, half-up, without needless zeros: "7150.2", "2803.3", "0.012". nullopt when it
/// is no number or has more than 18 digits before the point.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view text);

/// A day's number to an ISO date. Day 60 of the 1900 system never was.
[[nodiscard]] std::optional<std::string> date_of_serial(std::int64_t serial, bool is_1904);

/// Whether a number format shows a date: days, months or years outside quotes and brackets.
[[nodiscard]] bool is_date_format(std::string_view code);
/// The same for the numbers that need no code.
[[nodiscard]] bool is_date_format(int built_in);

/// "AB12" to 27; nullopt when no column is written.
[[nodiscard]] std::optional<std::size_t> column_of(std::string_view reference);

} // namespace fleet::tables
