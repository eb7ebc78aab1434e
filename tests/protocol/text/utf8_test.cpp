#include "protocol/text/utf8.hpp"

#include <doctest/doctest.h>

using namespace protocol::text;

TEST_SUITE("utf8") {
    TEST_CASE("every character is written and read back, and surrogates are none") {
        for (char32_t character = 0; character <= 0x10FFFF; ++character) {
            if (character == 0xD800)
                character = 0xE000;
            std::string text;
            append_character(text, character);
            std::string_view left = text;
            REQUIRE(take_character(left) == character);
            REQUIRE(left.empty());
        }
    }

    TEST_CASE("the lengths are those of RFC 3629") {
        CHECK(count_characters("aЖ₽\U0001F4B6") == 4);
        CHECK(std::string_view{"aЖ₽\U0001F4B6"}.size() == 1 + 2 + 3 + 4);
        CHECK(count_characters("") == 0);
        CHECK(count_characters("ab\xFFz") == 2);
    }

    TEST_CASE("what is not UTF-8 is not read") {
        for (std::string_view const text :
             {"\x80",
              "\xBF",
              "\xC0\x80",
              "\xC1\xBF",
              "\xE0\x80\x80",
              "\xE0\x9F\xBF",
              "\xED\xA0\x80",
              "\xED\xBF\xBF",
              "\xF0\x80\x80\x80",
              "\xF0\x8F\xBF\xBF",
              "\xF4\x90\x80\x80",
              "\xF5\x80\x80\x80",
              "\xFF",
              "\xC2",
              "\xE2\x82",
              "\xF0\x9F\x92",
              "\xC2z",
              "\xE2\x82z"}) {
            CHECK_FALSE(is_utf8(text));
            std::string_view left = text;
            CHECK_FALSE(take_character(left));
            CHECK(left == text);
        }
        CHECK(is_utf8("М003К006"));
        CHECK_FALSE(is_utf8("М003\xCA"));
    }
}
