#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "protocol/base/result.hpp"

namespace protocol {

/// ISO 4217 alphabetic codes of the currencies our validators are sold for.
enum class Currency : std::uint8_t { RUB, EUR, USD };

enum class MoneyError : std::uint8_t {
    CurrencyMismatch,
    Overflow,
    NotAnAmount, ///< Not a currency's code; a negative amount where only a positive one has sense.
    Indivisible, ///< A division by 0, or among receivers of whom none has a weight.
    BrokenResidues, ///< See allocate_carrying.
};

/// An exact amount in minor units (kopecks). There is no operator+ on purpose: every sum of money
/// can overflow or mix currencies, so every sum says what happens then.
class Money {
public:
    [[nodiscard]] static constexpr Money from_minor(std::int64_t minor, Currency currency) {
        return Money{minor, currency};
    }
    [[nodiscard]] static constexpr Money zero(Currency currency) { return Money{0, currency}; }

    [[nodiscard]] constexpr std::int64_t minor() const { return minor_; }
    [[nodiscard]] constexpr Currency currency() const { return currency_; }
    [[nodiscard]] constexpr bool is_zero() const { return minor_ == 0; }
    [[nodiscard]] constexpr bool is_positive() const { return minor_ > 0; }
    [[nodiscard]] constexpr bool is_negative() const { return minor_ < 0; }

    friend constexpr bool operator==(Money const&, Money const&) = default;

private:
    constexpr Money(std::int64_t minor, Currency currency) : minor_{minor}, currency_{currency} {}

    std::int64_t minor_;
    Currency currency_;
};

/// No single amount in this system is larger: 100 billion roubles, in minor units.
inline constexpr std::int64_t amount_minor_max = 10'000'000'000'000;

[[nodiscard]] constexpr Money rub(std::int64_t kopecks) {
    return Money::from_minor(kopecks, Currency::RUB);
}

[[nodiscard]] Result<Money, MoneyError> add(Money left, Money right);
[[nodiscard]] Result<Money, MoneyError> subtract(Money left, Money right);
[[nodiscard]] Result<Money, MoneyError> multiply(Money amount, std::int64_t count);
[[nodiscard]] Result<std::strong_ordering, MoneyError> compare(Money left, Money right);

/// "RUB", "EUR", "USD".
[[nodiscard]] std::string_view code(Currency currency);
[[nodiscard]] Result<Currency, MoneyError> currency_from_code(std::string_view code);

} // namespace protocol
