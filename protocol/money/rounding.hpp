#pragma once

#include <cstdint>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// The only three divisions of money in this system. Each names its rounding; nothing else divides.
/// The product is kept in 128 bits, so no amount and no ratio loses a digit on the way.
namespace protocol {

/// numerator / denominator, not negative. A rate of 0.4 % is {4'000, 1'000'000}.
struct Ratio {
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 1;
    friend bool operator==(Ratio const&, Ratio const&) = default;
};

/// Rates are written in parts per million: 1 % is 10 000.
inline constexpr std::uint64_t parts_per_whole = 1'000'000;

[[nodiscard]] constexpr Ratio parts_per_million(std::uint32_t ppm) {
    return Ratio{ppm, parts_per_whole};
}

/// All three: MoneyError::Indivisible when the denominator is 0, MoneyError::Overflow when the
/// quotient does not fit; never a wrapped number.

/// The greatest whole kopeck that is not above amount * ratio: -0.5 becomes -1.
[[nodiscard]] Result<Money, MoneyError> floor_of(Money amount, Ratio ratio);
/// The least whole kopeck that is not below amount * ratio: -0.5 becomes 0.
[[nodiscard]] Result<Money, MoneyError> ceil_of(Money amount, Ratio ratio);
/// The nearest whole kopeck; a half goes away from zero, so that a reversal mirrors its original:
/// 0.5 becomes 1, -0.5 becomes -1.
[[nodiscard]] Result<Money, MoneyError> half_up_of(Money amount, Ratio ratio);

} // namespace protocol
