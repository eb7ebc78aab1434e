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
}
