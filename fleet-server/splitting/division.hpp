#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet-server/splitting/rule.hpp"
#include "protocol/money/allocate.hpp"

/// A payment divided in its situation: debts of the account, residues of earlier payments, running
/// totals of capped receivers. Pure: what is state comes in and goes back as changes.
namespace fleet::splitting {

/// One debt of the account that was paid into.
struct Debt {
    std::int64_t id = 0;
    std::string service; ///< The class that a rule names.
    std::string due;     ///< ISO date; compares as text.
    Money amount = protocol::rub(0);
    bool is_penalty = false;
    friend bool operator==(Debt const&, Debt const&) = default;
};

struct Situation {
    Money credited = protocol::rub(0);
    std::span<Debt const> debts = {};
    /// Of all carrying allocations, one weight after the other in the order of the rule, see
    /// residue_count(); none: all 0.
    std::span<protocol::Residue const> residues = {};
    /// What each capped receiver has had in the period so far, one a cap in the order of the rule,
    /// see cap_count(); none: all 0.
    std::span<Money const> taken = {};
};

struct DebtPart {
    std::int64_t debt = 0;
    Money amount = protocol::rub(0);
    friend bool operator==(DebtPart const&, DebtPart const&) = default;
};

/// A step that could not get all that it asks for. An agent may want to know.
struct Shortfall {
    std::size_t step = 0;
    Money missing = protocol::rub(0);
    friend bool operator==(Shortfall const&, Shortfall const&) = default;
};

/// What one step gave one receiver: how a person follows a division.
struct Gift {
    std::size_t step = 0;
    std::size_t receiver = 0;
    Money amount = protocol::rub(0);
    friend bool operator==(Gift const&, Gift const&) = default;
};

struct Division {
    std::vector<Leg> legs; ///< By receiver; their gross sums are the credited sum.
    std::vector<DebtPart> debt_parts;
    std::vector<protocol::Residue> residues; ///< To be stored with the payment.
    std::vector<Shortfall> shortfalls;
    std::vector<Gift> gifts; ///< In the order of the steps; add up to the credited sum.
    friend bool operator==(Division const&, Division const&) = default;
};

[[nodiscard]] std::size_t residue_count(Rule const& rule);
[[nodiscard]] std::size_t cap_count(Rule const& rule);

enum class DivisionError : std::uint8_t {
    NotAnAmount,   ///< Negative, above amount_minor_max, or not in roubles; also a debt's.
    WrongResidues, ///< Not as many as the rule has, or broken: they belong to another rule.
    WrongTotals,   ///< Not as many as the rule has caps, or negative.
};
[[nodiscard]] std::string_view name(DivisionError error);

/// Divides into `division`, whose former content is lost and whose memory is used again: without
/// debts, a call asks for no memory once the vectors have grown.
[[nodiscard]] protocol::Result<void, DivisionError> divide_into(
    Rule const& rule, Situation const& situation, Division& division);
[[nodiscard]] protocol::Result<Division, DivisionError> divide(
    Rule const& rule, Situation const& situation);

} // namespace fleet::splitting
