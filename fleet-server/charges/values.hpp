#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/money/money.hpp"

/// Values of register cells.
namespace fleet::charges {

/// "2009-09-01" or "01.09.2009" -> "2009-09-01"; years 1990 to 2100.
[[nodiscard]] std::optional<std::string> read_date(std::string_view text);

/// "09.2009", "2009-09", "092009", "200909", or a date of the month -> "2009-09".
[[nodiscard]] std::optional<std::string> read_period(std::string_view text);

/// A decimal number of a register: tariffs and quantities have up to six decimals.
struct Decimal {
    std::int64_t digits = 0;
    int decimals = 0;
};
[[nodiscard]] std::optional<Decimal> read_decimal(std::string_view text);

/// tariff x quantity, half-up to the kopeck, away from zero. nullopt: it does not fit.
[[nodiscard]] std::optional<protocol::Money> multiply(Decimal tariff, Decimal quantity);

} // namespace fleet::charges
