#include "fleet-server/ctl/table.hpp"

#include <doctest/doctest.h>

using namespace fleet::ctl;

TEST_SUITE("table") {
    TEST_CASE("columns stand under each other whatever the script") {
        Table table{{{"account"}, {"sum", Align::Right}}};
        table.add({"М003К006", "4 597,86 ₽"});
        table.add({"A1", "1,00 ₽"});
        CHECK(
            table.text() ==
            "account          sum\n"
            "М003К006  4 597,86 ₽\n"
            "A1            1,00 ₽\n");
    }

    TEST_CASE("without rows there is nothing to see") {
        CHECK(Table{{{"account"}}}.text().empty());
    }

    TEST_CASE("characters are counted, not bytes") {
        CHECK(characters("") == 0);
        CHECK(characters("Юнисервис") == 9);
        CHECK(characters("₽") == 1);
    }
}
