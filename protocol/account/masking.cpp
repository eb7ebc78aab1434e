#include "protocol/account/masking.hpp"

#include <cstddef>

#include "protocol/text/letter_case.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::account {
namespace {

constexpr std::string_view hidden = "***";

bool is_blank(char32_t character) {
    return character == U' ' || character == U'\t' || character == U'\u00A0' ||
           character == U'\u202F';
}

/// What a flat's number may be made of: 12, 12а, 12/3, 12-3.
bool belongs_to_number(char32_t character) {
    return text::is_digit(character) || text::is_latin_letter(character) ||
           text::is_cyrillic_letter(character) || character == U'/' || character == U'-';
}

} // namespace

std::string mask_person(std::string_view full_name) {
    if (!text::is_utf8(full_name))
        return {};
    std::string masked;
    int word = 0;
    bool inside_word = false;
    while (auto const character = text::take_character(full_name)) {
        if (is_blank(*character)) {
            inside_word = false;
            continue;
        }
        bool const begins = !inside_word;
        inside_word = true;
        if (begins && ++word > 1)
            masked += ' ';
        if (word == 1 || begins)
            text::append_character(masked, *character);
        if (word > 1 && begins)
            masked += '.';
    }
    return masked;
}

std::string mask_address(std::string_view address) {
    if (!text::is_utf8(address))
        return {};
    if (address.find(hidden) != std::string_view::npos)
        return std::string{address};
    std::size_t begin = std::string_view::npos; // Of the last number, and where it ends.
    std::size_t end = 0;
    bool inside_number = false;
    std::string_view left = address;
    while (!left.empty()) {
        std::size_t const place = address.size() - left.size();
        char32_t const character = *text::take_character(left);
        if (text::is_digit(character) && !inside_number) {
            inside_number = true;
            begin = place;
        }
        inside_number = inside_number && belongs_to_number(character);
        if (inside_number)
            end = address.size() - left.size();
    }
    if (begin == std::string_view::npos)
        return std::string{address};
    return std::string{address.substr(0, begin)}.append(hidden).append(address.substr(end));
}

} // namespace protocol::account
