#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// A payment's number at providers is 18 digits: as a number it takes 8 bytes at most, not 19.
namespace fleet::store {

inline constexpr std::size_t number_digits = 18;

/// Nullopt for every other text.
[[nodiscard]] std::optional<std::int64_t> number_of_digits(std::string_view text);
[[nodiscard]] std::string digits_of_number(std::int64_t number);

} // namespace fleet::store
