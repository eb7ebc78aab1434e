#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "protocol/commission/tariff.hpp"

using namespace protocol;
using namespace protocol::commission;

// A law that fails prints the smallest tariff and sum that break it, and a line for RC_PARAMS that
// repeats the run.

namespace {

constexpr std::int64_t hundred_thousand_roubles = 10'000'000;

/// Amounts as people pay them, and sometimes as far as the bound.
rc::Gen<Money> any_amount() {
    return rc::gen::map(
        rc::gen::weightedOneOf<std::int64_t>(
            {{8, rc::gen::inRange<std::int64_t>(0, 1'000)},
             {8, rc::gen::inRange<std::int64_t>(0, hundred_thousand_roubles)},
             {1, rc::gen::inRange<std::int64_t>(0, amount_minor_max + 1)}}),
        [](std::int64_t kopecks) { return rub(kopecks); });
}

rc::Gen<Tariff> any_tariff() {
    auto const rate = rc::gen::weightedOneOf<std::uint32_t>(
        {{8, rc::gen::inRange(0U, 50'000U)}, {1, rc::gen::inRange(0U, 1'000'000U)}});
    auto const bound = rc::gen::inRange<std::int64_t>(0, 50'000);
    return rc::gen::apply(
        [](std::uint32_t ppm,
           std::int64_t fixed,
           std::int64_t minimum,
           std::int64_t range,
           int which) {
            Tariff tariff{.rate = Rate{ppm}};
            if ((which & 1) != 0)
                tariff.fixed = rub(fixed);
            if ((which & 2) != 0)
                tariff.minimum = rub(minimum);
            if ((which & 4) != 0)
                tariff.maximum = rub(tariff.minimum.minor() + range);
            return tariff;
        },
        rate,
        bound,
        bound,
        bound,
        rc::gen::inRange(0, 8));
}

/// Small ones often, so that neighbours are compared.
Money a_little_more(Money money) {
    return rub(std::min(money.minor() + *rc::gen::inRange<std::int64_t>(0, 300), amount_minor_max));
}

std::int64_t due_of(Tariff const& tariff, std::int64_t net) {
    return net + fee_on(tariff, rub(net))->minor();
}

} // namespace

TEST_SUITE("laws of the payer's commission") {
    TEST_CASE("cash is fee, credited and change to the kopeck, none of them negative") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const cash = *any_amount();
            auto const outcome = settle_cash(tariff, cash);
            RC_ASSERT(outcome.has_value());
            auto const [fee, credited, change] = *outcome;
            RC_ASSERT(fee.minor() + credited.minor() + change.minor() == cash.minor());
            RC_ASSERT(!fee.is_negative() && !credited.is_negative() && !change.is_negative());
        }));
    }

    TEST_CASE("change is given only when nothing can be credited, and then no fee is taken") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const cash = *any_amount();
            auto const outcome = settle_cash(tariff, cash);
            RC_ASSERT(outcome.has_value());
            if (outcome->change.is_positive()) {
                RC_ASSERT(outcome->fee.is_zero() && outcome->credited.is_zero());
                RC_ASSERT(due_of(tariff, 1) > cash.minor());
            }
        }));
    }

    TEST_CASE("the fee taken is never above what the tariff asks for what is credited") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const outcome = settle_cash(tariff, *any_amount());
            RC_ASSERT(outcome.has_value());
            RC_ASSERT(outcome->fee.minor() <= fee_on(tariff, outcome->credited)->minor());
        }));
    }

    TEST_CASE("no greater amount could have been paid with the cash") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const cash = *any_amount();
            auto const outcome = settle_cash(tariff, cash);
            RC_ASSERT(outcome.has_value());
            RC_PRE(outcome->credited.minor() < amount_minor_max);
            RC_ASSERT(due_of(tariff, outcome->credited.minor() + 1) > cash.minor());
            // One kopeck less than credited was payable in full, or credited itself was.
            if (outcome->credited.is_positive())
                RC_ASSERT(due_of(tariff, outcome->credited.minor() - 1) <= cash.minor());
        }));
    }

    TEST_CASE("whoever brings exactly what is due has exactly that credited") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const net = *any_amount();
            auto const due = due_for(tariff, net);
            RC_PRE(due.has_value() && net.is_positive());
            RC_ASSERT(settle_cash(tariff, due->due) == (CashOutcome{due->fee, net, rub(0)}));
        }));
    }

    TEST_CASE("the fee never falls when the amount grows") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const less = *any_amount();
            auto const more = a_little_more(less);
            RC_ASSERT(fee_on(tariff, less)->minor() <= fee_on(tariff, more)->minor());
        }));
    }

    TEST_CASE("one more note never lessens what is credited") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            auto const less = *any_amount();
            auto const more = a_little_more(less);
            auto const before = settle_cash(tariff, less);
            auto const after = settle_cash(tariff, more);
            RC_ASSERT(before->credited.minor() <= after->credited.minor());
        }));
    }
}

TEST_SUITE("laws of the receiver's commission") {
    TEST_CASE("what is withheld is between nothing and the whole") {
        CHECK(rc::check([] {
            auto const tariff = *any_tariff();
            InternalCommission const commission{tariff.rate, tariff.minimum, tariff.maximum};
            auto const gross = *any_amount();
            auto const withheld = withheld_from(commission, gross);
            RC_ASSERT(withheld.has_value());
            RC_ASSERT(!withheld->is_negative() && withheld->minor() <= gross.minor());
        }));
    }
}
