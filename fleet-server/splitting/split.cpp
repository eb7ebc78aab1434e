#include <algorithm>
#include <array>
#include <cassert>
#include <random>

#include "fleet-server/splitting/rule.hpp"
#include "protocol/money/allocate.hpp"
#include "protocol/money/amount_text.hpp"
#include "protocol/money/rounding.hpp"

namespace fleet::splitting {

using protocol::Complaint;
using protocol::fail;
using protocol::MoneyError;
using protocol::Result;

namespace {

/// The division under way: what is left, and what each receiver has got.
struct Division {
    Money credited;
    Money rest;
    std::vector<Money> gross;

    [[nodiscard]] Result<void, MoneyError> give(std::size_t receiver, Money amount) {
        TRY(rest, protocol::subtract(rest, amount));
        TRY(gross[receiver], protocol::add(gross[receiver], amount));
        return {};
    }
};

Money least(Money left, Money right) {
    return left.minor() < right.minor() ? left : right;
}

Result<void, MoneyError> carry_out(Fixed const& step, Division& division) {
    return division.give(step.to, least(step.amount, division.rest));
}

Result<void, MoneyError> carry_out(Percent const& step, Division& division) {
    Money const base = step.base == Base::Credited ? division.credited : division.rest;
    auto const ratio = protocol::parts_per_million(step.ppm);
    TRY(Money const part,
        step.rounding == Rounding::Floor ? protocol::floor_of(base, ratio)
                                         : protocol::half_up_of(base, ratio));
    return division.give(step.to, least(part, division.rest));
}

Result<void, MoneyError> carry_out(Allocate const& step, Division& division) {
    TRY(auto const parts, protocol::allocate(division.rest, step.weights));
    assert(parts.size() == step.to.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        TRY_VOID(division.give(step.to[i], parts[i]));
    return {};
}

Result<void, MoneyError> carry_out(Remainder const& step, Division& division) {
    return division.give(step.to, division.rest);
}

MoneyError money_error(protocol::commission::CommissionError error) {
    using protocol::commission::CommissionError;
    switch (error) {
    case CommissionError::AmountOutOfRange:
    case CommissionError::TariffImpossible: return MoneyError::NotAnAmount;
    case CommissionError::CurrencyMismatch: return MoneyError::CurrencyMismatch;
    }
    return MoneyError::NotAnAmount;
}

/// Whether the legs are a division of `credited` at all: the law that everything rests on.
bool divides(std::vector<Leg> const& legs, Money credited) {
    std::int64_t sum = 0;
    for (Leg const& leg : legs) {
        if (!leg.gross.is_positive() || leg.withheld.is_negative() || leg.net.is_negative() ||
            leg.gross.minor() != leg.withheld.minor() + leg.net.minor())
            return false;
        sum += leg.gross.minor(); // 16 parts of at most 10^13 fit.
    }
    return sum == credited.minor();
}

} // namespace

Result<std::vector<Leg>, MoneyError> split(Rule const& rule, Money credited) {
    if (credited.is_negative() || credited.minor() > protocol::amount_minor_max)
        return fail(MoneyError::NotAnAmount);
    if (credited.currency() != protocol::Currency::RUB)
        return fail(MoneyError::CurrencyMismatch);
    Division division{
        credited,
        credited,
        std::vector<Money>(rule.receivers.size(), Money::zero(credited.currency()))};
    for (Step const& step : rule.steps)
        TRY_VOID(std::visit([&](auto const& s) { return carry_out(s, division); }, step));

    std::vector<Leg> legs;
    for (std::size_t receiver = 0; receiver < rule.receivers.size(); ++receiver) {
        Money const gross = division.gross[receiver];
        if (gross.is_zero())
            continue;
        auto const withheld =
            protocol::commission::withheld_from(rule.receivers[receiver].withheld, gross);
        if (!withheld)
            return fail(money_error(withheld.error()));
        TRY(Money const net, protocol::subtract(gross, *withheld));
        legs.push_back(Leg{receiver, gross, *withheld, net});
    }
    assert(divides(legs, credited));
    return legs;
}

std::optional<Complaint> try_rule(Rule const& rule) {
    constexpr int random_amounts = 10'000;
    constexpr std::array<std::int64_t, 8> edges = {
        0, 1, 2, 3, 99, 100, protocol::amount_minor_max - 1, protocol::amount_minor_max};
    std::mt19937_64 random{56042}; // A fixed seed: a rule passes today and tomorrow or never.
    for (int n = 0; n < random_amounts + static_cast<int>(edges.size()); ++n) {
        auto const index = static_cast<std::size_t>(n);
        // Small sums as often as large ones: rounding hides in small ones.
        std::uint64_t const bits = 1 + random() % 44;
        auto const drawn = static_cast<std::int64_t>(random() % (std::uint64_t{1} << bits));
        Money const amount = protocol::rub(
            index < edges.size() ? edges[index] : std::min(drawn, protocol::amount_minor_max));
        auto const legs = split(rule, amount);
        if (!legs || !divides(*legs, amount))
            return Complaint{
                "steps",
                "the rule does not divide " + protocol::to_decimal(amount) + " without a rest",
                "make rates and amounts smaller"};
    }
    return std::nullopt;
}

} // namespace fleet::splitting
