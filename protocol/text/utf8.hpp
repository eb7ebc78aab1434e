#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// UTF-8 character by character. All text inside the system is UTF-8; whatever comes from outside
/// is checked here once.
namespace protocol::text {

/// Stands where a program lost a character: text with it is mangled.
inline constexpr char32_t replacement_character = U'\uFFFD';

/// Takes the first character off `text`. Nothing, and `text` untouched, when it is empty or does
/// not begin with one: strict, so no overlong forms, no surrogates, nothing above U+10FFFF (RFC
/// 3629).
[[nodiscard]] std::optional<char32_t> take_character(std::string_view& text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// Characters (code points), for columns on paper. 0 for a text that is not UTF-8 from the start;
/// counting ends where UTF-8 ends.
[[nodiscard]] std::size_t count_characters(std::string_view text);

/// `character` is a Unicode scalar value.
void append_character(std::string& text, char32_t character);

} // namespace protocol::text
