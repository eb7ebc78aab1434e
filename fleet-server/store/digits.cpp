#include "fleet-server/store/digits.hpp"

namespace fleet::store {

std::optional<std::int64_t> number_of_digits(std::string_view text) {
    if (text.size() != number_digits)
        return std::nullopt;
    std::int64_t number = 0;
    for (char const digit : text) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        number = number * 10 + (digit - '0');
    }
    return number;
}

std::string digits_of_number(std::int64_t number) {
    std::string text(number_digits, '0');
    for (std::size_t place = text.size(); place > 0 && number > 0; number /= 10)
        text[--place] = static_cast<char>('0' + number % 10);
    return text;
}

} // namespace fleet::store
