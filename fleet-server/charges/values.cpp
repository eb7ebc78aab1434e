#include "fleet-server/charges/values.hpp"

#include <algorithm>
#include <chrono>

namespace fleet::charges {

namespace {

constexpr int year_min = 1990;
constexpr int year_max = 2100;
constexpr int decimals_max = 6;
constexpr std::size_t digits_max = 15;

__extension__ using Wide = __int128;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// All of `text` as a number; -1 when it is not so many digits.
int number(std::string_view text, std::size_t digits) {
    if (text.size() != digits || !std::all_of(text.begin(), text.end(), is_digit))
        return -1;
    int value = 0;
    for (char const c : text)
        value = value * 10 + (c - '0');
    return value;
}

std::string padded(int value, std::size_t digits) {
    auto text = std::to_string(value);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

std::optional<std::string> month(int year, int of_year) {
    if (year < year_min || year > year_max || of_year < 1 || of_year > 12)
        return std::nullopt;
    return padded(year, 4) + "-" + padded(of_year, 2);
}

} // namespace

std::optional<std::string> read_date(std::string_view text) {
    constexpr std::size_t size = 10;
    if (text.size() != size)
        return std::nullopt;
    bool const is_iso = text[4] == '-' && text[7] == '-';
    bool const is_russian = text[2] == '.' && text[5] == '.';
    if (!is_iso && !is_russian)
        return std::nullopt;
    int const y = is_iso ? number(text.substr(0, 4), 4) : number(text.substr(6), 4);
    int const m = is_iso ? number(text.substr(5, 2), 2) : number(text.substr(3, 2), 2);
    int const d = is_iso ? number(text.substr(8), 2) : number(text.substr(0, 2), 2);
    auto const prefix = month(y, m);
    if (!prefix || d < 1)
        return std::nullopt;
    auto const date = std::chrono::year{y} / std::chrono::month{static_cast<unsigned>(m)} /
                      std::chrono::day{static_cast<unsigned>(d)};
    if (!date.ok())
        return std::nullopt;
    return *prefix + "-" + padded(d, 2);
}

std::optional<std::string> read_period(std::string_view text) {
    if (auto const date = read_date(text))
        return date->substr(0, 7);
    if (text.size() == 7 && text[2] == '.')
        return month(number(text.substr(3), 4), number(text.substr(0, 2), 2));
    if (text.size() == 7 && text[4] == '-')
        return month(number(text.substr(0, 4), 4), number(text.substr(5), 2));
    if (text.size() == 6) {
        // 092009 or 200909: no year from 1990 to 2100 begins with a month, so only one can be
        // meant.
        if (auto first = month(number(text.substr(2), 4), number(text.substr(0, 2), 2)))
            return first;
        return month(number(text.substr(0, 4), 4), number(text.substr(4), 2));
    }
    return std::nullopt;
}

std::optional<Decimal> read_decimal(std::string_view text) {
    bool const is_negative = !text.empty() && text.front() == '-';
    if (is_negative)
        text.remove_prefix(1);
    Decimal decimal;
    std::size_t digits = 0;
    bool is_after_mark = false;
    for (char const c : text) {
        if (is_digit(c) && ++digits <= digits_max) {
            decimal.digits = decimal.digits * 10 + (c - '0');
            decimal.decimals += is_after_mark ? 1 : 0;
        } else if ((c == ',' || c == '.') && !is_after_mark && digits > 0) {
            is_after_mark = true;
        } else {
            return std::nullopt;
        }
    }
    bool const ends_with_mark = is_after_mark && decimal.decimals == 0;
    if (digits == 0 || ends_with_mark || decimal.decimals > decimals_max)
        return std::nullopt;
    decimal.digits = is_negative ? -decimal.digits : decimal.digits;
    return decimal;
}

std::optional<protocol::Money> multiply(Decimal tariff, Decimal quantity) {
    Wide scale = 1;
    for (int i = 0; i < tariff.decimals + quantity.decimals; ++i)
        scale *= 10;
    // In kopecks: product * 100 / scale, half of the scale added for the rounding.
    Wide const product = static_cast<Wide>(tariff.digits) * quantity.digits * 100;
    Wide const size = product < 0 ? -product : product;
    Wide const kopecks = (size + scale / 2) / scale;
    if (kopecks > protocol::amount_minor_max)
        return std::nullopt;
    auto const whole = static_cast<std::int64_t>(kopecks);
    return protocol::rub(product < 0 ? -whole : whole);
}

} // namespace fleet::charges
