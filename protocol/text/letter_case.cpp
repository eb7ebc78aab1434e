#include "protocol/text/letter_case.hpp"

#include "protocol/text/utf8.hpp"

namespace protocol::text {

char32_t to_upper(char32_t character) {
    if (character >= U'a' && character <= U'z')
        return character - (U'a' - U'A');
    if (character >= U'а' && character <= U'я')
        return character - (U'а' - U'А');
    if (character >= U'\u0450' && character <= U'\u045F') // ё and its neighbours, in a block apart.
        return character - 0x50;
    if (character == U'ґ')
        return U'Ґ';
    return character;
}

std::string to_upper(std::string_view utf8) {
    std::string upper;
    upper.reserve(utf8.size());
    while (auto const character = take_character(utf8))
        append_character(upper, to_upper(*character));
    return upper;
}

bool is_digit(char32_t character) {
    return character >= U'0' && character <= U'9';
}

bool is_latin_letter(char32_t character) {
    char32_t const upper = to_upper(character);
    return upper >= U'A' && upper <= U'Z';
}

bool is_cyrillic_letter(char32_t character) {
    return (character >= U'\u0400' && character <= U'\u045F') || character == U'Ґ' ||
           character == U'ґ';
}

} // namespace protocol::text
