#include "protocol/text/guess.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace protocol;
using namespace protocol::text;

namespace {

std::string fixture(std::string const& name) {
    std::ifstream file{KIOSK_SOURCE_DIR "/tests/fixtures/charges/" + name, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

Guess guess_of(Encoding encoding, std::string_view utf8) {
    auto const bytes = encode(encoding, utf8);
    REQUIRE(bytes);
    return guess_encoding(*bytes);
}

constexpr std::string_view texts[] = {
    "ЛицевойСчет;Период;Услуга;Ед;Тариф;Количество;Сумма",
    "Техническое обслуживание",
    "ОХРАНА ВЫВОЗ ТБО ОСВЕЩЕНИЕ МОП",
    "Гильман Павел Семенович, Мануринский проспект, д. 3, кв. 006",
    "Щукин Эдуард Юрьевич; ул. Ёлочная; подъезд 2",
    "ООО УК № 5; жилищно-коммунальные услуги за сентябрь 2009 г.",
};

} // namespace

TEST_SUITE("guess_encoding") {
    TEST_CASE("the providers' files are recognised") {
        CHECK(
            guess_encoding(byte_view(fixture("uniservis-invoices.cp1251.csv"))) ==
            Guess{Encoding::Windows1251, Confidence::Strong});
        CHECK(
            guess_encoding(byte_view(fixture("uniservis-lines-2009-09.cp866.txt"))) ==
            Guess{Encoding::Cp866, Confidence::Strong});
    }

    TEST_CASE("Russian is told apart in windows-1251, cp866 and UTF-8, in capitals too") {
        for (auto const text : texts) {
            CAPTURE(std::string{text});
            CHECK(
                guess_of(Encoding::Windows1251, text) ==
                Guess{Encoding::Windows1251, Confidence::Strong});
            CHECK(guess_of(Encoding::Cp866, text) == Guess{Encoding::Cp866, Confidence::Strong});
            CHECK(guess_of(Encoding::Utf8, text) == Guess{Encoding::Utf8, Confidence::Certain});
        }
    }

    TEST_CASE("plain ASCII and a byte order mark are certain") {
        CHECK(
            guess_encoding(byte_view("7822;4597.86")) ==
            Guess{Encoding::Utf8, Confidence::Certain});
        CHECK(
            guess_encoding(byte_view("\uFEFFДата")) == Guess{Encoding::Utf8, Confidence::Certain});
        CHECK(guess_encoding({}) == Guess{Encoding::Utf8, Confidence::Certain});
    }

    TEST_CASE("a few letters are a weak guess") {
        CHECK(guess_of(Encoding::Windows1251, "М003К006").confidence == Confidence::Weak);
        CHECK(guess_of(Encoding::Cp866, "М003К006").confidence == Confidence::Weak);
    }

    TEST_CASE("UTF-16 and binary files are no text to guess about") {
        CHECK(guess_encoding(byte_view({"\xFF\xFE\x14\x04", 4})).confidence == Confidence::None);
        CHECK(
            guess_encoding(byte_view(fixture("uniservis-invoices.xlsx"))).confidence ==
            Confidence::None);
    }

    TEST_CASE("a text cut in the middle of a character by the limit is still UTF-8") {
        std::string text(guess_bytes_max - 1, 'a');
        text += "Ж;";
        CHECK(guess_encoding(byte_view(text)) == Guess{Encoding::Utf8, Confidence::Certain});
        text.resize(guess_bytes_max);
        CHECK(guess_encoding(byte_view(text)).encoding != Encoding::Utf8);
    }
}
