#pragma once

#include <cstdint>
#include <optional>

#include "protocol/money/money.hpp"

/// The payer's side of a commission: what is taken on top of the payment, by whom-so-ever's rule.
/// The kiosk computes it before it takes money; the server computes it again from the same version.
namespace protocol::commission {

/// How the payer pays. A tariff is chosen by it.
enum class Channel : std::uint8_t { Cash = 1, Card = 2, Sbp = 3, Web = 4 };

/// Parts per million: 1 % is 10 000.
struct Rate {
    std::uint32_t ppm = 0;
    friend bool operator==(Rate const&, Rate const&) = default;
};

/// fee(net) = clamp(fixed + ceil(net * rate), minimum, maximum); 0 when net is 0. It never falls
/// when net grows. All amounts are of one currency.
struct Tariff {
    std::uint64_t version = 0; ///< Of the catalog entry it came with; printed and sent.
    Rate rate = {};
    Money fixed = rub(0);
    Money minimum = rub(0);
    std::optional<Money> maximum = std::nullopt;
    friend bool operator==(Tariff const&, Tariff const&) = default;
};

/// What becomes of cash that is already in the stacker. cash = fee + credited + change, always.
///
/// Let net be the greatest amount with net + fee(net) <= cash. The fee is fee(net). Where the fee's
/// rounding steps over the cash, one kopeck is left between net + fee(net) and cash; it is the
/// payer's, so it goes to `credited` = cash - fee, never to the fee: the fee is not above what the
/// tariff asks for `credited`. When net is 0 (cash below the smallest payable), there is no fee,
/// nothing is credited and the whole cash is `change`, which the payer is owed.
struct CashOutcome {
    Money fee;
    Money credited;
    Money change;
    friend bool operator==(CashOutcome const&, CashOutcome const&) = default;
};

/// What the payer gives so that `net` reaches the payee: due = net + fee.
struct DueOutcome {
    Money fee;
    Money due;
    friend bool operator==(DueOutcome const&, DueOutcome const&) = default;
};

enum class CommissionError : std::uint8_t {
    AmountOutOfRange, ///< Negative, or above amount_minor_max.
    TariffImpossible, ///< minimum > maximum, a bound out of range, or a rate of 100 % and more.
    CurrencyMismatch,
};

/// Can this tariff be computed at all? The functions below check it again: a tariff comes from
/// outside.
[[nodiscard]] Result<void, CommissionError> check(Tariff const& tariff);
/// What the payer pays on top so that `net` reaches the payee.
[[nodiscard]] Result<Money, CommissionError> fee_on(Tariff const& tariff, Money net);
/// The fee on `net` and the sum to ask the payer for.
[[nodiscard]] Result<DueOutcome, CommissionError> due_for(Tariff const& tariff, Money net);
/// What `cash`, already taken, pays for.
[[nodiscard]] Result<CashOutcome, CommissionError> settle_cash(Tariff const& tariff, Money cash);

/// The receiver's side: withheld from what the receiver is owed, half-up to the kopeck, clamped.
struct InternalCommission {
    Rate rate = {};
    Money minimum = rub(0);
    std::optional<Money> maximum = std::nullopt;
    friend bool operator==(InternalCommission const&, InternalCommission const&) = default;
};

/// min(gross, clamp(half_up(gross * rate), minimum, maximum)). 100 at 0.4 % is 0.40.
[[nodiscard]] Result<Money, CommissionError> withheld_from(
    InternalCommission const& commission, Money gross);

} // namespace protocol::commission
