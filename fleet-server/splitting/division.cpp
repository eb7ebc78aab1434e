#include "fleet-server/splitting/division.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

#include "fleet-server/splitting/waterfall.hpp"
#include "protocol/money/rounding.hpp"

namespace fleet::splitting {

using protocol::fail;
using protocol::MoneyError;
using protocol::Result;

namespace {

/// Debts of one account in one payment: 30 services over ten years.
constexpr std::size_t debts_max = 4'000;

/// The division under way. Amounts are kopecks here: they were checked at the door, and no sum of
/// parts is above the credited sum.
class Course {
public:
    Course(Rule const& rule, Situation const& situation, Division& division)
        : rule_{rule}, situation_{situation}, division_{division} {
        rest_ = run_start_ = situation.credited.minor();
        allowed_.fill(protocol::amount_minor_max);
    }

    Result<void, MoneyError> run() {
        for (step_ = 0; step_ < rule_.steps.size(); ++step_) {
            Step const& step = rule_.steps[step_];
            if (!std::holds_alternative<Percent>(step))
                run_start_ = rest_;
            TRY_VOID(std::visit([this](auto const& s) { return carry_out(s); }, step));
            if (!std::holds_alternative<Percent>(step))
                run_start_ = rest_;
        }
        return {};
    }
    [[nodiscard]] std::int64_t gross(std::size_t receiver) const { return gross_[receiver]; }
    [[nodiscard]] std::int64_t rest() const { return rest_; }

private:
    /// As much as there is and the receiver may have.
    std::int64_t give(std::size_t receiver, std::int64_t amount) {
        assert(amount >= 0);
        auto const given = std::min({amount, rest_, allowed_[receiver]});
        if (given == 0)
            return 0;
        rest_ -= given;
        gross_[receiver] += given;
        allowed_[receiver] -= given;
        division_.gifts.push_back({step_, receiver, protocol::rub(given)});
        return given;
    }
    void note_shortfall(std::int64_t missing) {
        if (missing > 0)
            division_.shortfalls.push_back({step_, protocol::rub(missing)});
    }

    Result<void, MoneyError> carry_out(Fixed const& step) {
        note_shortfall(step.amount.minor() - give(step.to, step.amount.minor()));
        return {};
    }

    Result<void, MoneyError> carry_out(Percent const& step) {
        auto const ratio = protocol::parts_per_million(step.ppm);
        Money const base = base_of(step.base);
        TRY(Money const exact,
            step.rounding == Rounding::Floor ? protocol::floor_of(base, ratio)
                                             : protocol::half_up_of(base, ratio));
        auto part = std::max(exact.minor(), step.minimum.minor());
        if (step.maximum)
            part = std::min(part, step.maximum->minor());
        // A percent of nothing is nothing: its minimum is not owed by an empty payment.
        if (!base.is_zero())
            note_shortfall(part - give(step.to, part));
        return {};
    }
    [[nodiscard]] Money base_of(Base base) const {
        switch (base) {
        case Base::Credited: return situation_.credited;
        case Base::Start: return protocol::rub(run_start_);
        case Base::Rest: return protocol::rub(rest_);
        }
        return situation_.credited;
    }

    Result<void, MoneyError> carry_out(Debts const& step) {
        if (situation_.debts.empty())
            return {};
        if (due_.empty())
            for (Debt const& debt : situation_.debts)
                due_.push_back(debt.amount);
        for (auto const& payment : pay_debts(step, situation_.debts, due_, protocol::rub(rest_))) {
            auto const paid = give(payment.to, payment.amount.minor());
            if (paid == 0)
                continue;
            due_[payment.debt] = protocol::rub(due_[payment.debt].minor() - paid);
            division_.debt_parts.push_back(
                {situation_.debts[payment.debt].id, protocol::rub(paid)});
        }
        return {};
    }

    Result<void, MoneyError> carry_out(Cap const& step) {
        auto const had = situation_.taken.empty() ? 0 : situation_.taken[caps_seen_].minor();
        ++caps_seen_;
        auto const left = step.amount.minor() - had - gross_[step.to];
        allowed_[step.to] = std::min(allowed_[step.to], std::max<std::int64_t>(left, 0));
        return {};
    }

    Result<void, MoneyError> carry_out(Allocate const& step) {
        std::size_t const count = step.to.size();
        assert(count <= receivers_max && step.weights.size() == count);
        std::array<Money, receivers_max> parts = no_parts();
        auto const into = std::span{parts}.first(count);
        if (step.residues == Residues::Carry) {
            auto const carried = std::span{division_.residues}.subspan(residues_seen_, count);
            TRY_VOID(protocol::allocate_carrying_into(
                protocol::rub(rest_), step.weights, carried, into));
            residues_seen_ += count;
        } else {
            TRY_VOID(protocol::allocate_into(protocol::rub(rest_), step.weights, into));
        }
        for (std::size_t i = 0; i < count; ++i)
            note_shortfall(into[i].minor() - give(step.to[i], into[i].minor()));
        return {};
    }

    Result<void, MoneyError> carry_out(Remainder const& step) {
        allowed_[step.to] = protocol::amount_minor_max; // Somebody must have it.
        (void)give(step.to, rest_);
        return {};
    }

    static std::array<Money, receivers_max> no_parts() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array{((void)I, protocol::rub(0))...};
        }
        (std::make_index_sequence<receivers_max>{});
    }

