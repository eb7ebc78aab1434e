#include "devices/printer/code_page.hpp"

#include "protocol/text/charset.hpp"
#include "protocol/text/utf8.hpp"

namespace devices::printer {

namespace {

namespace text = protocol::text;

bool is_no_break(char32_t character) {
    return character == U'\u00A0' || character == U'\u202F' || character == U'\u2007';
}

bool is_line_control(char32_t character) {
    return character == U'\n' || character == U'\r';
}

void append_lossy(std::string& bytes, std::string_view utf8) {
    auto const encoded = text::encode_lossy(text::Encoding::Cp866, utf8);
    bytes.append(encoded.begin(), encoded.end());
}

} // namespace

std::string to_code_page(std::string_view utf8) {
    std::string bytes;
    std::string_view plain = utf8; // Up to here nothing was special.
    while (!utf8.empty()) {
        std::string_view const before = utf8;
        auto const character = text::take_character(utf8);
        if (!character)
            utf8.remove_prefix(1);
        // encode_lossy makes every other control character harmless, and lines are not its
        // business.
        bool const is_special = character && (is_no_break(*character) ||
                                              is_line_control(*character) || *character == U'\t');
        if (!is_special)
            continue;
        append_lossy(bytes, plain.substr(0, plain.size() - before.size()));
        plain = utf8;
        if (is_line_control(*character))
            bytes += '?';
        else
            bytes += *character == U'\t' ? ' ' : no_break_space;
    }
    append_lossy(bytes, plain);
    return bytes;
}

std::string from_code_page(std::string_view bytes) {
    protocol::Bytes const encoded{bytes.begin(), bytes.end()};
    // Every byte of CP866 has a meaning: this does not fail.
    return text::decode(text::Encoding::Cp866, encoded).value_or(std::string{});
}

} // namespace devices::printer
