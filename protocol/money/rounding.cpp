#include "protocol/money/rounding.hpp"

#include <limits>

namespace protocol {
namespace {

__extension__ using Wide = __int128;

/// product / denominator, cut towards zero, and what the cut left. 2^63 * (2^64 - 1) < 2^127: the
/// product of any amount and any numerator fits.
struct Division {
    Wide quotient;
    Wide remainder; ///< Has the sign of the product.
    Wide denominator;
};

Result<Division, MoneyError> divide(Money amount, Ratio ratio) {
    if (ratio.denominator == 0)
        return fail(MoneyError::Indivisible);
    Wide const product = Wide{amount.minor()} * Wide{ratio.numerator};
    Wide const denominator = Wide{ratio.denominator};
    return Division{product / denominator, product % denominator, denominator};
}

Result<Money, MoneyError> narrow(Wide minor, Currency currency) {
    if (minor < std::numeric_limits<std::int64_t>::min() ||
        minor > std::numeric_limits<std::int64_t>::max())
        return fail(MoneyError::Overflow);
    return Money::from_minor(static_cast<std::int64_t>(minor), currency);
}

} // namespace

Result<Money, MoneyError> floor_of(Money amount, Ratio ratio) {
    TRY(auto const division, divide(amount, ratio));
    return narrow(division.quotient - (division.remainder < 0 ? 1 : 0), amount.currency());
}

Result<Money, MoneyError> ceil_of(Money amount, Ratio ratio) {
    TRY(auto const division, divide(amount, ratio));
    return narrow(division.quotient + (division.remainder > 0 ? 1 : 0), amount.currency());
}

Result<Money, MoneyError> half_up_of(Money amount, Ratio ratio) {
    TRY(auto const division, divide(amount, ratio));
    Wide const left = division.remainder < 0 ? -division.remainder : division.remainder;
    Wide const away = amount.is_negative() ? -1 : 1;
    // left * 2 < 2^65: the comparison cannot overflow.
    bool const rounds_away = left * 2 >= division.denominator;
    return narrow(division.quotient + (rounds_away ? away : 0), amount.currency());
}

} // namespace protocol
