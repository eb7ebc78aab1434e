#include "protocol/text/guess.hpp"

#include <algorithm>
#include <array>

#include "protocol/text/charset_tables.hpp"
#include "protocol/text/letter_case.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::text {
namespace {

/// Below this many letters a guess is weak: a short name can look right in both code pages.
constexpr int letters_for_strong = 8;

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

bool has_utf16_mark(ByteView bytes) {
    return bytes.size() >= 2 &&
           ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF));
}

/// Cut off in the middle of a character by guess_bytes_max, it is still UTF-8.
bool is_utf8_but_for_the_cut(std::string_view text, bool was_cut) {
    constexpr std::size_t incomplete_max = 3;
    while (take_character(text)) {
    }
    return text.empty() || (was_cut && text.size() <= incomplete_max);
}

/// Which letters Russian text is made of: the ten commonest are 2/3 of it, the rarest six under 2
/// %.
int worth(char32_t letter) {
    constexpr std::u32string_view common = U"ОЕАИНТСРВЛ";
    constexpr std::u32string_view rare = U"ЪФЩЭЦЁ";
    char32_t const upper = to_upper(letter);
    if (common.find(upper) != std::u32string_view::npos)
        return 3;
    if (rare.find(upper) != std::u32string_view::npos)
        return 0;
    bool const is_russian = upper >= U'А' && upper <= U'Я';
    return is_russian ? 1 : -3; // Other Cyrillic is what a wrong reading is full of.
}

struct Reading {
    int score = 0;
    int letters = 0;
};

/// What the upper half of the bytes looks like in this code page.
Reading read_as(Encoding encoding, ByteView bytes) {
    constexpr int price_of_no_letter = 3; // Box drawings, or typographic signs inside a word.
    constexpr int price_of_capital_inside = 4;
    UpperHalf const& half = upper_half(encoding);
    Reading reading;
    bool follows_small = false;
    for (std::uint8_t const byte : bytes) {
        if (byte < 0x80) {
            follows_small = false;
            continue;
        }
        char32_t const character = half[byte - 0x80U];
        if (!is_cyrillic_letter(character)) {
            // № and « are as usual in windows-1251 as box drawings are not in cp866.
            bool const is_usual = character == U'№' || character == U'«' || character == U'»' ||
                                  character == U'—' || character == U'\u00A0';
            reading.score -= is_usual ? 0 : price_of_no_letter;
            follows_small = false;
            continue;
        }
        ++reading.letters;
        reading.score += worth(character);
        bool const is_capital = to_upper(character) == character;
        if (is_capital && follows_small)
            reading.score -= price_of_capital_inside;
        follows_small = !is_capital;
    }
    return reading;
}

Guess guess_code_page(ByteView bytes) {
    Reading const windows = read_as(Encoding::Windows1251, bytes);
    Reading const dos = read_as(Encoding::Cp866, bytes);
    bool const is_windows = windows.score >= dos.score;
    Reading const& better = is_windows ? windows : dos;
    Reading const& worse = is_windows ? dos : windows;
    // Russian text is worth about 2 a letter; half of that between the readings is no accident.
    bool const is_strong = better.letters >= letters_for_strong &&
                           better.score - worse.score >= better.letters && better.score > 0;
    return Guess{
        is_windows ? Encoding::Windows1251 : Encoding::Cp866,
        is_strong ? Confidence::Strong : Confidence::Weak};
}

} // namespace

Guess guess_encoding(ByteView bytes) {
    bool const was_cut = bytes.size() > guess_bytes_max;
    bytes = bytes.first(std::min(bytes.size(), guess_bytes_max));
    if (has_utf16_mark(bytes) || std::find(bytes.begin(), bytes.end(), 0) != bytes.end())
        return Guess{Encoding::Utf8, Confidence::None};
    if (is_utf8_but_for_the_cut(as_text(bytes), was_cut))
        return Guess{Encoding::Utf8, Confidence::Certain};
    return guess_code_page(bytes);
}

} // namespace protocol::text
