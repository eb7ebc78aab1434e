#include "protocol/money/allocate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>

using namespace protocol;

namespace {

__extension__ using Wide = __int128;
using Weights = std::vector<std::uint32_t>;

/// Shares that no bill divides evenly: 1 % / 0.6 % / 70 % / 20 % / 8.4 %.
Weights const five_receivers{10, 6, 700, 200, 84};

Wide sum(std::vector<Money> const& parts) {
    Wide total = 0;
    for (Money const part : parts)
        total += part.minor();
    return total;
}

Wide sum(std::vector<Residue> const& residues) {
    Wide total = 0;
    for (Residue const residue : residues)
        total += residue.parts;
    return total;
}

Wide sum(Weights const& weights) {
    Wide total = 0;
    for (std::uint32_t const weight : weights)
        total += weight;
    return total;
}

/// Every part is what is owed, cut down or up by less than a kopeck.
bool each_is_within_a_kopeck(
    Money amount, Weights const& weights, std::vector<Money> const& parts) {
    Wide const total = sum(weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        Wide const off = Wide{parts[i].minor()} * total - Wide{amount.minor()} * weights[i];
        if (off >= total || off <= -total)
            return false;
    }
    return true;
}

/// Weights of every size, often 0, so that the interesting corners are met.
Weights random_weights(std::mt19937_64& random) {
    Weights weights(1 + random() % 16);
    for (auto& weight : weights)
        weight =
            random() % 4 == 0 ? 0 : static_cast<std::uint32_t>((random() >> 36U) >> random() % 28);
    weights[random() % weights.size()] |= 1;
    return weights;
}

Money random_amount(std::mt19937_64& random) {
    auto const any = static_cast<std::int64_t>(random() >> 1U);
    return rub(any >> random() % 63);
}

} // namespace

