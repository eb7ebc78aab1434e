#include "protocol/account/masking.hpp"

#include <doctest/doctest.h>

using namespace protocol::account;

TEST_SUITE("masking") {
    TEST_CASE("of a person the surname and the initials are shown") {
        CHECK(mask_person("Гильман Павел Семенович") == "Гильман П. С.");
        CHECK(mask_person("  Гильман\u00A0Павел  ") == "Гильман П.");
        CHECK(mask_person("Римская-Корсакова Анна-Мария") == "Римская-Корсакова А.");
        CHECK(mask_person("Smith John") == "Smith J.");
        CHECK(mask_person("Гильман") == "Гильман");
        CHECK(mask_person("") == "");
    }

    TEST_CASE("masking what is masked changes nothing") {
        CHECK(mask_person("Гильман П. С.") == "Гильман П. С.");
        CHECK(mask_address("ул. Садовая, д. 3, кв. ***") == "ул. Садовая, д. 3, кв. ***");
    }

    TEST_CASE("of an address the flat is hidden") {
        CHECK(
            mask_address("Мануринский проспект, д. 3, кв. 006") ==
            "Мануринский проспект, д. 3, кв. ***");
        CHECK(mask_address("ул. Садовая 7А 9") == "ул. Садовая 7А ***");
        CHECK(mask_address("ул. Садовая, 7, кв.12б") == "ул. Садовая, 7, кв.***");
        CHECK(
            mask_address("ул. Садовая, 7, кв 3/1, г. Томск") == "ул. Садовая, 7, кв ***, г. Томск");
        CHECK(mask_address("пос. Лесной, д. 14") == "пос. Лесной, д. ***");
        CHECK(mask_address("пос. Лесной") == "пос. Лесной");
    }

    TEST_CASE("nothing is shown of what is not UTF-8") {
        CHECK(mask_person("\xC3\xE8\xEB Павел") == "");
        CHECK(mask_address("\xC3\xE8\xEB 3") == "");
    }
}
