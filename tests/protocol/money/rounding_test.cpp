#include "protocol/money/rounding.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using namespace protocol;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// The definitions, on numbers so small that they can be counted out without dividing.
std::int64_t greatest_not_above(std::int64_t product, std::int64_t denominator) {
    std::int64_t kopecks = -1'000;
    while ((kopecks + 1) * denominator <= product)
        ++kopecks;
    return kopecks;
}
std::int64_t least_not_below(std::int64_t product, std::int64_t denominator) {
    std::int64_t kopecks = 1'000;
    while ((kopecks - 1) * denominator >= product)
        --kopecks;
    return kopecks;
}
std::int64_t distance(std::int64_t kopecks, std::int64_t product, std::int64_t denominator) {
    std::int64_t const difference = kopecks * denominator - product;
    return difference < 0 ? -difference : difference;
}
std::int64_t nearest(std::int64_t product, std::int64_t denominator) {
    std::int64_t const below = greatest_not_above(product, denominator);
    std::int64_t const above = least_not_below(product, denominator);
    std::int64_t const to_below = distance(below, product, denominator);
    std::int64_t const to_above = distance(above, product, denominator);
    if (to_below != to_above)
        return to_below < to_above ? below : above;
    return product < 0 ? below : above; // A half goes away from zero.
}

/// 21 numerators, 20 denominators, 81 amounts: every case that a small ratio has.
template <class Check>
void for_every_small_case(Check check) {
    for (std::int64_t amount = -40; amount <= 40; ++amount)
        for (std::int64_t numerator = 0; numerator <= 20; ++numerator)
            for (std::int64_t denominator = 1; denominator <= 20; ++denominator)
                check(
                    rub(amount),
                    Ratio{
                        static_cast<std::uint64_t>(numerator),
                        static_cast<std::uint64_t>(denominator)},
                    amount * numerator,
                    denominator);
}

} // namespace

TEST_SUITE("rounding") {
    TEST_CASE("floor_of is the greatest whole kopeck not above, for every small case") {
        for_every_small_case([](Money amount, Ratio ratio, auto product, auto denominator) {
            auto const rounded = floor_of(amount, ratio);
            REQUIRE(rounded);
            REQUIRE(rounded->minor() == greatest_not_above(product, denominator));
        });
    }

    TEST_CASE("ceil_of is the least whole kopeck not below, for every small case") {
        for_every_small_case([](Money amount, Ratio ratio, auto product, auto denominator) {
            auto const rounded = ceil_of(amount, ratio);
            REQUIRE(rounded);
            REQUIRE(rounded->minor() == least_not_below(product, denominator));
        });
    }

    TEST_CASE("half_up_of is the nearest, halves away from zero, for every small case") {
        for_every_small_case([](Money amount, Ratio ratio, auto product, auto denominator) {
            auto const rounded = half_up_of(amount, ratio);
            REQUIRE(rounded);
            REQUIRE(rounded->minor() == nearest(product, denominator));
        });
    }

    TEST_CASE("the rates of real tariffs round as the contracts say") {
        CHECK(half_up_of(rub(10'000), parts_per_million(4'000)) == rub(40));
        CHECK(ceil_of(rub(459'786), parts_per_million(10'000)) == rub(4'598));
        CHECK(floor_of(rub(459'786), parts_per_million(10'000)) == rub(4'597));
        CHECK(half_up_of(rub(459'786), parts_per_million(10'000)) == rub(4'598));
        CHECK(half_up_of(rub(459'749), parts_per_million(10'000)) == rub(4'597));
    }

    TEST_CASE("the greatest amounts lose no digit in the product") {
        Ratio const almost_whole{
            std::numeric_limits<std::uint64_t>::max() - 1,
            std::numeric_limits<std::uint64_t>::max()};
        CHECK(floor_of(rub(most), almost_whole) == rub(most - 1));
        CHECK(ceil_of(rub(most), almost_whole) == rub(most));
        CHECK(half_up_of(rub(most), almost_whole) == rub(most));
        CHECK(floor_of(rub(least), almost_whole) == rub(least));
        CHECK(ceil_of(rub(least), almost_whole) == rub(least + 1));
        CHECK(half_up_of(rub(least), Ratio{1, 1}) == rub(least));
    }

    TEST_CASE("a quotient that does not fit is refused, not wrapped") {
        for (auto const division : {floor_of, ceil_of, half_up_of}) {
            CHECK(division(rub(most), Ratio{2, 1}) == tl::unexpected{MoneyError::Overflow});
            CHECK(division(rub(least), Ratio{3, 2}) == tl::unexpected{MoneyError::Overflow});
        }
        CHECK(half_up_of(rub(most), Ratio{most, most - 1}) == tl::unexpected{MoneyError::Overflow});
    }

    TEST_CASE("a zero denominator is refused") {
        for (auto const division : {floor_of, ceil_of, half_up_of})
            CHECK(division(rub(1), Ratio{1, 0}) == tl::unexpected{MoneyError::Indivisible});
    }

    TEST_CASE("the currency stays") {
        auto const euros = Money::from_minor(101, Currency::EUR);
        for (auto const division : {floor_of, ceil_of, half_up_of}) {
            auto const part = division(euros, Ratio{1, 2});
            REQUIRE(part);
            CHECK(part->currency() == Currency::EUR);
        }
    }
}
