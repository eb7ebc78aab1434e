#include "protocol/text/utf8.hpp"

#include <cassert>
#include <cstdint>

namespace protocol::text {
namespace {

constexpr char32_t continuation_bits = 0x3F;

std::uint8_t byte_at(std::string_view text, std::size_t place) {
    return static_cast<std::uint8_t>(text[place]);
}

bool is_continuation(std::uint8_t byte) {
    return (byte & 0xC0U) == 0x80U;
}

/// How a character begins: its length, the bits in its first byte, the least that may be so long.
struct Lead {
    std::size_t size;
    char32_t bits;
    char32_t least;
};

std::optional<Lead> read_lead(std::uint8_t byte) {
    if (byte < 0x80)
        return Lead{1, byte, 0};
    if (byte >= 0xC2 && byte < 0xE0)
        return Lead{2, byte & 0x1FU, 0x80};
    if (byte >= 0xE0 && byte < 0xF0)
        return Lead{3, byte & 0x0FU, 0x800};
    if (byte >= 0xF0 && byte < 0xF5)
        return Lead{4, byte & 0x07U, 0x10000};
    return std::nullopt;
}

bool is_scalar(char32_t character) {
    return character < 0xD800 || (character > 0xDFFF && character <= 0x10FFFF);
}

} // namespace

std::optional<char32_t> take_character(std::string_view& text) {
    if (text.empty())
        return std::nullopt;
    auto const lead = read_lead(byte_at(text, 0));
    if (!lead || text.size() < lead->size)
        return std::nullopt;
    char32_t character = lead->bits;
    for (std::size_t i = 1; i < lead->size; ++i) {
        std::uint8_t const byte = byte_at(text, i);
        if (!is_continuation(byte))
            return std::nullopt;
        character = (character << 6U) | (byte & continuation_bits);
    }
    if (character < lead->least || !is_scalar(character))
        return std::nullopt;
    text.remove_prefix(lead->size);
    return character;
}

bool is_utf8(std::string_view text) {
    while (take_character(text)) {
    }
    return text.empty();
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    while (take_character(text))
        ++count;
    return count;
}

void append_character(std::string& text, char32_t character) {
    assert(is_scalar(character));
    auto const append = [&](char32_t byte) {
        text.push_back(static_cast<char>(static_cast<std::uint8_t>(byte)));
    };
    if (character < 0x80) {
        append(character);
        return;
    }
    if (character < 0x800) {
        append(0xC0U | (character >> 6U));
    } else {
        if (character < 0x10000) {
            append(0xE0U | (character >> 12U));
        } else {
            append(0xF0U | (character >> 18U));
            append(0x80U | ((character >> 12U) & continuation_bits));
        }
        append(0x80U | ((character >> 6U) & continuation_bits));
    }
    append(0x80U | (character & continuation_bits));
}

} // namespace protocol::text
