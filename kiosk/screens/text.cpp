#include "kiosk/screens/text.hpp"

#include <algorithm>
#include <cstdint>

#include "protocol/money/amount_text.hpp"

namespace kiosk::screens {

namespace {

constexpr std::string_view no_break_space = "\u00a0";
constexpr std::string_view minus = "\u2212";

bool is_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool is_lead_byte(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

} // namespace

std::string display_money(protocol::Money amount, Language language) {
    return protocol::to_display(
        amount,
        language == Language::Ru ? protocol::AmountStyle::Russian : protocol::AmountStyle::English);
}

std::string display_sum(protocol::Money amount, Language language) {
    std::string text = display_money(amount, language);
    // The currency stands last, after a no-break space.
    text.resize(text.rfind(no_break_space));
    return text;
}

std::string display_note(protocol::Money note) {
    return std::to_string(note.minor() / 100);
}

std::string display_date(std::string_view iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-' || !is_digits(iso.substr(0, 4)) ||
        !is_digits(iso.substr(5, 2)) || !is_digits(iso.substr(8, 2)))
        return std::string{iso};
    std::string text{iso.substr(8, 2)};
    text += '.';
    text += iso.substr(5, 2);
    text += '.';
    text += iso.substr(0, 4);
    return text;
}

int month_of(std::string_view period) {
    if (period.size() != 7 || period[4] != '-' || !is_digits(period.substr(0, 4)) ||
        !is_digits(period.substr(5, 2)))
        return 0;
    int const month = (period[5] - '0') * 10 + (period[6] - '0');
    return month <= 12 ? month : 0;
}

std::string display_decimal(std::string_view printed, Language language) {
    std::string text{printed};
    if (language == Language::En)
        std::ranges::replace(text, ',', '.');
    if (text.starts_with('-'))
        text.replace(0, 1, minus);
    return text;
}

std::string unbroken(std::string_view text) {
    std::string line;
    for (char const byte : text) {
        if (byte == ' ')
            line += no_break_space;
        else
            line += byte;
    }
    return line;
}

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, is_lead_byte));
}

std::string shortened(std::string_view text, std::size_t letters_max) {
    std::size_t count = 0;
    std::size_t end_of_short = 0; // Where the text is cut, one letter before the limit.
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_lead_byte(text[at]))
            continue;
        if (count + 1 == letters_max)
            end_of_short = at;
        if (count == letters_max) {
            std::string cut{text.substr(0, end_of_short)};
            while (cut.ends_with(' ') || cut.ends_with(','))
                cut.pop_back();
            return cut + "…";
        }
        ++count;
    }
    return std::string{text};
}

} // namespace kiosk::screens