TEST_SUITE("allocate") {
    TEST_CASE("leftover kopecks go to the greatest remainders, ties to whom is named first") {
        CHECK(*allocate(rub(1'000), Weights{1, 1, 1}) == std::vector{rub(334), rub(333), rub(333)});
        CHECK(*allocate(rub(1'001), Weights{1, 1, 1}) == std::vector{rub(334), rub(334), rub(333)});
        CHECK(*allocate(rub(5), Weights{1, 2, 4}) == std::vector{rub(1), rub(1), rub(3)});
        CHECK(*allocate(rub(1), Weights{1, 2, 4}) == std::vector{rub(0), rub(0), rub(1)});
        CHECK(*allocate(rub(2), Weights{1, 2, 4}) == std::vector{rub(0), rub(1), rub(1)});
    }

    TEST_CASE("a payment of 4597.86 in five is shared as worked out by hand") {
        CHECK(
            *allocate(rub(459'786), five_receivers) ==
            std::vector{rub(4'598), rub(2'759), rub(321'850), rub(91'957), rub(38'622)});
    }

    TEST_CASE("whoever is owed a whole number of kopecks gets exactly it") {
        CHECK(*allocate(rub(100), Weights{0, 1, 3}) == std::vector{rub(0), rub(25), rub(75)});
        // 50.5, 50.5 and 101: the third is not asked for the leftover kopeck, nor given it.
        CHECK(*allocate(rub(202), Weights{1, 1, 2}) == std::vector{rub(51), rub(50), rub(101)});
    }

    TEST_CASE("nothing is divided into nothings") {
        CHECK(*allocate(rub(0), Weights{1, 2}) == std::vector{rub(0), rub(0)});
    }

    TEST_CASE("the parts of any amount add up to it, each within a kopeck of its due") {
        std::mt19937_64 random{20260101}; // Fixed: a failure here must fail again.
        for (int round = 0; round < 20'000; ++round) {
            auto const weights = random_weights(random);
            auto const amount = random_amount(random);
            CAPTURE(round);
            auto const parts = allocate(amount, weights);
            REQUIRE(parts);
            REQUIRE((sum(*parts) == amount.minor()));
            REQUIRE(each_is_within_a_kopeck(amount, weights, *parts));
            for (std::size_t i = 0; i < weights.size(); ++i)
                REQUIRE((weights[i] > 0 || (*parts)[i].is_zero()));
        }
    }

    TEST_CASE("every amount up to 2 roubles in every three small weights adds up") {
        for (std::uint32_t code = 1; code < 6 * 6 * 6; ++code) {
            Weights const weights{code % 6, code / 6 % 6, code / 36};
            for (std::int64_t kopecks = 0; kopecks <= 200; ++kopecks) {
                auto const parts = allocate(rub(kopecks), weights);
                REQUIRE(parts);
                REQUIRE((sum(*parts) == kopecks));
                REQUIRE(each_is_within_a_kopeck(rub(kopecks), weights, *parts));
            }
        }
    }

    TEST_CASE("the greatest amount and the greatest weights fit") {
        auto const greatest = rub(std::numeric_limits<std::int64_t>::max());
        Weights const weights{std::numeric_limits<std::uint32_t>::max(), 1};
        auto const parts = allocate(greatest, weights);
        REQUIRE(parts);
        CHECK((sum(*parts) == greatest.minor()));
        CHECK((*parts)[1] == rub(std::int64_t{1} << 31U));
    }

    TEST_CASE("what cannot be shared is refused with the reason") {
        CHECK(allocate(rub(1), Weights{}) == tl::unexpected{MoneyError::Indivisible});
        CHECK(allocate(rub(1), Weights{0, 0}) == tl::unexpected{MoneyError::Indivisible});
        CHECK(allocate(rub(-1), Weights{1}) == tl::unexpected{MoneyError::NotAnAmount});
        CHECK(
            allocate(rub(1), Weights{std::numeric_limits<std::uint32_t>::max(), 2}) ==
            tl::unexpected{MoneyError::Overflow});
    }
}

TEST_SUITE("allocate, carrying") {
    TEST_CASE("three kopecks one by one go to three equal receivers in turn") {
        std::vector<Residue> residues(3);
        Weights const weights{1, 1, 1};
        CHECK(*allocate_carrying(rub(1), weights, residues) == std::vector{rub(1), rub(0), rub(0)});
        CHECK(residues == std::vector{Residue{-2}, Residue{1}, Residue{1}});
        CHECK(*allocate_carrying(rub(1), weights, residues) == std::vector{rub(0), rub(1), rub(0)});
        CHECK(*allocate_carrying(rub(1), weights, residues) == std::vector{rub(0), rub(0), rub(1)});
        CHECK(residues == std::vector(3, Residue{0}));
    }

    TEST_CASE("the same bill paid 100 000 times drifts nobody by a kopeck") {
        // 437.19 roubles: the stateless rule gives one receiver 60 400 kopecks too much here.
        std::vector<Residue> residues(five_receivers.size());
        std::vector<std::int64_t> received(five_receivers.size());
        constexpr int payments = 100'000;
        for (int i = 0; i < payments; ++i) {
            auto const parts = allocate_carrying(rub(43'719), five_receivers, residues);
            REQUIRE(parts);
            for (std::size_t r = 0; r < received.size(); ++r)
                received[r] += (*parts)[r].minor();
        }
        for (std::size_t r = 0; r < received.size(); ++r) {
            std::int64_t const ideal_thousandths = 43'719LL * payments * five_receivers[r];
            CHECK(std::abs(received[r] * 1'000 - ideal_thousandths) <= 1'000);
        }
    }

    TEST_CASE("residues add up to 0 and stay small over 300 000 odd payments") {
        std::mt19937_64 random{20260102};
        std::vector<Residue> residues(five_receivers.size());
        for (int round = 0; round < 300'000; ++round) {
            auto const amount = rub(static_cast<std::int64_t>(random() % 2'000'000));
            auto const parts = allocate_carrying(amount, five_receivers, residues);
            REQUIRE(parts);
            REQUIRE((sum(*parts) == amount.minor()));
            REQUIRE((sum(residues) == 0));
            REQUIRE(residues_are_small(five_receivers, residues));
        }
    }

    TEST_CASE("with any weights the parts add up, within a kopeck, and residues say what is owed") {
        std::mt19937_64 random{20260103};
        for (int round = 0; round < 2'000; ++round) {
            auto const weights = random_weights(random);
            std::vector<Residue> residues(weights.size());
            std::vector<Wide> owed(weights.size()); // In T-ths of a kopeck.
            CAPTURE(round);
            for (int payment = 0; payment < 20; ++payment) {
                auto const amount = rub(static_cast<std::int64_t>(random() % 100'000'000));
                auto const parts = allocate_carrying(amount, weights, residues);
                REQUIRE(parts);
                REQUIRE((sum(*parts) == amount.minor()));
                REQUIRE(each_is_within_a_kopeck(amount, weights, *parts));
                for (std::size_t i = 0; i < weights.size(); ++i) {
                    owed[i] += Wide{amount.minor()} * weights[i];
                    owed[i] -= Wide{(*parts)[i].minor()} * sum(weights);
                    REQUIRE((owed[i] == residues[i].parts));
                }
            }
        }
    }

    TEST_CASE("residues that cannot be right are refused and left as they were") {
        Weights const weights{1, 1};
        for (auto const& broken :
             {std::vector{Residue{1}, Residue{0}},
              std::vector{Residue{0}},
              std::vector{Residue{residue_max + 1}, Residue{-residue_max - 1}}}) {
            auto residues = broken;
            CHECK(
                allocate_carrying(rub(1), weights, residues) ==
                tl::unexpected{MoneyError::BrokenResidues});
            CHECK(residues == broken);
        }
    }

    TEST_CASE("a residue of more than two kopecks is noticed") {
        Weights const weights{3, 7};
        CHECK(residues_are_small(weights, std::vector{Residue{-20}, Residue{20}}));
        CHECK_FALSE(residues_are_small(weights, std::vector{Residue{-21}, Residue{21}}));
    }

    TEST_CASE("claims are shared in proportion and never overpaid") {
        CHECK(
            *share_by_claims(rub(100'00), std::vector{rub(500'00), rub(1'000'00)}) ==
            std::vector{rub(33'33), rub(66'67)});
        CHECK(*share_by_claims(rub(0), std::vector{rub(0), rub(0)}) == std::vector{rub(0), rub(0)});
        CHECK(
            share_by_claims(rub(3), std::vector{rub(1), rub(1)}) ==
            tl::unexpected{MoneyError::Indivisible});
        CHECK(
            share_by_claims(rub(1), std::vector{rub(-1), rub(5)}) ==
            tl::unexpected{MoneyError::NotAnAmount});
        CHECK(
            share_by_claims(rub(1), std::vector{Money::from_minor(5, Currency::EUR)}) ==
            tl::unexpected{MoneyError::CurrencyMismatch});
    }

    TEST_CASE("partial refunds end at nothing exactly, and no part gives back more than it got") {
        std::mt19937_64 random{20260104};
        for (int round = 0; round < 3'000; ++round) {
            CAPTURE(round);
            std::vector<Money> remaining;
            std::int64_t whole = 0;
            for (std::size_t i = 0; i < 1 + random() % 6; ++i) {
                remaining.push_back(rub(static_cast<std::int64_t>(random() % 300'000)));
                whole += remaining.back().minor();
            }
            while (whole > 0) {
                auto const refund = rub(std::min<std::int64_t>(
                    whole, 1 + static_cast<std::int64_t>(random() % 200'000)));
                auto const parts = share_by_claims(refund, remaining);
                REQUIRE(parts);
                REQUIRE((sum(*parts) == refund.minor()));
                for (std::size_t i = 0; i < parts->size(); ++i) {
                    REQUIRE_FALSE((*parts)[i].is_negative());
                    REQUIRE((*parts)[i].minor() <= remaining[i].minor());
                    remaining[i] = rub(remaining[i].minor() - (*parts)[i].minor());
                }
                whole -= refund.minor();
            }
            for (Money const left : remaining)
                REQUIRE(left.is_zero());
        }
    }
}
