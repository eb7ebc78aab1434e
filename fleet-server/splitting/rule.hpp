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
///     withheld = { rate = "0.4 %", minimum = "0.00" }
///     [[steps]]
///     kind = "remainder"
///     to = "uniservis"
///
/// Other steps, over a running rest that begins as the whole credited sum:
///     kind = "fixed"      to = "fund"   amount = "15.00"       takes min(amount, rest)
///     kind = "percent"    to = "fund"   rate = "1.5 %"  base = "credited" | "rest"
///                                       round = "floor" | "half-up"        takes min(part, rest)
///     kind = "allocate"   shares = [{ to = "water", weight = 70 }, { to = "heat", weight = 30 }]
///                                                              takes the whole rest
namespace fleet::splitting {

using protocol::Money;

inline constexpr std::size_t receivers_max = 16; ///< Bounds the legs of a ledger entry.
inline constexpr std::size_t steps_max = 32;
inline constexpr std::size_t rule_text_max = 64UL * 1024;

struct Receiver {
    std::string name; ///< Within the rule: letters, digits, '-', '_'.
    std::string inn;
    protocol::commission::InternalCommission withheld;
    friend bool operator==(Receiver const&, Receiver const&) = default;
};

enum class Base : std::uint8_t { Credited, Rest };
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
    friend bool operator==(Percent const&, Percent const&) = default;
};
struct Allocate {
    std::vector<std::size_t> to;
    std::vector<std::uint32_t> weights; ///< One for each of `to`; ties of rounding go to the first.
    friend bool operator==(Allocate const&, Allocate const&) = default;
};
struct Remainder {
    std::size_t to = 0;
    friend bool operator==(Remainder const&, Remainder const&) = default;
};
using Step = std::variant<Fixed, Percent, Allocate, Remainder>;

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
    friend bool operator==(Leg const&, Leg const&) = default;
};

/// The legs by receiver, each receiver once; their gross sums add up to `credited`, always.
/// Fails only for an amount that is negative, above amount_minor_max or not in roubles.
[[nodiscard]] protocol::Result<std::vector<Leg>, protocol::MoneyError> split(
    Rule const& rule, Money credited);

} // namespace fleet::splitting
