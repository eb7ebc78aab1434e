#include "protocol/money/money.hpp"

namespace protocol {

Result<Money, MoneyError> add(Money left, Money right) {
    if (left.currency() != right.currency())
        return fail(MoneyError::CurrencyMismatch);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.minor(), right.minor(), &sum))
        return fail(MoneyError::Overflow);
    return Money::from_minor(sum, left.currency());
}

Result<Money, MoneyError> subtract(Money left, Money right) {
    if (left.currency() != right.currency())
        return fail(MoneyError::CurrencyMismatch);
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(left.minor(), right.minor(), &difference))
        return fail(MoneyError::Overflow);
    return Money::from_minor(difference, left.currency());
}

Result<Money, MoneyError> multiply(Money amount, std::int64_t count) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(amount.minor(), count, &product))
        return fail(MoneyError::Overflow);
    return Money::from_minor(product, amount.currency());
}

Result<std::strong_ordering, MoneyError> compare(Money left, Money right) {
    if (left.currency() != right.currency())
        return fail(MoneyError::CurrencyMismatch);
    return left.minor() <=> right.minor();
}

std::string_view code(Currency currency) {
    switch (currency) {
    case Currency::RUB: return "RUB";
    case Currency::EUR: return "EUR";
    case Currency::USD: return "USD";
    }
    return "RUB";
}

Result<Currency, MoneyError> currency_from_code(std::string_view text) {
    if (text == "RUB")
        return Currency::RUB;
    if (text == "EUR")
        return Currency::EUR;
    if (text == "USD")
        return Currency::USD;
    return fail(MoneyError::NotAnAmount);
}

} // namespace protocol
