#include "devices/scanner/code_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/hex.hpp"

using devices::scanner::code_size_max;
using devices::scanner::CodeReader;
using protocol::Bytes;
using tests::bytes_of;
using tests::hex;

namespace {

/// The codes that are complete by now, as text; "refused" for one that is too long.
std::vector<std::string> codes(CodeReader& reader) {
    std::vector<std::string> texts;
    while (auto const code = reader.next())
        texts.push_back(*code ? std::string{(*code)->begin(), (*code)->end()} : "refused");
    return texts;
}

std::vector<std::string> codes_of(std::string_view text) {
    CodeReader reader;
    reader.push(bytes_of(text));
    return codes(reader);
}

using Texts = std::vector<std::string>;

} // namespace

TEST_SUITE("scanner code reader") {
    TEST_CASE("a code ends with CR, with LF or with both, and none of them is a code") {
        CHECK(codes_of("ST00012|A=1\r") == Texts{"ST00012|A=1"});
        CHECK(codes_of("ST00012|A=1\n") == Texts{"ST00012|A=1"});
        CHECK(codes_of("ST00012|A=1\r\n") == Texts{"ST00012|A=1"});
        CHECK(codes_of("\r\n\r\n\n").empty());
        CHECK(codes_of("first\r\nsecond\rthird\n") == Texts{"first", "second", "third"});
    }

    TEST_CASE("a code without a suffix ends with a pause") {
        CodeReader reader;
        reader.push(bytes_of("ST00012|A=1"));
        CHECK(codes(reader).empty());
        CHECK(reader.is_inside_code());
        reader.pause();
        CHECK(codes(reader) == Texts{"ST00012|A=1"});
        CHECK_FALSE(reader.is_inside_code());
        reader.pause();
        CHECK(codes(reader).empty());
    }

    TEST_CASE("the bytes of windows-1251, KOI8-R and UTF-8 pass unchanged, control bytes too") {
        for (auto const* text :
             {"CF EB E0 F2 E5 EB FC FC 7C 3D",
              "F0 CC C1 D4 C5 CC D8 DD 98 9C",
              "D0 9F D0 BB D0 B0 D1 82 E2 82 BD",
              "00 01 1D 1E 04 7F 80 FF"}) {
            CAPTURE(text);
            CodeReader reader;
            auto bytes = hex(text);
            bytes.push_back('\r');
            reader.push(bytes);
            auto const code = reader.next();
            REQUIRE(code);
            CHECK(tests::to_hex(**code) == text);
        }
    }

    TEST_CASE("a code is the same in whatever portions it arrives") {
        std::string const text = "]Q1ST00011|Name=\xCE\xCE\xCE\r\nnext\n";
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            CAPTURE(cut);
            CodeReader reader;
            reader.push(bytes_of(std::string_view{text}.substr(0, cut)));
            auto found = codes(reader);
            reader.push(bytes_of(std::string_view{text}.substr(cut)));
            for (auto& code : codes(reader))
                found.push_back(std::move(code));
            CHECK(found == Texts{"ST00011|Name=\xCE\xCE\xCE", "next"});
        }
    }

    TEST_CASE("an AIM identifier is not part of the code, what only looks like one is") {
        CHECK(codes_of("]Q1ST00012|A=1\r") == Texts{"ST00012|A=1"});
        CHECK(codes_of("]E04601234567890\r") == Texts{"4601234567890"});
        CHECK(codes_of("]d2ABC\r") == Texts{"ABC"});
        CHECK(codes_of("]Q1\r").empty());
        CHECK(codes_of("]]Q1\r") == Texts{"]]Q1"});
        CHECK(codes_of("]1Q\r") == Texts{"]1Q"});
        CHECK(codes_of("]Q\r") == Texts{"]Q"});
        CHECK(codes_of("]Q1]Q1x\r") == Texts{"]Q1x"});
    }

    TEST_CASE("the longest code is read, a longer one is refused once and the next is read again") {
        std::string const longest(code_size_max, 'x');
        CHECK(codes_of(longest + "\r") == Texts{longest});
        CHECK(codes_of("]Q1" + longest + "\r") == Texts{longest});
        CHECK(codes_of(longest + "x\rnext\r") == Texts{"refused", "next"});
        CHECK(codes_of("]Q1" + longest + "x\rnext\r") == Texts{"refused", "next"});
        CHECK(codes_of(std::string(100'000, 'x') + "\rnext\r") == Texts{"refused", "next"});
    }

    TEST_CASE("a flood without an end is forgotten up to the pause") {
        CodeReader reader;
        for (int portion = 0; portion < 100; ++portion) {
            reader.push(Bytes(1000, 'x'));
            CHECK(codes(reader).empty());
            CHECK(reader.is_inside_code());
        }
        reader.pause();
        CHECK(codes(reader) == Texts{"refused"});
        reader.push(bytes_of("next\r"));
        CHECK(codes(reader) == Texts{"next"});
    }
}
