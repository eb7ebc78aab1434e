#include "protocol/bill-code/period.hpp"

#include <cstddef>

namespace protocol::bill_code {
namespace {

constexpr int year_first = 1990;
constexpr int year_last = 2099;
constexpr std::size_t year_digits = 4;

/// At most four digits.
std::optional<int> read_number(std::string_view digits) {
    if (digits.empty() || digits.size() > year_digits)
        return std::nullopt;
    int number = 0;
    for (char const digit : digits) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        number = number * 10 + (digit - '0');
    }
    return number;
}

std::optional<std::string> join(std::string_view year_text, std::string_view month_text) {
    auto const year = read_number(year_text);
    auto const month = read_number(month_text);
    if (year_text.size() != year_digits || month_text.size() > 2 || !year || !month)
        return std::nullopt;
    if (*year < year_first || *year > year_last || *month < 1 || *month > 12)
        return std::nullopt;
    return std::string{year_text} + (*month < 10 ? "-0" : "-") + std::to_string(*month);
}

} // namespace

std::optional<std::string> read_period(std::string_view text) {
    auto const separator = text.find_first_of("./-");
    if (separator != std::string_view::npos) {
        std::string_view const left = text.substr(0, separator);
        std::string_view const right = text.substr(separator + 1);
        auto const month_first = join(right, left);
        return month_first ? month_first : join(left, right);
    }
    if (text.size() != year_digits + 2)
        return std::nullopt;
    auto const month_first = join(text.substr(2), text.substr(0, 2));
    return month_first ? month_first : join(text.substr(0, year_digits), text.substr(year_digits));
}

} // namespace protocol::bill_code
