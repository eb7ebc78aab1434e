#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/commission/tariff.hpp"
#include "protocol/money/money.hpp"

/// A rule that divides what a payer paid among receivers: text, checked, then pure arithmetic.
///
///     effective_from = "2010-01-01"          # or "2010-01-01T00:00+03:00"
///     [[receivers]]
///     name = "uniservis"
///     inn = "7729524407"
///     withheld = { rate = "0.4 %", minimum = "0.00" }   # or invoiced = { ... }, or neither
///     [[steps]]
///     kind = "remainder"
///     to = "uniservis"
///
/// Other steps, over a running rest that begins as the whole credited sum:
///     kind = "fixed"      to = "fund"   amount = "15.00"       takes min(amount, rest)
///     kind = "percent"    to = "fund"   rate = "1.5 %"  base = "credited" | "start" | "rest"
///                         round = "floor" | "half-up"   minimum = "1.00"   maximum = "50.00"
///                                                              takes min(part, rest)
///     kind = "debts"      classes = [{ name = "heat", to = "heat" }, { name = "water", to = "uk"
///     }]
///                         others = "uk"   within = "by-date" | "pro-rata"
///                         penalties = "last" | "in-turn"   limit = "5000.00"
///                                                              pays what the account owes
///     kind = "cap"        to = "fund"   period = "day" | "month" | "year"   amount = "1000.00"
///                                       from here on `fund` gets no more than this in a period
///     kind = "allocate"   shares = [{ to = "water", weight = 70 }, { to = "heat", weight = 30 }]
///                         residue = "carry" | "none"           takes the whole rest
/// docs/split-rule.schema.json is the same for editors.
namespace fleet::splitting {

using protocol::Money;

inline constexpr std::size_t receivers_max = 16; ///< Bounds the legs of a ledger entry.
inline constexpr std::size_t steps_max = 32;
inline constexpr std::size_t rule_text_max = 64UL * 1024;

/// How a receiver pays its commission to us.
enum class CommissionMode : std::uint8_t {
    Withheld, ///< From each payout: the receiver is owed gross - commission.
    Invoiced, ///< By an invoice later: the receiver is owed the gross, and owes the commission.
};

struct Receiver {
    std::string name; ///< Within the rule: letters, digits, '-', '_'.
    std::string inn;
    protocol::commission::InternalCommission withheld; ///< The commission, in either mode.
    CommissionMode mode = CommissionMode::Withheld;
    friend bool operator==(Receiver const&, Receiver const&) = default;
};

enum class Base : std::uint8_t {
    Credited, ///< The whole sum.
    Start,    ///< The rest where this run of percents began: their order does not matter.
    Rest,     ///< What is left at this step.
};
enum class Rounding : std::uint8_t { Floor, HalfUp };

struct Fixed {
    std::size_t to = 0; ///< Index of a receiver.
    Money amount = protocol::rub(0);
    friend bool operator==(Fixed const&, Fixed const&) = default;
};
struct Percent {
    std::size_t to = 0;
    std::uint32_t ppm = 0;
    Base base = Base::Credited;
    Rounding rounding = Rounding::Floor;
    Money minimum = protocol::rub(0);
    std::optional<Money> maximum = std::nullopt;
    friend bool operator==(Percent const&, Percent const&) = default;
};

/// Pays debts of the account, each to at most what is due. The order: the classes as listed, then
/// the others; within a class by due date and then by number, or all of it pro rata.
struct Debts {
    struct Class {
        std::string name; ///< The service, as the provider's register calls it.
        std::size_t to = 0;
        friend bool operator==(Class const&, Class const&) = default;
    };
    enum class Within : std::uint8_t { ByDate, ProRata };
    enum class Penalties : std::uint8_t {
        Last,   ///< After all debts of all classes: the law's order when nobody chooses.
        InTurn, ///< With the debts of their class.
    };
    std::vector<Class> classes;
    std::optional<std::size_t> others = std::nullopt; ///< Debts of no class listed; else left.
    Within within = Within::ByDate;
    Penalties penalties = Penalties::Last;
    std::optional<Money> limit = std::nullopt; ///< Of this step, in a payment.
    friend bool operator==(Debts const&, Debts const&) = default;
};

/// From this step on the receiver gets at most what is left of `amount` in the period. What it may
/// not have stays in the rest.
enum class Period : std::uint8_t { Day, Month, Year };
struct Cap {
    std::size_t to = 0;
    Period period = Period::Month;
    Money amount = protocol::rub(0);
    friend bool operator==(Cap const&, Cap const&) = default;
};

/// Residues: with Carry the fraction of a kopeck that a receiver lost by rounding is remembered,
/// and no receiver drifts from its share. None: anybody can recompute the shares of one payment.
enum class Residues : std::uint8_t { None, Carry };
struct Allocate {
    std::vector<std::size_t> to;
    std::vector<std::uint32_t> weights; ///< One for each of `to`; ties of rounding go to the first.
    Residues residues = Residues::None;
    friend bool operator==(Allocate const&, Allocate const&) = default;
};
struct Remainder {
    std::size_t to = 0;
    friend bool operator==(Remainder const&, Remainder const&) = default;
};
using Step = std::variant<Fixed, Percent, Debts, Cap, Allocate, Remainder>;

struct Rule {
    std::chrono::sys_time<std::chrono::milliseconds> effective_from;
    std::vector<Receiver> receivers; ///< In the order of the text.
    std::vector<Step> steps;
    friend bool operator==(Rule const&, Rule const&) = default;
};

/// Reads and checks everything that the text alone can tell: exactly one remainder and it is last,
/// weights positive, percents of the credited sum at most 100 %, receivers named and used, bounds
/// in order, no unknown key. The complaint that stands first in the text is placed "rule:7".
[[nodiscard]] protocol::Result<Rule, protocol::Complaint> read_rule(std::string_view text);

/// Runs the rule over 10 000 amounts, from nothing to the greatest: a last doubt before it is put
/// in force, and no proof.
[[nodiscard]] std::optional<protocol::Complaint> try_rule(Rule const& rule);

/// What one receiver gets: gross = net + withheld. Receivers that get nothing have no leg.
struct Leg {
    std::size_t receiver = 0;
    Money gross = protocol::rub(0);
    Money withheld = protocol::rub(0);
    Money net = protocol::rub(0);
    Money invoiced = protocol::rub(0); ///< Owed to us besides; not a part of gross.
    friend bool operator==(Leg const&, Leg const&) = default;
};

/// The legs by receiver, each receiver once; their gross sums add up to `credited`, always: a
/// payment into an account without debts, with residues and running totals at 0. See divide().
/// Fails only for an amount that is negative, above amount_minor_max or not in roubles.
[[nodiscard]] protocol::Result<std::vector<Leg>, protocol::MoneyError> split(
    Rule const& rule, Money credited);

} // namespace fleet::splitting
