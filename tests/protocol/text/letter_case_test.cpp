#include "protocol/text/letter_case.hpp"

#include <doctest/doctest.h>

using namespace protocol::text;

TEST_SUITE("letter case") {
    TEST_CASE("Latin and Cyrillic become capitals, all else stays") {
        CHECK(to_upper("абвгдеёжзийклмнопрстуфхцчшщъыьэюя") == "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ");
        CHECK(to_upper("abcxyz") == "ABCXYZ");
        CHECK(to_upper("єіїґўјѕ") == "ЄІЇҐЎЈЅ");
        CHECK(to_upper("М003к-006 ₽№") == "М003К-006 ₽№");
        CHECK(to_upper("ab\xFF") == "AB");
    }

    TEST_CASE("upper case of upper case is itself, for every character that has a case") {
        for (char32_t character = 0; character < 0x600; ++character)
            CHECK(to_upper(to_upper(character)) == to_upper(character));
    }

    TEST_CASE("letters and digits are told by script") {
        CHECK(is_cyrillic_letter(U'Г'));
        CHECK(is_cyrillic_letter(U'ё'));
        CHECK_FALSE(is_cyrillic_letter(U'G'));
        CHECK(is_latin_letter(U'g'));
        CHECK_FALSE(is_latin_letter(U'['));
        CHECK_FALSE(is_latin_letter(U'К'));
        CHECK(is_digit(U'0'));
        CHECK_FALSE(is_digit(U'٣'));
    }
}
