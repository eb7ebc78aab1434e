#include "kiosk/screens/text.hpp"

#include <doctest/doctest.h>

using namespace kiosk::screens;
using protocol::rub;

TEST_SUITE("screen text") {
    TEST_CASE("an amount is written as its language writes it, unbroken") {
        CHECK(display_money(rub(459'786), Language::Ru) == "4\u00a0597,86\u00a0₽");
        CHECK(display_money(rub(459'786), Language::En) == "4,597.86\u00a0₽");
    }

    TEST_CASE("a sum in a column has no currency") {
        CHECK(display_sum(rub(-35'274), Language::Ru) == "−352,74");
        CHECK(display_sum(rub(100'000'000), Language::Ru) == "1\u00a0000\u00a0000,00");
        CHECK(display_sum(rub(100'000'000), Language::En) == "1,000,000.00");
    }

    TEST_CASE("a note is written as it is printed on the note") {
        CHECK(display_note(rub(200'000)) == "2000");
    }

    TEST_CASE("an ISO date becomes a Russian one, and what is no date stays as it is") {
        CHECK(display_date("2009-09-01") == "01.09.2009");
        CHECK(display_date("") == "");
        CHECK(display_date("сентябрь") == "сентябрь");
        CHECK(display_date("2009-9-1xx") == "2009-9-1xx");
    }

    TEST_CASE("the month of a period is read, and what is no period has none") {
        CHECK(month_of("2009-09") == 9);
        CHECK(month_of("2009-12") == 12);
        CHECK(month_of("2009-13") == 0);
        CHECK(month_of("2009-00") == 0);
        CHECK(month_of("2009/09") == 0);
        CHECK(month_of("") == 0);
    }

    TEST_CASE("a decimal is shown as printed, with a true minus") {
        CHECK(display_decimal("-88,19", Language::Ru) == "−88,19");
        CHECK(display_decimal("52,8", Language::Ru) == "52,8");
        CHECK(display_decimal("-88,19", Language::En) == "−88.19");
        CHECK(display_decimal("", Language::En) == "");
    }

    TEST_CASE("an unbroken text has no space where a line could end") {
        CHECK(unbroken("8 800 000-00-00") == "8\u00a0800\u00a0000-00-00");
    }

    TEST_CASE("a text is cut between letters, and its end says that it was cut") {
        CHECK(shortened("Охрана", 6) == "Охрана");
        CHECK(shortened("Охрана", 5) == "Охра…");
        CHECK(shortened("Вывоз ТБО", 7) == "Вывоз…");
        CHECK(shortened("", 5) == "");
        CHECK(letters(shortened("Содержание и ремонт жилого помещения", 20)) <= 20);
    }
}
