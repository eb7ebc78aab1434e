#pragma once

#include <span>
#include <vector>

#include "fleet-server/splitting/division.hpp"

/// The order in which debts are paid.
namespace fleet::splitting {

struct Payment {
    std::size_t debt = 0; ///< Index into the debts.
    std::size_t to = 0;   ///< Receiver.
    Money amount = protocol::rub(0);
};

/// Who gets how much of at most `available`: never more than is due, the first in order first.
/// `due` is what is left of each debt, for a step before this one may have paid it. What is not
/// positive, or of no class of the step, is left. Every amount must be in roubles and at most
/// amount_minor_max.
[[nodiscard]] std::vector<Payment> pay_debts(
    Debts const& step, std::span<Debt const> debts, std::span<Money const> due, Money available);

} // namespace fleet::splitting