    Rule const& rule_;
    Situation const& situation_;
    Division& division_;
    std::size_t step_ = 0;
    std::size_t caps_seen_ = 0;
    std::size_t residues_seen_ = 0;
    std::int64_t rest_ = 0;
    std::int64_t run_start_ = 0;
    std::vector<Money> due_; ///< What is left of each debt; empty before the first is paid.
    std::array<std::int64_t, receivers_max> gross_{};
    std::array<std::int64_t, receivers_max> allowed_{};
};

Result<void, DivisionError> check(Rule const& rule, Situation const& situation) {
    auto const is_amount = [](Money money) {
        return money.currency() == protocol::Currency::RUB && !money.is_negative() &&
               money.minor() <= protocol::amount_minor_max;
    };
    if (!is_amount(situation.credited) || situation.debts.size() > debts_max)
        return fail(DivisionError::NotAnAmount);
    for (Debt const& debt : situation.debts)
        if (debt.amount.currency() != protocol::Currency::RUB ||
            debt.amount.minor() > protocol::amount_minor_max)
            return fail(DivisionError::NotAnAmount);
    if (!situation.residues.empty() && situation.residues.size() != residue_count(rule))
        return fail(DivisionError::WrongResidues);
    if (!situation.taken.empty() && situation.taken.size() != cap_count(rule))
        return fail(DivisionError::WrongTotals);
    bool const totals_are_good =
        std::all_of(situation.taken.begin(), situation.taken.end(), is_amount);
    return totals_are_good ? Result<void, DivisionError>{} : fail(DivisionError::WrongTotals);
}

/// What the receiver gets of its gross, and what it owes us for it.
Leg leg_of(Rule const& rule, std::size_t receiver, Money gross) {
    Receiver const& who = rule.receivers[receiver];
    auto const commission = protocol::commission::withheld_from(who.withheld, gross);
    // A rule that was read has a commission that can be computed, and the gross is an amount.
    assert(commission.has_value());
    if (who.mode == CommissionMode::Invoiced)
        return Leg{receiver, gross, protocol::rub(0), gross, *commission};
    return Leg{
        receiver,
        gross,
        *commission,
        protocol::rub(gross.minor() - commission->minor()),
        protocol::rub(0)};
}

/// The law that everything rests on, told in other words than it was kept: legs and gifts are the
/// credited sum, and what is owed to whom adds up.
bool divides(Division const& division, Money credited) {
    std::int64_t in_legs = 0;
    for (Leg const& leg : division.legs) {
        if (!leg.gross.is_positive() || leg.withheld.is_negative() || leg.net.is_negative() ||
            leg.invoiced.is_negative() ||
            leg.gross.minor() != leg.withheld.minor() + leg.net.minor())
            return false;
        in_legs += leg.gross.minor(); // 16 parts of at most 10^13 fit.
    }
    auto const add = [](std::int64_t sum, auto const& part) { return sum + part.amount.minor(); };
    auto const in_gifts =
        std::accumulate(division.gifts.begin(), division.gifts.end(), std::int64_t{0}, add);
    auto const in_debts = std::accumulate(
        division.debt_parts.begin(), division.debt_parts.end(), std::int64_t{0}, add);
    return in_legs == credited.minor() && in_gifts == in_legs && in_debts <= in_legs;
}

DivisionError division_error(MoneyError error) {
    return error == MoneyError::BrokenResidues ? DivisionError::WrongResidues
                                               : DivisionError::NotAnAmount;
}

} // namespace

std::size_t residue_count(Rule const& rule) {
    std::size_t count = 0;
    for (Step const& step : rule.steps)
        if (auto const* const allocate = std::get_if<Allocate>(&step))
            count += allocate->residues == Residues::Carry ? allocate->to.size() : 0;
    return count;
}

std::size_t cap_count(Rule const& rule) {
    return static_cast<std::size_t>(
        std::count_if(rule.steps.begin(), rule.steps.end(), [](Step const& step) {
            return std::holds_alternative<Cap>(step);
        }));
}

std::string_view name(DivisionError error) {
    switch (error) {
    case DivisionError::NotAnAmount: return "NotAnAmount";
    case DivisionError::WrongResidues: return "WrongResidues";
    case DivisionError::WrongTotals: return "WrongTotals";
    }
    return "?";
}

Result<void, DivisionError> divide_into(
    Rule const& rule, Situation const& situation, Division& division) {
    TRY_VOID(check(rule, situation));
    division.legs.clear();
    division.debt_parts.clear();
    division.shortfalls.clear();
    division.gifts.clear();
    division.residues.assign(situation.residues.begin(), situation.residues.end());
    if (situation.residues.empty())
        division.residues.resize(residue_count(rule));

    Course course{rule, situation, division};
    if (auto const run = course.run(); !run)
        return fail(division_error(run.error()));
    assert(course.rest() == 0 || rule.steps.empty());
    for (std::size_t receiver = 0; receiver < rule.receivers.size(); ++receiver)
        if (auto const gross = course.gross(receiver); gross > 0)
            division.legs.push_back(leg_of(rule, receiver, protocol::rub(gross)));
    assert(divides(division, situation.credited));
    return {};
}

Result<Division, DivisionError> divide(Rule const& rule, Situation const& situation) {
    Division division;
    TRY_VOID(divide_into(rule, situation, division));
    return division;
}

Result<std::vector<Leg>, MoneyError> split(Rule const& rule, Money credited) {
    if (credited.currency() != protocol::Currency::RUB)
        return fail(MoneyError::CurrencyMismatch);
    auto division = divide(rule, {.credited = credited});
    if (!division)
        return fail(MoneyError::NotAnAmount);
    return std::move(division->legs);
}

} // namespace fleet::splitting
