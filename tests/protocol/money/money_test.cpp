#include "protocol/money/money.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace protocol;

TEST_SUITE("money") {
    TEST_CASE("a sum that does not fit is an error, not a wrapped number") {
        auto const sum = add(rub(std::numeric_limits<std::int64_t>::max()), rub(1));
        REQUIRE_FALSE(sum);
        CHECK(sum.error() == MoneyError::Overflow);
    }

    TEST_CASE("currencies do not mix") {
        auto const sum = add(rub(1), Money::from_minor(1, Currency::USD));
        REQUIRE_FALSE(sum);
        CHECK(sum.error() == MoneyError::CurrencyMismatch);
    }

    TEST_CASE("sums, differences and multiples are exact up to the last kopeck that fits") {
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        constexpr auto least = std::numeric_limits<std::int64_t>::min();
        CHECK(add(rub(most - 1), rub(1)) == rub(most));
        CHECK(subtract(rub(least + 1), rub(1)) == rub(least));
        CHECK(subtract(rub(least), rub(1)) == tl::unexpected{MoneyError::Overflow});
        CHECK(subtract(rub(0), rub(least)) == tl::unexpected{MoneyError::Overflow});
        CHECK(multiply(rub(200'000), 2) == rub(400'000));
        CHECK(multiply(rub(most), 2) == tl::unexpected{MoneyError::Overflow});
        CHECK(multiply(rub(least), -1) == tl::unexpected{MoneyError::Overflow});
    }

    TEST_CASE("amounts of one currency are ordered, of two they are not comparable") {
        CHECK(compare(rub(1), rub(2)) == std::strong_ordering::less);
        CHECK(compare(rub(2), rub(2)) == std::strong_ordering::equal);
        CHECK(
            compare(rub(1), Money::from_minor(1, Currency::EUR)) ==
            tl::unexpected{MoneyError::CurrencyMismatch});
    }

    TEST_CASE("a currency's code is read back as the currency") {
        for (auto const currency : {Currency::RUB, Currency::EUR, Currency::USD})
            CHECK(currency_from_code(code(currency)) == currency);
        for (auto const* text : {"", "rub", "RUR", "RUBLE"})
            CHECK(currency_from_code(text) == tl::unexpected{MoneyError::NotAnAmount});
    }
}
