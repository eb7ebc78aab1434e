#include "protocol/text/charset.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol/text/charset_tables.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::text {
namespace {

constexpr std::string_view byte_order_mark = "\uFEFF";
constexpr std::uint8_t ascii_end = 0x80;

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

Result<std::string, TextError> decode_utf8(ByteView bytes) {
    std::string_view text = as_text(bytes);
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    if (!is_utf8(text))
        return fail(TextError::NotUtf8);
    return std::string{text};
}

std::optional<std::uint8_t> byte_of(UpperHalf const& half, char32_t character) {
    if (character < ascii_end)
        return static_cast<std::uint8_t>(character);
    auto const* const place = std::find(half.begin(), half.end(), character);
    if (place == half.end())
        return std::nullopt;
    return static_cast<std::uint8_t>(ascii_end + (place - half.begin()));
}

/// Everything below a blank but line ends and tabs: a printer obeys it.
bool is_command(char32_t character) {
    bool const is_layout = character == U'\n' || character == U'\r' || character == U'\t';
    return (character < U' ' && !is_layout) || character == 0x7F;
}

struct LookAlike {
    char32_t character;
    std::string_view instead; ///< UTF-8; itself in every code page of ours.
};

constexpr std::array look_alikes{
    LookAlike{U'«', "\""},     LookAlike{U'»', "\""},     LookAlike{U'“', "\""},
    LookAlike{U'”', "\""},     LookAlike{U'„', "\""},     LookAlike{U'‟', "\""},
    LookAlike{U'‘', "'"},      LookAlike{U'’', "'"},      LookAlike{U'‚', "'"},
    LookAlike{U'‹', "'"},      LookAlike{U'›', "'"},      LookAlike{U'ʼ', "'"},
    LookAlike{U'—', "-"},      LookAlike{U'–', "-"},      LookAlike{U'‒', "-"},
    LookAlike{U'―', "-"},      LookAlike{U'‐', "-"},      LookAlike{U'\u2011', "-"},
    LookAlike{U'\u2212', "-"}, LookAlike{U'\u00AD', ""},  LookAlike{U'…', "..."},
    LookAlike{U'•', "*"},      LookAlike{U'·', "*"},      LookAlike{U'×', "x"},
    LookAlike{U'₽', "руб."}, LookAlike{U'€', "EUR"},    LookAlike{U'№', "No"},
    LookAlike{U'²', "2"},      LookAlike{U'³', "3"},      LookAlike{U'§', "п."},
    LookAlike{U'©', "(c)"},    LookAlike{U'®', "(R)"},    LookAlike{U'™', "(TM)"},
    LookAlike{U'\u2009', " "}, LookAlike{U'\u202F', " "}, LookAlike{U'\u2007', " "},
    LookAlike{U'\u200B', ""},  LookAlike{U'\uFEFF', ""},  LookAlike{U'≤', "<="},
    LookAlike{U'≥', ">="},     LookAlike{U'ё', "е"},      LookAlike{U'Ё', "Е"},
    LookAlike{U'é', "e"},      LookAlike{U'è', "e"},      LookAlike{U'ü', "u"},
    LookAlike{U'ö', "o"},      LookAlike{U'ä', "a"},      LookAlike{U'І', "I"},
    LookAlike{U'і', "i"},
};

} // namespace

std::string_view name(Encoding encoding) {
    switch (encoding) {
    case Encoding::Utf8: return "utf-8";
    case Encoding::Windows1251: return "windows-1251";
    case Encoding::Koi8R: return "koi8-r";
    case Encoding::Cp866: return "cp866";
    }
    return "utf-8";
}

Result<std::string, TextError> decode(Encoding encoding, ByteView bytes) {
    if (encoding == Encoding::Utf8)
        return decode_utf8(bytes);
    UpperHalf const& half = upper_half(encoding);
    std::string text;
    text.reserve(bytes.size() * 2); // A Cyrillic letter takes two bytes in UTF-8.
    for (std::uint8_t const byte : bytes) {
        char32_t const character = byte < ascii_end ? byte : half[byte - ascii_end];
        if (character == 0 && byte != 0)
            return fail(TextError::UndefinedByte);
        append_character(text, character);
    }
    return text;
}

Result<Bytes, TextError> encode(Encoding encoding, std::string_view utf8) {
    if (!is_utf8(utf8))
        return fail(TextError::NotUtf8);
    if (encoding == Encoding::Utf8)
        return Bytes{utf8.begin(), utf8.end()};
    UpperHalf const& half = upper_half(encoding);
    Bytes bytes;
    bytes.reserve(utf8.size());
    while (auto const character = take_character(utf8)) {
        auto const byte = byte_of(half, *character);
        if (!byte)
            return fail(TextError::NotEncodable);
        bytes.push_back(*byte);
    }
    return bytes;
}

Bytes encode_lossy(Encoding encoding, std::string_view utf8) {
    Bytes bytes;
    bytes.reserve(utf8.size());
    auto const append = [&](std::string_view piece) {
        auto const encoded = encode(encoding, piece);
        if (encoded)
            bytes.insert(bytes.end(), encoded->begin(), encoded->end());
        return encoded.has_value();
    };
    while (!utf8.empty()) {
        std::string_view const before = utf8;
        auto const character = take_character(utf8);
        if (!character) {
            utf8.remove_prefix(1);
            bytes.push_back('?');
            continue;
        }
        if (*character == U'\u00A0') {
            bytes.push_back(' ');
            continue;
        }
        if (is_command(*character)) {
            bytes.push_back('?');
            continue;
        }
        if (append(before.substr(0, before.size() - utf8.size())))
            continue;
        auto const* const found =
            std::find_if(look_alikes.begin(), look_alikes.end(), [&](LookAlike const& entry) {
                return entry.character == *character;
            });
        if (found == look_alikes.end() || !append(found->instead))
            bytes.push_back('?');
    }
    return bytes;
}

} // namespace protocol::text
