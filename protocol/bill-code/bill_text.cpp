#include "protocol/bill-code/bill_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "protocol/text/letter_case.hpp"
#include "protocol/text/utf8.hpp"

namespace protocol::bill_code {
namespace {

using text::Encoding;

constexpr std::string_view replacement = "\uFFFD";

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool has_cyrillic(std::string_view utf8) {
    while (auto const character = text::take_character(utf8))
        if (text::is_cyrillic_letter(*character))
            return true;
    return false;
}

/// What windows-1252 shows for 0x80 to 0x9F, where Latin-1 has control characters; 0 is undefined.
constexpr std::array<char32_t, 32> western_signs{
    U'€', 0,    U'‚', U'ƒ', U'„', U'…', U'†', U'‡', U'ˆ', U'‰', U'Š', U'‹', U'Œ', 0, U'Ž', 0,
    0,    U'‘', U'’', U'“', U'”', U'•', U'–', U'—', U'˜', U'™', U'š', U'›', U'œ', 0, U'ž', U'Ÿ'};

std::optional<std::uint8_t> western_byte(char32_t character) {
    if (character <= 0xFF)
        return static_cast<std::uint8_t>(character);
    auto const* const place = std::find(western_signs.begin(), western_signs.end(), character);
    if (place == western_signs.end())
        return std::nullopt;
    return static_cast<std::uint8_t>(0x80 + (place - western_signs.begin()));
}

/// The bytes that were taken for a Western European code page, if every character is one of it.
std::optional<Bytes> undo_western(std::string_view utf8) {
    Bytes bytes;
    bytes.reserve(utf8.size());
    while (auto const character = text::take_character(utf8)) {
        auto const byte = western_byte(*character);
        if (!byte)
            return std::nullopt;
        bytes.push_back(*byte);
    }
    return bytes;
}

/// For bytes that are valid UTF-8 beyond ASCII.
std::optional<BillText> read_as_utf8(Encoding stated, std::string_view utf8) {
    if (auto const bytes = undo_western(utf8)) {
        auto decoded = text::decode(stated, *bytes);
        if (decoded && has_cyrillic(*decoded))
            return BillText{.utf8 = *std::move(decoded), .repaired = true};
    }
    if (stated == Encoding::Utf8)
        return BillText{.utf8 = std::string{utf8}, .repaired = false};
    if (has_cyrillic(utf8))
        return BillText{.utf8 = std::string{utf8}, .repaired = true};
    return std::nullopt;
}

} // namespace

Result<BillText, BillTextError> read_bill_text(Encoding stated, ByteView bytes) {
    std::string_view const raw = as_text(bytes);
    if (raw.find(replacement) != std::string_view::npos)
        return fail(BillTextError::Mangled);
    if (is_ascii(raw))
        return BillText{.utf8 = std::string{raw}, .repaired = false};
    if (text::is_utf8(raw))
        if (auto found = read_as_utf8(stated, raw))
            return *std::move(found);
    auto decoded = text::decode(stated, bytes);
    if (!decoded)
        return fail(BillTextError::NotInEncoding);
    return BillText{.utf8 = *std::move(decoded), .repaired = false};
}

} // namespace protocol::bill_code
