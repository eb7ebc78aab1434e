#pragma once

#include <string>
#include <string_view>

/// Letter case of Latin and Cyrillic, without a locale.
namespace protocol::text {

/// A-Z, and the Cyrillic letters of Russian and its neighbours (U+0410 to U+044F, U+0400 to
/// U+045F). Everything else stays as it is.
[[nodiscard]] char32_t to_upper(char32_t character);

/// A text that is not UTF-8 is upper-cased up to the first byte that is not.
[[nodiscard]] std::string to_upper(std::string_view utf8);

[[nodiscard]] bool is_digit(char32_t character);           ///< 0-9 only.
[[nodiscard]] bool is_latin_letter(char32_t character);    ///< A-Z, a-z.
[[nodiscard]] bool is_cyrillic_letter(char32_t character); ///< U+0400 to U+045F, Ґ and ґ.

} // namespace protocol::text
