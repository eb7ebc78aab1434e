// Whatever stands where an amount should: it is refused, or it is an amount within the bound that
// every way of writing it brings back.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "protocol/money/amount_text.hpp"

namespace {

using namespace protocol;

void require(bool condition) {
    if (!condition)
        std::abort();
}

std::string without_end(std::string text, std::string_view end) {
    require(text.ends_with(end));
    text.resize(text.size() - end.size());
    return text;
}

void check_written(Money amount) {
    require(parse_amount(to_decimal(amount)) == amount);
    require(parse_amount(without_end(to_display(amount), "\u00A0₽")) == amount);
    require(parse_amount(without_end(to_paper(amount), " руб.")) == amount);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    if (auto const amount = parse_amount(text)) {
        require(amount->minor() <= amount_minor_max && amount->minor() >= -amount_minor_max);
        require(amount->currency() == Currency::RUB);
        check_written(*amount);
        std::string const padded = " " + std::string{text} + "\u00A0";
        require(parse_amount(padded) == amount);
    }
    std::int64_t minor = 0;
    std::memcpy(&minor, data, size < sizeof minor ? size : sizeof minor);
    auto const any = rub(minor);
    bool const is_within = minor <= amount_minor_max && minor >= -amount_minor_max;
    if (is_within)
        check_written(any);
    else
        require(parse_amount(to_decimal(any)) == tl::unexpected{AmountTextError::TooLarge});
    return 0;
}
