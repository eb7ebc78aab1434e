#include "protocol/money/amount_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

using namespace protocol;

namespace {

auto refused(AmountTextError error) {
    return tl::unexpected{error};
}

struct Reading {
    std::string_view text;
    std::int64_t kopecks;
};

} // namespace

TEST_SUITE("amount text") {
    TEST_CASE("amounts are read as provider files and OSMP write them") {
        Reading const readings[] = {
            {"4597.86", 459'786},
            {"39,76", 3'976},
            {"-352,74", -35'274},
            {" 1 234,50 ", 123'450},
            {"152.7", 15'270},
            {"100", 10'000},
            {"0", 0},
            {"-0.00", 0},
            {"+5", 500},
            {".50", 50},
            {"007.01", 701},
            {"1\u00A0234\u00A0567,89", 123'456'789},
            {"12\u202F794,66", 1'279'466},
            {"\u22122334.14", -233'414},
            {"\u00A04597.86\u202F", 459'786},
            {"100000000000.00", amount_minor_max},
            {"-100000000000", -amount_minor_max},
        };
        for (auto const& reading : readings) {
            CAPTURE(reading.text);
            CHECK(parse_amount(reading.text) == rub(reading.kopecks));
        }
    }

    TEST_CASE("what is not an amount is refused, not guessed") {
        for (std::string_view const text :
             {"-",        "+",      ".",         ",",        "5.",       "-.",    "abc",
              "12a",      "1e5",    "0x10",      "1,234.50", "1.234,50", "12 34", "1 23",
              "1234 567", "1  234", "1 234 ,50", "--5",      "- 5",      "5-",    "1.2.3",
              "5 руб.",   "١٢",     "NaN",       "1\t234",   "\t1",      "1'234"}) {
            CAPTURE(text);
            CHECK(parse_amount(text) == refused(AmountTextError::NotANumber));
        }
        for (std::string_view const text : {"", "   ", "\u00A0"})
            CHECK(parse_amount(text) == refused(AmountTextError::Empty));
    }

    TEST_CASE("a third decimal is refused even when it is a zero") {
        for (std::string_view const text : {"1,234", "39.760", "0.001"})
            CHECK(parse_amount(text) == refused(AmountTextError::TooManyDecimals));
    }

    TEST_CASE("an amount above the bound is refused, however long it is") {
        CHECK(parse_amount("100000000000.01") == refused(AmountTextError::TooLarge));
        CHECK(parse_amount("-100000000000.01") == refused(AmountTextError::TooLarge));
        CHECK(parse_amount(std::string(100'000, '9')) == refused(AmountTextError::TooLarge));
    }

    TEST_CASE("programs get a point and two decimals") {
        CHECK(to_decimal(rub(459'786)) == "4597.86");
        CHECK(to_decimal(rub(-35'274)) == "-352.74");
        CHECK(to_decimal(rub(5)) == "0.05");
        CHECK(to_decimal(rub(-5)) == "-0.05");
        CHECK(to_decimal(rub(0)) == "0.00");
        CHECK(to_decimal(rub(std::numeric_limits<std::int64_t>::min())) == "-92233720368547758.08");
    }

    TEST_CASE("screens get blanks that do not break and the currency's sign") {
        CHECK(to_display(rub(459'786)) == "4\u00A0597,86\u00A0₽");
        CHECK(to_display(rub(459'786), AmountStyle::English) == "4,597.86\u00A0₽");
        CHECK(to_display(rub(123'456'789)) == "1\u00A0234\u00A0567,89\u00A0₽");
        CHECK(to_display(rub(-35'274)) == "\u2212352,74\u00A0₽");
        CHECK(to_display(rub(99)) == "0,99\u00A0₽");
        CHECK(to_display(rub(10'000'000), AmountStyle::English) == "100,000.00\u00A0₽");
        CHECK(to_display(Money::from_minor(150, Currency::EUR)) == "1,50\u00A0€");
        CHECK(to_display(Money::from_minor(150, Currency::USD)) == "1,50\u00A0$");
    }

    TEST_CASE("paper gets nothing that code page 866 lacks") {
        CHECK(to_paper(rub(459'786)) == "4 597,86 руб.");
        CHECK(to_paper(rub(-35'274)) == "-352,74 руб.");
        CHECK(to_paper(rub(459'786), AmountStyle::English) == "4,597.86 RUB");
        CHECK(to_paper(Money::from_minor(150, Currency::USD)) == "1,50 USD");
    }

    TEST_CASE("what programs get is read back as the same amount") {
        std::mt19937_64 random{20260104};
        for (int round = 0; round < 20'000; ++round) {
            auto const any = static_cast<std::int64_t>(random() % (2 * amount_minor_max + 1));
            auto const amount = rub((any - amount_minor_max) / (std::int64_t{1} << random() % 44));
            CAPTURE(amount.minor());
            REQUIRE(parse_amount(to_decimal(amount)) == amount);
        }
    }

    TEST_CASE("every error says what is wrong") {
        for (auto const error :
             {AmountTextError::Empty,
              AmountTextError::NotANumber,
              AmountTextError::TooManyDecimals,
              AmountTextError::TooLarge})
            CHECK(describe(error).find("amount") != std::string_view::npos);
    }
}
