#include "protocol/commission/tariff.hpp"

#include <cassert>

#include "protocol/money/rounding.hpp"

namespace protocol::commission {
namespace {

bool is_amount(Money money) {
    return !money.is_negative() && money.minor() <= amount_minor_max;
}

/// One currency, bounds in order, less than 100 %. What both sides of a commission have in common.
Result<void, CommissionError> check_bounds(
    Rate rate, Money minimum, std::optional<Money> const& maximum) {
    if (maximum && maximum->currency() != minimum.currency())
        return fail(CommissionError::CurrencyMismatch);
    if (rate.ppm >= parts_per_whole || !is_amount(minimum))
        return fail(CommissionError::TariffImpossible);
    if (maximum && (!is_amount(*maximum) || maximum->minor() < minimum.minor()))
        return fail(CommissionError::TariffImpossible);
    return {};
}

Result<void, CommissionError> check_amount(Money amount, Currency currency) {
    if (amount.currency() != currency)
        return fail(CommissionError::CurrencyMismatch);
    if (!is_amount(amount))
        return fail(CommissionError::AmountOutOfRange);
    return {};
}

Money clamp(Money amount, Money minimum, std::optional<Money> const& maximum) {
    if (amount.minor() < minimum.minor())
        return minimum;
    if (maximum && amount.minor() > maximum->minor())
        return *maximum;
    return amount;
}

/// Both are within amount_minor_max, or a sum of two such: far from the end of 64 bits.
Money sum_of_bounded(Money left, Money right) {
    auto const sum = add(left, right);
    assert(sum);
    return *sum;
}

/// fee_on for a tariff and an amount that are already checked.
Money fee_of(Tariff const& tariff, Money net) {
    if (net.is_zero())
        return net;
    auto const share = ceil_of(net, parts_per_million(tariff.rate.ppm));
    assert(share); // Less than net, the rate being below 100 %.
    return clamp(sum_of_bounded(tariff.fixed, *share), tariff.minimum, tariff.maximum);
}

/// The greatest net whose due is not above the cash. net + fee(net) grows with net (by 1 or 2
/// kopecks a kopeck), so halving the interval finds it in 44 steps at most.
Money greatest_net(Tariff const& tariff, Money cash) {
    std::int64_t affordable = 0;
    std::int64_t too_much = cash.minor() + 1;
    while (too_much - affordable > 1) {
        std::int64_t const middle = affordable + (too_much - affordable) / 2;
        Money const net = Money::from_minor(middle, cash.currency());
        if (sum_of_bounded(net, fee_of(tariff, net)).minor() <= cash.minor())
            affordable = middle;
        else
            too_much = middle;
    }
    return Money::from_minor(affordable, cash.currency());
}

} // namespace

Result<void, CommissionError> check(Tariff const& tariff) {
    TRY_VOID(check_bounds(tariff.rate, tariff.minimum, tariff.maximum));
    if (tariff.fixed.currency() != tariff.minimum.currency())
        return fail(CommissionError::CurrencyMismatch);
    if (!is_amount(tariff.fixed))
        return fail(CommissionError::TariffImpossible);
    return {};
}

Result<Money, CommissionError> fee_on(Tariff const& tariff, Money net) {
    TRY_VOID(check(tariff));
    TRY_VOID(check_amount(net, tariff.fixed.currency()));
    return fee_of(tariff, net);
}

Result<DueOutcome, CommissionError> due_for(Tariff const& tariff, Money net) {
    TRY(Money const fee, fee_on(tariff, net));
    Money const due = sum_of_bounded(net, fee);
    TRY_VOID(check_amount(due, net.currency()));
    return DueOutcome{.fee = fee, .due = due};
}

Result<CashOutcome, CommissionError> settle_cash(Tariff const& tariff, Money cash) {
    TRY_VOID(check(tariff));
    TRY_VOID(check_amount(cash, tariff.fixed.currency()));
    Money const nothing = Money::zero(cash.currency());
    Money const net = greatest_net(tariff, cash);
    if (net.is_zero())
        return CashOutcome{.fee = nothing, .credited = nothing, .change = cash};

    Money const fee = fee_of(tariff, net);
    Money const credited = Money::from_minor(cash.minor() - fee.minor(), cash.currency());
    assert(credited.minor() - net.minor() <= 1);
    return CashOutcome{.fee = fee, .credited = credited, .change = nothing};
}

Result<Money, CommissionError> withheld_from(InternalCommission const& commission, Money gross) {
    TRY_VOID(check_bounds(commission.rate, commission.minimum, commission.maximum));
    TRY_VOID(check_amount(gross, commission.minimum.currency()));
    auto const share = half_up_of(gross, parts_per_million(commission.rate.ppm));
    assert(share);
    Money const withheld = clamp(*share, commission.minimum, commission.maximum);
    return withheld.minor() < gross.minor() ? withheld : gross;
}

} // namespace protocol::commission
