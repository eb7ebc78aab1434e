#include "fleet-server/splitting/waterfall.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <tuple>

namespace fleet::splitting {

namespace {

struct Place {
    std::size_t debt = 0;
    std::size_t to = 0;
    bool is_after_all = false; ///< A penalty that waits for all debts.
    std::size_t priority = 0;  ///< Of its class.
};

std::optional<Place> place_of(Debts const& step, Debt const& debt, std::size_t index) {
    bool const waits = debt.is_penalty && step.penalties == Debts::Penalties::Last;
    auto const found =
        std::find_if(step.classes.begin(), step.classes.end(), [&](Debts::Class const& one) {
            return one.name == debt.service;
        });
    if (found != step.classes.end())
        return Place{
            index, found->to, waits, static_cast<std::size_t>(found - step.classes.begin())};
    if (step.others)
        return Place{index, *step.others, waits, step.classes.size()};
    return std::nullopt;
}

/// Debts of one class that are paid together.
bool are_together(Place const& left, Place const& right) {
    return left.is_after_all == right.is_after_all && left.priority == right.priority;
}

void pay_in_order(
    std::span<Place const> group, std::span<Money const> due, std::int64_t& left,
    std::vector<Payment>& payments) {
    for (Place const& place : group) {
        auto const part = std::min(left, due[place.debt].minor());
        if (part > 0)
            payments.push_back({place.debt, place.to, protocol::rub(part)});
        left -= part;
    }
}

void pay_pro_rata(
    std::span<Place const> group, std::span<Money const> due, std::int64_t& left,
    std::vector<Payment>& payments) {
    std::vector<Money> claims;
    std::int64_t together = 0;
    for (Place const& place : group) {
        claims.push_back(due[place.debt]);
        together += claims.back().minor();
    }
    Money const available = protocol::rub(std::min(left, together));
    auto const parts = protocol::share_by_claims(available, claims);
    assert(parts.has_value()); // Every claim was checked, and there is no more than they claim.
    for (std::size_t i = 0; i < group.size(); ++i)
        if ((*parts)[i].is_positive())
            payments.push_back({group[i].debt, group[i].to, (*parts)[i]});
    left -= available.minor();
}

} // namespace

std::vector<Payment> pay_debts(
    Debts const& step, std::span<Debt const> debts, std::span<Money const> due, Money available) {
    assert(due.size() == debts.size());
    std::vector<Place> order;
    for (std::size_t index = 0; index < debts.size(); ++index)
        if (due[index].is_positive())
            if (auto const place = place_of(step, debts[index], index))
                order.push_back(*place);
    std::sort(order.begin(), order.end(), [&](Place const& left, Place const& right) {
        auto const key = [&](Place const& place) {
            Debt const& debt = debts[place.debt];
            return std::tuple{
                place.is_after_all,
                place.priority,
                std::string_view{debt.due},
                debt.id,
                place.debt};
        };
        return key(left) < key(right);
    });

    std::int64_t left = available.minor();
    if (step.limit)
        left = std::min(left, step.limit->minor());
    std::vector<Payment> payments;
    for (auto first = order.begin(); first != order.end() && left > 0;) {
        auto const last = std::find_if(
            first, order.end(), [&](Place const& place) { return !are_together(*first, place); });
        if (step.within == Debts::Within::ProRata)
            pay_pro_rata({first, last}, due, left, payments);
        else
            pay_in_order({first, last}, due, left, payments);
        first = last;
    }
    return payments;
}

} // namespace fleet::splitting
