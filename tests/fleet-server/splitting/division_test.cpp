#include "fleet-server/splitting/division.hpp"

#include <doctest/doctest.h>

using namespace fleet::splitting;
using protocol::Residue;
using protocol::rub;

namespace {

Receiver receiver(std::string name = "r") {
    return {std::move(name), "7729524407", {}, CommissionMode::Withheld};
}

std::vector<Receiver> receivers(std::size_t count) {
    std::vector<Receiver> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(receiver("r" + std::to_string(i)));
    return all;
}

Division must_divide(Rule const& rule, Situation const& situation) {
    auto division = divide(rule, situation);
    REQUIRE(division);
    return *std::move(division);
}

Money gross_of(Division const& division, std::size_t receiver) {
    for (Leg const& leg : division.legs)
        if (leg.receiver == receiver)
            return leg.gross;
    return rub(0);
}

std::vector<Debt> const three_debts = {
    {1, "heat", "2009-09-10", rub(1'000'00), false},
    {2, "water", "2009-08-10", rub(300'00), false},
    {3, "heat", "2009-08-10", rub(500'00), false}};

} // namespace

TEST_SUITE("debts in a division") {
    TEST_CASE("classes go first by priority, then by due date") {
        Rule const rule{
            {}, receivers(3), {Debts{{{"water", 1}, {"heat", 0}}, {}, {}, {}, {}}, Remainder{2}}};
        auto const division = must_divide(rule, {.credited = rub(900'00), .debts = three_debts});
        CHECK(
            division.debt_parts ==
            std::vector<DebtPart>{{2, rub(300'00)}, {3, rub(500'00)}, {1, rub(100'00)}});
        CHECK(gross_of(division, 1) == rub(300'00));
        CHECK(gross_of(division, 0) == rub(600'00));
        CHECK(gross_of(division, 2).is_zero());
    }

    TEST_CASE("what is paid beyond the debts goes to the remainder") {
        Rule const rule{{}, receivers(2), {Debts{{}, std::size_t{0}, {}, {}, {}}, Remainder{1}}};
        auto const division = must_divide(rule, {.credited = rub(2'000'00), .debts = three_debts});
        CHECK(gross_of(division, 0) == rub(1'800'00));
        CHECK(gross_of(division, 1) == rub(200'00));
    }

    TEST_CASE("pro rata shares a class to the kopeck") {
        Rule const rule{
            {},
            receivers(2),
            {Debts{{{"heat", 0}}, {}, Debts::Within::ProRata, {}, {}}, Remainder{1}}};
        auto const division = must_divide(rule, {.credited = rub(100'00), .debts = three_debts});
        // 100.00 on debts of 500.00 and 1000.00: a third and two thirds.
        CHECK(division.debt_parts == std::vector<DebtPart>{{3, rub(33'33)}, {1, rub(66'67)}});
    }

    TEST_CASE("penalties wait for all debts, unless the rule pays them in turn") {
        std::vector<Debt> const with_penalty = {
            {1, "heat", "2009-07-10", rub(40'00), true},
            {2, "heat", "2009-08-10", rub(100'00), false},
            {3, "water", "2009-09-10", rub(100'00), false}};
        auto const paid = [&](Debts::Penalties penalties) {
            Rule const rule{
                {},
                receivers(1),
                {Debts{{{"heat", 0}, {"water", 0}}, {}, {}, penalties, {}}, Remainder{0}}};
            return must_divide(rule, {.credited = rub(150'00), .debts = with_penalty}).debt_parts;
        };
        CHECK(
            paid(Debts::Penalties::Last) ==
            std::vector<DebtPart>{{2, rub(100'00)}, {3, rub(50'00)}});
        CHECK(
            paid(Debts::Penalties::InTurn) ==
            std::vector<DebtPart>{{1, rub(40'00)}, {2, rub(100'00)}, {3, rub(10'00)}});
    }

    TEST_CASE("a debt that one step has paid is not paid again by the next") {
        Debts const water{{{"water", 0}}, {}, {}, {}, rub(200'00)};
        Debts const everything{{}, std::size_t{1}, {}, {}, {}};
        Rule const rule{{}, receivers(3), {water, everything, Remainder{2}}};
        auto const division = must_divide(rule, {.credited = rub(5'000'00), .debts = three_debts});
        CHECK(gross_of(division, 0) == rub(200'00));
        CHECK(gross_of(division, 1) == rub(1'600'00));
        CHECK(gross_of(division, 2) == rub(3'200'00));
    }

    TEST_CASE("a limit leaves the rest of the payment to the steps behind it") {
        Rule const rule{
            {}, receivers(2), {Debts{{}, std::size_t{0}, {}, {}, rub(250'00)}, Remainder{1}}};
        auto const division = must_divide(rule, {.credited = rub(1'000'00), .debts = three_debts});
        CHECK(gross_of(division, 0) == rub(250'00));
        CHECK(gross_of(division, 1) == rub(750'00));
    }
}

TEST_SUITE("state in a division") {
    TEST_CASE("a cap counts what the receiver had before, and trims every later step") {
        Rule const rule{
            {},
            receivers(2),
            {Cap{0, Period::Month, rub(100'00)},
             Fixed{0, rub(30'00)},
             Allocate{{0, 1}, {1, 1}, Residues::None},
             Remainder{1}}};
        std::vector<Money> const taken{rub(60'00)};
        auto const division = must_divide(rule, {.credited = rub(200'00), .taken = taken});
        CHECK(gross_of(division, 0) == rub(40'00)); // 30.00, and 10.00 of its share of 85.00.
        CHECK(gross_of(division, 1) == rub(160'00));
        CHECK(division.shortfalls == std::vector<Shortfall>{{2, rub(75'00)}});

        std::vector<Money> const more_than_all{rub(500'00)};
        CHECK(gross_of(must_divide(rule, {.credited = rub(1'00), .taken = more_than_all}), 0)
                  .is_zero());
    }

    TEST_CASE("a carried residue gives back tomorrow what rounding took today") {
        Rule const rule{
            {}, receivers(3), {Allocate{{0, 1, 2}, {1, 1, 1}, Residues::Carry}, Remainder{0}}};
        std::vector<Residue> residues;
        std::vector<std::int64_t> had(3);
        for (int payment = 0; payment < 3; ++payment) {
            auto const division = must_divide(rule, {.credited = rub(100), .residues = residues});
            residues = division.residues;
            for (std::size_t r = 0; r < 3; ++r)
                had[r] += gross_of(division, r).minor();
        }
        CHECK(had == std::vector<std::int64_t>{100, 100, 100});
        CHECK(residues == std::vector<Residue>(3));
    }

    TEST_CASE("state of another rule is refused") {
        Rule const rule{{}, receivers(1), {Allocate{{0}, {1}, Residues::Carry}, Remainder{0}}};
        std::vector<Residue> const two(2);
        std::vector<Residue> const unbalanced{{5}};
        std::vector<Money> const one_total{rub(0)};
        CHECK(
            divide(rule, {.credited = rub(1), .residues = two}) ==
            tl::unexpected{DivisionError::WrongResidues});
        CHECK(
            divide(rule, {.credited = rub(1), .residues = unbalanced}) ==
            tl::unexpected{DivisionError::WrongResidues});
        CHECK(
            divide(rule, {.credited = rub(1), .taken = one_total}) ==
            tl::unexpected{DivisionError::WrongTotals});
        CHECK(divide(rule, {.credited = rub(-1)}) == tl::unexpected{DivisionError::NotAnAmount});
    }
}

TEST_SUITE("percents in a division") {
    TEST_CASE("percents of one start do not depend on their order, percents of the rest do") {
        auto const rule_of = [](Base base) {
            return Rule{
                {},
                receivers(3),
                {Percent{0, 500'000, base, Rounding::Floor},
                 Percent{1, 500'000, base, Rounding::Floor},
                 Remainder{2}}};
        };
        auto const start = must_divide(rule_of(Base::Start), {.credited = rub(100)});
        CHECK(gross_of(start, 1) == rub(50));
        auto const rest = must_divide(rule_of(Base::Rest), {.credited = rub(100)});
        CHECK(gross_of(rest, 1) == rub(25));
    }

    TEST_CASE("a percent has its minimum and its maximum, and nothing of nothing") {
        Rule const rule{
            {},
            receivers(2),
            {Percent{0, 10'000, Base::Credited, Rounding::HalfUp, rub(1'00), rub(5'00)},
             Remainder{1}}};
        CHECK(gross_of(must_divide(rule, {.credited = rub(10'00)}), 0) == rub(1'00));
        CHECK(gross_of(must_divide(rule, {.credited = rub(300'00)}), 0) == rub(3'00));
        CHECK(gross_of(must_divide(rule, {.credited = rub(9'000'00)}), 0) == rub(5'00));
        CHECK(must_divide(rule, {.credited = rub(0)}).legs.empty());
    }

    TEST_CASE("an invoiced commission leaves the receiver its gross") {
        auto who = receiver();
        who.withheld.rate.ppm = 4'000;
        who.mode = CommissionMode::Invoiced;
        Rule const rule{{}, {who}, {Remainder{0}}};
        CHECK(
            must_divide(rule, {.credited = rub(100'00)}).legs ==
            std::vector<Leg>{{0, rub(100'00), rub(0), rub(100'00), rub(40)}});
    }

    TEST_CASE("100.00 is 99.60 and 0.40 at 0.4 %, 99.40 and 0.60 at 0.6 %") {
        for (auto const& [ppm, ours] : {std::pair{4'000U, 40}, {6'000U, 60}}) {
            auto who = receiver();
            who.withheld.rate.ppm = ppm;
            Rule const rule{{}, {who}, {Remainder{0}}};
            auto const legs = must_divide(rule, {.credited = rub(100'00)}).legs;
            REQUIRE(legs.size() == 1);
            CHECK(legs[0].net == rub(100'00 - ours));
            CHECK(legs[0].withheld == rub(ours));
        }
    }
}
