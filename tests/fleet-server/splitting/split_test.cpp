#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet-server/splitting/rule.hpp"

using namespace fleet::splitting;
using protocol::MoneyError;
using protocol::rub;

namespace {

Receiver receiver(std::uint32_t withheld_ppm = 0) {
    return Receiver{"r", "7729524407", {.rate = {withheld_ppm}}};
}

/// Any rule that read_rule could have given.
rc::Gen<Rule> any_rule() {
    return rc::gen::exec([] {
        Rule rule;
        auto const receivers = *rc::gen::inRange<std::size_t>(1, receivers_max + 1);
        for (std::size_t i = 0; i < receivers; ++i) {
            auto made = receiver(*rc::gen::inRange<std::uint32_t>(0, 1'000'000));
            made.withheld.minimum = rub(*rc::gen::inRange<std::int64_t>(0, 500));
            if (*rc::gen::arbitrary<bool>())
                made.withheld.maximum =
                    rub(made.withheld.minimum.minor() + *rc::gen::inRange<std::int64_t>(0, 50'000));
            rule.receivers.push_back(made);
        }
        auto const any_receiver = rc::gen::inRange<std::size_t>(0, receivers);
        auto const steps = *rc::gen::inRange<std::size_t>(0, steps_max);
        std::uint32_t left_ppm = 1'000'000;
        for (std::size_t i = 0; i < steps; ++i) {
            switch (*rc::gen::inRange(0, 4)) {
            case 0:
                rule.steps.emplace_back(
                    Fixed{*any_receiver, rub(*rc::gen::inRange<std::int64_t>(1, 1'000'000))});
                break;
            case 1: {
                auto const ppm = *rc::gen::inRange<std::uint32_t>(0, left_ppm + 1);
                left_ppm -= ppm;
                rule.steps.emplace_back(Percent{
                    *any_receiver,
                    ppm,
                    Base::Credited,
                    *rc::gen::element(Rounding::Floor, Rounding::HalfUp)});
                break;
            }
            case 2:
                rule.steps.emplace_back(Percent{
                    *any_receiver,
                    *rc::gen::inRange<std::uint32_t>(0, 1'000'001),
                    Base::Rest,
                    *rc::gen::element(Rounding::Floor, Rounding::HalfUp)});
                break;
            default: {
                Allocate allocate;
                for (std::size_t r = 0; r < receivers; ++r) {
                    allocate.to.push_back(r);
                    allocate.weights.push_back(*rc::gen::inRange<std::uint32_t>(1, 1'000'000));
                }
                rule.steps.emplace_back(allocate);
            }
            }
        }
        rule.steps.emplace_back(Remainder{*any_receiver});
        return rule;
    });
}

rc::Gen<Money> any_amount() {
    return rc::gen::map(
        rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(0, 200),
            rc::gen::inRange<std::int64_t>(0, 100'000'000),
            rc::gen::inRange<std::int64_t>(
                protocol::amount_minor_max - 100, protocol::amount_minor_max + 1)),
        [](std::int64_t kopecks) { return rub(kopecks); });
}

std::int64_t sum_of(std::vector<Leg> const& legs, Money Leg::*part) {
    std::int64_t sum = 0;
    for (Leg const& leg : legs)
        sum += (leg.*part).minor();
    return sum;
}

} // namespace

TEST_SUITE("splitting") {
    TEST_CASE("4600.00 at 0.4 % withheld is 4581.60 payable and 18.40 earned") {
        Rule const rule{{}, {receiver(4'000)}, {Remainder{0}}};
        CHECK(
            *split(rule, rub(460'000)) ==
            std::vector<Leg>{{0, rub(460'000), rub(1'840), rub(458'160)}});
    }

    TEST_CASE("the steps take from the rest, in their order") {
        Rule const rule{
            {},
            {receiver(), receiver(), receiver()},
            {Fixed{1, rub(15'00)},
             Percent{2, 10'000, Base::Rest, Rounding::HalfUp},
             Allocate{{0, 2}, {2, 1}},
             Remainder{1}}};
        // 100.00: 15.00 fixed; 1 % of 85.00 is 0.85; 84.15 as 2 : 1 is 56.10 and 28.05.
        auto const legs = *split(rule, rub(100'00));
        REQUIRE(legs.size() == 3);
        CHECK(legs[0].gross == rub(56'10));
        CHECK(legs[1].gross == rub(15'00));
        CHECK(legs[2].gross == rub(28'90));
    }

    TEST_CASE("a sum too small for the first step ends there") {
        Rule const rule{{}, {receiver(), receiver()}, {Fixed{1, rub(15'00)}, Remainder{0}}};
        auto const legs = *split(rule, rub(10'00));
        REQUIRE(legs.size() == 1);
        CHECK(legs[0].receiver == 1);
        CHECK(legs[0].gross == rub(10'00));
        CHECK(split(rule, rub(0))->empty());
    }

    TEST_CASE("floor and half-up differ where they must") {
        auto const half = [](Rounding rounding) {
            Rule const rule{
                {},
                {receiver(), receiver()},
                {Percent{1, 500'000, Base::Credited, rounding}, Remainder{0}}};
            return (*split(rule, rub(101)))[1].gross;
        };
        CHECK(half(Rounding::Floor) == rub(50));
        CHECK(half(Rounding::HalfUp) == rub(51));
    }

    TEST_CASE("what is withheld never exceeds the part") {
        auto greedy = receiver(0);
        greedy.withheld.minimum = rub(5'00);
        Rule const rule{{}, {greedy}, {Remainder{0}}};
        CHECK(*split(rule, rub(3'00)) == std::vector<Leg>{{0, rub(3'00), rub(3'00), rub(0)}});
    }

    TEST_CASE("amounts that are none are refused") {
        Rule const rule{{}, {receiver()}, {Remainder{0}}};
        CHECK(split(rule, rub(-1)).error() == MoneyError::NotAnAmount);
        CHECK(split(rule, rub(protocol::amount_minor_max + 1)).error() == MoneyError::NotAnAmount);
        CHECK(
            split(rule, Money::from_minor(1, protocol::Currency::USD)).error() ==
            MoneyError::CurrencyMismatch);
    }

    TEST_CASE("law: the parts add up to the whole, and each part to net and withheld") {
        CHECK(rc::check("sum", [] {
            auto const rule = *any_rule();
            auto const credited = *any_amount();
            auto const legs = split(rule, credited);
            RC_ASSERT(legs.has_value());
            RC_ASSERT(sum_of(*legs, &Leg::gross) == credited.minor());
            RC_ASSERT(sum_of(*legs, &Leg::net) + sum_of(*legs, &Leg::withheld) == credited.minor());
            for (Leg const& leg : *legs) {
                RC_ASSERT(leg.gross.is_positive());
                RC_ASSERT(!leg.net.is_negative());
                RC_ASSERT(!leg.withheld.is_negative());
            }
        }));
    }

    TEST_CASE("law: the same rule and sum give the same legs, each receiver once, in order") {
        CHECK(rc::check("deterministic", [] {
            auto const rule = *any_rule();
            auto const credited = *any_amount();
            auto const legs = *split(rule, credited);
            RC_ASSERT(legs == *split(rule, credited));
            for (std::size_t i = 1; i < legs.size(); ++i)
                RC_ASSERT(legs[i - 1].receiver < legs[i].receiver);
        }));
    }

    TEST_CASE("law: a percent of the credited sum is within a kopeck of its ideal") {
        CHECK(rc::check("ideal", [] {
            auto const ppm = *rc::gen::inRange<std::uint32_t>(0, 1'000'001);
            auto const rounding = *rc::gen::element(Rounding::Floor, Rounding::HalfUp);
            auto const kopecks = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
            Rule const rule{
                {},
                {receiver(), receiver()},
                {Percent{0, ppm, Base::Credited, rounding}, Remainder{1}}};
            auto const legs = *split(rule, rub(kopecks));
            std::int64_t const part =
                legs.empty() || legs[0].receiver != 0 ? 0 : legs[0].gross.minor();
            std::int64_t const error = part * 1'000'000 - kopecks * std::int64_t{ppm};
            RC_ASSERT(error > -1'000'000 && error <= 500'000);
        }));
    }

    TEST_CASE("any rule that can be read passes its trial") {
        CHECK(rc::check("trial", [] {
            auto const rule = *any_rule();
            for (std::int64_t const kopecks : {0, 1, 2, 99, 100})
                RC_ASSERT(split(rule, rub(kopecks)).has_value());
        }));
        CHECK_FALSE(try_rule(Rule{
            {},
            {receiver(4'000), receiver()},
            {Percent{1, 333'333, Base::Rest, Rounding::HalfUp}, Remainder{0}}}));
    }
}
