#include "protocol/bill-code/period.hpp"

#include <doctest/doctest.h>

using protocol::bill_code::read_period;

TEST_SUITE("period") {
    TEST_CASE("every way in which bills write September 2009 is read") {
        for (auto const* text :
             {"092009", "200909", "09.2009", "9.2009", "2009-09", "2009.09", "09/2009", "2009/9"}) {
            CAPTURE(text);
            CHECK(read_period(text) == "2009-09");
        }
        CHECK(read_period("042026") == "2026-04");
        CHECK(read_period("122012") == "2012-12");
        CHECK(read_period("201212") == "2012-12");
    }

    TEST_CASE("six digits are one month or none") {
        for (int value = 0; value < 1'000'000; ++value) {
            auto const digits = std::to_string(1'000'000 + value).substr(1);
            int const head = value / 10'000;
            int const tail = value % 10'000;
            bool const month_first = head >= 1 && head <= 12 && tail >= 1990 && tail <= 2099;
            int const year = value / 100;
            int const month = value % 100;
            bool const year_first = year >= 1990 && year <= 2099 && month >= 1 && month <= 12;
            REQUIRE_FALSE((month_first && year_first));
            REQUIRE(read_period(digits).has_value() == (month_first || year_first));
        }
    }

    TEST_CASE("what is no month, or may be two, is not read") {
        for (auto const* text :
             {"",
              "0909",
              "2009",
              "132009",
              "200913",
              "000000",
              "09.09",
              "13.2009",
              "00.2009",
              "01.09.2009",
              "сентябрь",
              "09 2009",
              "092009 ",
              "+92009",
              "9.20099",
              "1889-01",
              ".",
              "012.2009"}) {
            CAPTURE(text);
            CHECK_FALSE(read_period(text));
        }
    }
}
