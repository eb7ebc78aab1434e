#include "devices/printer/code_page.hpp"

#include <doctest/doctest.h>

using devices::printer::from_code_page;
using devices::printer::to_code_page;

TEST_SUITE("printer code page") {
    TEST_CASE("Russian text has the bytes of CP866") {
        CHECK(to_code_page("Привет") == "\x8F\xE0\xA8\xA2\xA5\xE2");
        CHECK(to_code_page("ёЁ№") == "\xF1\xF0\xFC");
    }

    TEST_CASE("every printable byte comes back from the text that it makes") {
        for (unsigned byte = 0x20; byte < 0x100; ++byte) {
            if (byte == 0x7F) // Delete.
                continue;
            CAPTURE(byte);
            std::string const bytes(1, static_cast<char>(byte));
            CHECK(to_code_page(from_code_page(bytes)) == bytes);
        }
    }

    TEST_CASE("what the page lacks is replaced by what looks like it") {
        CHECK(
            from_code_page(to_code_page("«Юнисервис» — 5 000 ₽…")) ==
            "\"Юнисервис\" - 5 000 руб....");
        CHECK(from_code_page(to_code_page("日本 Ω")) == "?? ?");
    }

    TEST_CASE("control characters in a name cannot steer the printer") {
        CHECK(
            to_code_page("a\x1B"
                         "i\x10\x04\x14\x7F") == "a?i????");
        for (unsigned character = 0; character < 0x20; ++character) {
            CAPTURE(character);
            CHECK(
                to_code_page(std::string(1, static_cast<char>(character))) ==
                (character == '\t' ? " " : "?"));
        }
        CHECK(to_code_page("\xC2\x9B") == "?");
    }

    TEST_CASE("damaged UTF-8 costs a question mark a byte and loses nothing after it") {
        CHECK(to_code_page("\xD0") == "?");
        CHECK(to_code_page("\xD0z") == "?z");
        CHECK(
            to_code_page("\xFF\x80"
                         "A") == "??A");
        CHECK(to_code_page("\xC0\xAF") == "??");
    }
}
