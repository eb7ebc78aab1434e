#include <algorithm>
#include <array>
#include <random>

#include "fleet-server/splitting/division.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::splitting {

using protocol::Complaint;

namespace {

/// Said again here, so that who divides and who checks are not one.
bool divides(std::vector<Leg> const& legs, Money credited) {
    std::int64_t sum = 0;
    for (Leg const& leg : legs) {
        if (!leg.gross.is_positive() || leg.withheld.is_negative() || leg.net.is_negative() ||
            leg.gross.minor() != leg.withheld.minor() + leg.net.minor())
            return false;
        sum += leg.gross.minor();
    }
    return sum == credited.minor();
}

} // namespace

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
