#include "devices/printer/code_page.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace devices::printer {

namespace {

constexpr char32_t unreadable = 0xFFFD;

// Bytes 0xB0..0xDF and 0xF0..0xFF of CP866; 0x80..0xAF and 0xE0..0xEF are the alphabet in order.
constexpr std::array<char16_t, 48> graphics{
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255D, 0x255C, 0x255B, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C, 0x2588, 0x2584, 0x258C, 0x2590, 0x2580};
constexpr std::array<char16_t, 16> signs{
    0x0401,
    0x0451,
    0x0404,
    0x0454,
    0x0407,
    0x0457,
    0x040E,
    0x045E,
    0x00B0,
    0x2219,
    0x00B7,
    0x221A,
    0x2116,
    0x00A4,
    0x25A0,
    0x00A0};

struct LookAlike {
    char32_t character;
    std::string_view bytes; // Of CP866.
};
// Typography that payees' names and our own strings contain.
constexpr std::array look_alikes{
    LookAlike{0x00A0, " "},     LookAlike{0x00AB, "\""},   LookAlike{0x00AD, ""}, // Soft hyphen.
    LookAlike{0x00BB, "\""},    LookAlike{0x00D7, "x"},    LookAlike{0x2007, "\xFF"},
    LookAlike{0x2009, " "},     LookAlike{0x200B, ""},     LookAlike{0x2010, "-"},
    LookAlike{0x2011, "-"},     LookAlike{0x2012, "-"},    LookAlike{0x2013, "-"},
    LookAlike{0x2014, "-"},     LookAlike{0x2018, "'"},    LookAlike{0x2019, "'"},
    LookAlike{0x201C, "\""},    LookAlike{0x201D, "\""},   LookAlike{0x201E, "\""},
    LookAlike{0x2022, "\xF9"},  LookAlike{0x2026, "..."},  LookAlike{0x202F, "\xFF"},
    LookAlike{0x20BD, "\xE0."}, // The rouble sign: "р.".
    LookAlike{0x2212, "-"},     LookAlike{0x2713, "\xFB"}, LookAlike{0xFEFF, ""},
};

std::uint8_t byte_at(std::string_view text, std::size_t index) {
    return static_cast<std::uint8_t>(text[index]);
}

std::size_t sequence_size(std::uint8_t lead) {
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Takes at least one byte; damaged text yields `unreadable` byte by byte.
char32_t take_character(std::string_view& text) {
    std::uint8_t const lead = byte_at(text, 0);
    std::size_t const size = sequence_size(lead);
    if (size == 0 || size > text.size()) {
        text.remove_prefix(1);
        return unreadable;
    }
    char32_t character = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t index = 1; index < size; ++index) {
        std::uint8_t const next = byte_at(text, index);
        if ((next & 0xC0U) != 0x80U) {
            text.remove_prefix(1);
            return unreadable;
        }
        character = character << 6U | (next & 0x3FU);
    }
    text.remove_prefix(size);
    return character;
}

template <std::size_t Size>
std::optional<std::size_t> index_in(std::array<char16_t, Size> const& table, char32_t character) {
    auto const found = std::find(table.begin(), table.end(), character);
    if (found == table.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - table.begin());
}

std::optional<std::uint8_t> byte_of(char32_t character) {
    if (character >= 0x20 && character < 0x7F)
        return static_cast<std::uint8_t>(character);
    if (character >= 0x0410 && character <= 0x043F) // А..п
        return static_cast<std::uint8_t>(0x80 + (character - 0x0410));
    if (character >= 0x0440 && character <= 0x044F) // р..я
        return static_cast<std::uint8_t>(0xE0 + (character - 0x0440));
    if (auto const index = index_in(graphics, character))
        return static_cast<std::uint8_t>(0xB0 + *index);
    if (auto const index = index_in(signs, character); index)
        return static_cast<std::uint8_t>(0xF0 + *index);
    return std::nullopt;
}

char32_t character_of(std::uint8_t byte) {
    if (byte < 0x80)
        return byte;
    if (byte < 0xB0)
        return 0x0410U + (byte - 0x80U);
    if (byte < 0xE0)
        return graphics[byte - 0xB0U];
    if (byte < 0xF0)
        return 0x0440U + (byte - 0xE0U);
    return signs[byte - 0xF0U];
}

// All characters of CP866 are below U+10000.
void append_utf8(std::string& text, char32_t character) {
    if (character < 0x80) {
        text += static_cast<char>(character);
        return;
    }
    if (character < 0x800) {
        text += static_cast<char>(0xC0U | character >> 6U);
    } else {
        text += static_cast<char>(0xE0U | character >> 12U);
        text += static_cast<char>(0x80U | (character >> 6U & 0x3FU));
    }
    text += static_cast<char>(0x80U | (character & 0x3FU));
}

} // namespace

std::string to_code_page(std::string_view utf8) {
    std::string bytes;
    bytes.reserve(utf8.size());
    while (!utf8.empty()) {
        char32_t const character = take_character(utf8);
        if (auto const byte = byte_of(character)) {
            bytes += static_cast<char>(*byte);
            continue;
        }
        auto const* const found =
            std::find_if(look_alikes.begin(), look_alikes.end(), [character](LookAlike const& row) {
                return row.character == character;
            });
        bytes += found == look_alikes.end() ? std::string_view{"?"} : found->bytes;
    }
    return bytes;
}

std::string from_code_page(std::string_view bytes) {
    std::string utf8;
    for (char const byte : bytes)
        append_utf8(utf8, character_of(static_cast<std::uint8_t>(byte)));
    return utf8;
}

} // namespace devices::printer
