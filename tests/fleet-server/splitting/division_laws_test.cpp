#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "tests/fleet-server/splitting/any_rule.hpp"

using namespace fleet::splitting;
using protocol::Residue;
using protocol::rub;

namespace {

__extension__ using Wide = __int128;

std::int64_t sum_of(auto const& parts, auto amount_of) {
    std::int64_t sum = 0;
    for (auto const& part : parts)
        sum += amount_of(part).minor();
    return sum;
}

/// I3, I4, I5, I6 and that no debt is paid beyond itself.
bool laws_hold(Rule const& rule, Situation const& situation, Division const& division) {
    std::map<std::int64_t, std::int64_t> due;
    for (Debt const& debt : situation.debts)
        due[debt.id] = std::max<std::int64_t>(debt.amount.minor(), 0);
    for (DebtPart const& part : division.debt_parts) {
        due[part.debt] -= part.amount.minor();
        if (!part.amount.is_positive() || due[part.debt] < 0)
            return false;
    }
    for (Leg const& leg : division.legs)
        if (!leg.gross.is_positive() ||
            leg.gross.minor() != leg.net.minor() + leg.withheld.minor() ||
            (leg.withheld.is_positive() && leg.invoiced.is_positive()))
            return false;
    std::size_t seen = 0;
    for (Step const& step : rule.steps) {
        auto const* const allocate = std::get_if<Allocate>(&step);
        if (allocate == nullptr || allocate->residues == Residues::None)
            continue;
        std::span<Residue const> const carried =
            std::span{division.residues}.subspan(seen, allocate->to.size());
        seen += allocate->to.size();
        Wide sum = 0;
        for (Residue const residue : carried)
            sum += residue.parts;
        if (sum != 0 || !protocol::residues_are_small(allocate->weights, carried))
            return false;
    }
    return seen == division.residues.size() &&
           sum_of(division.legs, [](Leg const& leg) { return leg.gross; }) ==
               situation.credited.minor() &&
           sum_of(division.gifts, [](Gift const& gift) { return gift.amount; }) ==
               situation.credited.minor();
}

} // namespace

TEST_SUITE("laws of division") {
    TEST_CASE("whatever the rule, the debts and the state, the parts are the whole") {
        Chance chance{20261127};
        for (int n = 0; n < 1'500; ++n) {
            CAPTURE(n);
            Rule const rule = chance.rule();
            std::vector<Residue> residues;
            std::vector<Money> taken;
            for (std::size_t cap = 0; cap < cap_count(rule); ++cap)
                taken.push_back(rub(chance.below(100'000)));
            for (int payment = 0; payment < 12; ++payment) {
                auto const debts = chance.debts(chance.index(9));
                Situation const situation{chance.amount(), debts, residues, taken};
                auto const division = divide(rule, situation);
                REQUIRE(division);
                REQUIRE(laws_hold(rule, situation, *division));
                residues = division->residues;
            }
        }
    }

    TEST_CASE("a division does not depend on the receivers' names and places") {
        Chance chance{4};
        for (int n = 0; n < 1'000; ++n) {
            CAPTURE(n);
            Rule const rule = chance.rule();
            // Receivers backwards; every step points to where its receiver went.
            Rule mirrored = rule;
            std::reverse(mirrored.receivers.begin(), mirrored.receivers.end());
            auto const to = [&](std::size_t r) { return rule.receivers.size() - 1 - r; };
            for (Step& step : mirrored.steps)
                std::visit(
                    [&](auto& s) {
                        using S = std::decay_t<decltype(s)>;
                        if constexpr (std::is_same_v<S, Allocate>) {
                            std::transform(s.to.begin(), s.to.end(), s.to.begin(), to);
                        } else if constexpr (std::is_same_v<S, Debts>) {
                            for (auto& one : s.classes)
                                one.to = to(one.to);
                            if (s.others)
                                s.others = to(*s.others);
                        } else {
                            s.to = to(s.to);
                        }
                    },
                    step);
            auto const debts = chance.debts(5);
            Situation const situation{chance.amount(), debts, {}, {}};
            auto const here = divide(rule, situation);
            auto const there = divide(mirrored, situation);
            REQUIRE(here);
            REQUIRE(there);
            std::map<std::size_t, Leg> by_receiver;
            for (Leg leg : there->legs) {
                leg.receiver = to(leg.receiver);
                by_receiver.emplace(leg.receiver, leg);
            }
            REQUIRE(by_receiver.size() == here->legs.size());
            for (Leg const& leg : here->legs)
                REQUIRE(by_receiver.at(leg.receiver) == leg);
            REQUIRE(here->debt_parts == there->debt_parts);
        }
    }

    TEST_CASE("more money never lowers a debt that was paid before") {
        Chance chance{5};
        for (int n = 0; n < 2'000; ++n) {
            CAPTURE(n);
            Debts waterfall{
                {{"service2", 0}, {"service0", 1}}, std::size_t{0}, {}, {}, std::nullopt};
            waterfall.within = chance.flip() ? Debts::Within::ByDate : Debts::Within::ProRata;
            Rule const rule{
                {},
                {{"a", "7729524407", {}, {}}, {"b", "6168108630", {}, {}}},
                {waterfall, Remainder{1}}};
            auto const debts = chance.debts(8);
            auto const less = rub(chance.below(2'000'000));
            auto const more = rub(less.minor() + debts[chance.index(debts.size())].amount.minor());
            std::map<std::int64_t, std::int64_t> paid;
            auto const small = divide(rule, {.credited = less, .debts = debts});
            auto const large = divide(rule, {.credited = more, .debts = debts});
            REQUIRE(small);
            REQUIRE(large);
            for (DebtPart const& part : large->debt_parts)
                paid[part.debt] = part.amount.minor();
            // Pro rata rounds to the kopeck: a debt may lose one, and no more.
            std::int64_t const slack = waterfall.within == Debts::Within::ProRata ? 1 : 0;
            for (DebtPart const& part : small->debt_parts)
                REQUIRE(paid[part.debt] + slack >= part.amount.minor());
        }
    }

    TEST_CASE("the order of payments moves no receiver by more than its residue") {
        Chance chance{6};
        for (int n = 0; n < 100; ++n) {
            CAPTURE(n);
            std::vector<std::uint32_t> const weights{10, 6, 700, 200, 84};
            Rule rule{{}, {}, {Allocate{{0, 1, 2, 3, 4}, weights, Residues::Carry}, Remainder{0}}};
            for (int r = 0; r < 5; ++r)
                rule.receivers.push_back({"r" + std::to_string(r), "7729524407", {}, {}});
            std::vector<Money> payments;
            for (int p = 0; p < 60; ++p)
                payments.push_back(rub(chance.below(1'000'000)));
            auto const totals = [&] {
                std::vector<std::int64_t> had(5);
                std::vector<Residue> residues;
                for (Money const payment : payments) {
                    auto const division = divide(rule, {.credited = payment, .residues = residues});
                    REQUIRE(division);
                    residues = division->residues;
                    for (Leg const& leg : division->legs)
                        had[leg.receiver] += leg.gross.minor();
                }
                return had;
            };
            auto const one_way = totals();
            std::shuffle(payments.begin(), payments.end(), chance.source());
            auto const other_way = totals();
            for (std::size_t r = 0; r < 5; ++r)
                REQUIRE(std::abs(one_way[r] - other_way[r]) <= 3);
        }
    }
}
