#include "fleet-server/tables/cell_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace fleet::tables {

namespace {

constexpr std::size_t digits_max = 18;
constexpr std::size_t decimals_max = 6;
constexpr int exponent_max = 30;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Digits with a point somewhere: value = 0.digits * 10^point.
struct Digits {
    std::string digits;
    std::ptrdiff_t point = 0;
};

std::optional<Digits> read_digits(std::string_view text) {
    Digits number;
    bool has_point = false;
    std::size_t at = 0;
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !has_point)); ++at) {
        if (text[at] == '.') {
            has_point = true;
            continue;
        }
        number.digits += text[at];
        number.point += has_point ? 0 : 1;
    }
    if (number.digits.empty() || number.digits.size() > 40)
        return std::nullopt;
    if (at == text.size())
        return number;
    if (text[at] != 'E' && text[at] != 'e')
        return std::nullopt;
    auto exponent = text.substr(at + 1);
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    int shift = 0;
    auto const [end, error] =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), shift);
    if (error != std::errc{} || end != exponent.data() + exponent.size() || shift > exponent_max ||
        shift < -exponent_max)
        return std::nullopt;
    number.point += shift;
    return number;
}

/// One more in the last place.
void increment(std::string& digits, std::ptrdiff_t& point) {
    for (auto at = digits.size(); at > 0; --at) {
        if (digits[at - 1] != '9') {
            ++digits[at - 1];
            return;
        }
        digits[at - 1] = '0';
    }
    digits.insert(digits.begin(), '1');
    ++point;
}

} // namespace

std::optional<std::string> plain_number(std::string_view text) {
    bool const is_negative = text.starts_with('-');
    if (is_negative)
        text.remove_prefix(1);
    auto number = read_digits(text);
    if (!number)
        return std::nullopt;
    auto& [digits, point] = *number;
    if (point < 0) {
        digits.insert(0, static_cast<std::size_t>(-point), '0');
        point = 0;
    }
    auto const kept = static_cast<std::size_t>(point) + decimals_max;
    if (digits.size() > kept) {
        bool const is_up = digits[kept] >= '5';
        digits.resize(kept);
        if (is_up)
            increment(digits, point);
    } else if (digits.size() < static_cast<std::size_t>(point)) {
        digits.append(static_cast<std::size_t>(point) - digits.size(), '0');
    }
    auto whole = digits.substr(0, static_cast<std::size_t>(point));
    auto part = digits.substr(static_cast<std::size_t>(point));
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
    part.erase(part.find_last_not_of('0') + 1);
    if (whole.size() > digits_max)
        return std::nullopt;
    bool const is_zero = whole.empty() && part.empty();
    return (is_negative && !is_zero ? "-" : "") + (whole.empty() ? "0" : whole) +
           (part.empty() ? "" : "." + part);
}

std::optional<std::string> date_of_serial(std::int64_t serial, bool is_1904) {
    using namespace std::chrono;
    constexpr std::int64_t serial_max = 110'000; // The year 2201.
    if (serial < 1 || serial > serial_max || (!is_1904 && serial == 60))
        return std::nullopt;
    // The 1900 system counts a 29th of February that was not.
    auto const start = is_1904       ? sys_days{1904y / January / 1}
                       : serial < 60 ? sys_days{1899y / December / 31}
                                     : sys_days{1899y / December / 30};
    year_month_day const date{start + days{serial}};
    std::array<char, 16> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02u",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
    return std::string{text.data()};
}

bool is_date_format(std::string_view code) {
    bool is_quoted = false;
    bool is_in_brackets = false;
    for (std::size_t at = 0; at < code.size(); ++at) {
        char const c = code[at];
        if (c == '"')
            is_quoted = !is_quoted;
        else if (is_quoted)
            continue;
        else if (c == '\\')
            ++at;
        else if (c == '[' || c == ']')
            is_in_brackets = c == '[';
        else if (!is_in_brackets && (c == 'd' || c == 'D' || c == 'y' || c == 'Y'))
            return true;
    }
    return false;
}

bool is_date_format(int built_in) {
    return (built_in >= 14 && built_in <= 17) || built_in == 22 ||
           (built_in >= 27 && built_in <= 31) || built_in == 36 ||
           (built_in >= 50 && built_in <= 58);
}

std::optional<std::size_t> column_of(std::string_view reference) {
    std::size_t column = 0;
    std::size_t letters = 0;
    for (char const c : reference) {
        if (c < 'A' || c > 'Z')
            break;
        column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
        if (++letters > 3)
            return std::nullopt;
    }
    if (letters == 0)
        return std::nullopt;
    return column - 1;
}

} // namespace fleet::tables
