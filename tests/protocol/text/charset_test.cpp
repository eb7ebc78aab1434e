#include "protocol/text/charset.hpp"

#include <doctest/doctest.h>
#include <iconv.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "protocol/text/utf8.hpp"

using namespace protocol;
using namespace protocol::text;

namespace {

constexpr std::array code_pages{Encoding::Windows1251, Encoding::Koi8R, Encoding::Cp866};

/// libc's opinion on one byte: the second source for our tables.
std::optional<std::string> by_libc(Encoding encoding, std::uint8_t byte) {
    auto const close = [](void* handle) { iconv_close(handle); };
    std::string const from{name(encoding)};
    iconv_t const handle = iconv_open("UTF-8", from.c_str());
    REQUIRE(handle != reinterpret_cast<iconv_t>(-1)); // NOLINT: this is how iconv says no.
    std::unique_ptr<void, decltype(close)> const converter{handle, close};
    char in = static_cast<char>(byte);
    std::array<char, 8> out{};
    char* in_place = &in;
    char* out_place = out.data();
    std::size_t in_left = 1;
    std::size_t out_left = out.size();
    if (iconv(handle, &in_place, &in_left, &out_place, &out_left) == static_cast<std::size_t>(-1))
        return std::nullopt;
    return std::string{out.data(), out.size() - out_left};
}

Bytes bytes_of(std::string_view text) {
    auto const view = byte_view(text);
    return Bytes{view.begin(), view.end()};
}

std::string lossy(std::string_view utf8) {
    auto const bytes = encode_lossy(Encoding::Cp866, utf8);
    auto const text = decode(Encoding::Cp866, bytes);
    REQUIRE(text);
    return *text;
}

} // namespace

TEST_SUITE("charset") {
    TEST_CASE("every byte of every code page means what libc says it means") {
        for (auto const encoding : code_pages) {
            for (int value = 0; value < 256; ++value) {
                CAPTURE(value);
                CAPTURE(static_cast<int>(encoding));
                auto const byte = static_cast<std::uint8_t>(value);
                auto const ours = decode(encoding, ByteView{&byte, 1});
                auto const theirs = by_libc(encoding, byte);
                REQUIRE(ours.has_value() == theirs.has_value());
                if (theirs)
                    REQUIRE(*ours == *theirs);
            }
        }
    }

    TEST_CASE("what is decoded is encoded to the same bytes") {
        for (auto const encoding : code_pages) {
            Bytes all;
            for (int value = 0; value < 256; ++value)
                if (encoding != Encoding::Windows1251 || value != 0x98)
                    all.push_back(static_cast<std::uint8_t>(value));
            auto const text = decode(encoding, all);
            REQUIRE(text);
            CHECK(encode(encoding, *text) == all);
        }
    }

    TEST_CASE("a payee's name reads the same in all four encodings") {
        std::string const name = "ООО Юнисервис";
        CHECK(decode(Encoding::Utf8, byte_view(name)) == name);
        CHECK(
            decode(
                Encoding::Windows1251,
                byte_view("\xCE\xCE\xCE \xDE\xED\xE8\xF1\xE5\xF0\xE2\xE8\xF1")) == name);
        CHECK(
            decode(
                Encoding::Koi8R, byte_view("\xEF\xEF\xEF \xE0\xCE\xC9\xD3\xC5\xD2\xD7\xC9\xD3")) ==
            name);
        CHECK(
            decode(
                Encoding::Cp866, byte_view("\x8E\x8E\x8E \x9E\xAD\xA8\xE1\xA5\xE0\xA2\xA8\xE1")) ==
            name);
    }

    TEST_CASE("a byte without a meaning is an error") {
        CHECK(
            decode(Encoding::Windows1251, byte_view("\x98")) ==
            tl::unexpected{TextError::UndefinedByte});
        CHECK(decode(Encoding::Utf8, byte_view("\xCE")) == tl::unexpected{TextError::NotUtf8});
    }

    TEST_CASE("a byte order mark is not text") {
        CHECK(decode(Encoding::Utf8, byte_view("\uFEFFДата")) == std::string{"Дата"});
    }

    TEST_CASE("a zero byte is a character like others") {
        std::string const zero(1, '\0');
        CHECK(decode(Encoding::Cp866, byte_view(zero)) == zero);
        CHECK(encode(Encoding::Cp866, zero) == Bytes{0});
    }

    TEST_CASE("what a code page lacks is refused by encode and replaced by encode_lossy") {
        CHECK(encode(Encoding::Cp866, "«Уют»") == tl::unexpected{TextError::NotEncodable});
        CHECK(encode(Encoding::Windows1251, "«Уют»"));
        CHECK(lossy("ООО «Уют» — кв. 6…") == "ООО \"Уют\" - кв. 6...");
        CHECK(lossy("4 597,86 ₽") == "4 597,86 руб.");
        CHECK(lossy("№ 7, Ёлкин, Ґ, 中") == "№ 7, Ёлкин, ?, ?");
        CHECK(encode_lossy(Encoding::Koi8R, "№ 7") == bytes_of("No 7"));
        CHECK(lossy("ло\u00ADма\u200Bный") == "ломаный");
    }

    TEST_CASE("a no-break space is a plain space on paper") {
        CHECK(encode_lossy(Encoding::Cp866, "4\u00A0597,86") == bytes_of("4 597,86"));
        CHECK(encode_lossy(Encoding::Windows1251, "4\u00A0597\u202F8") == bytes_of("4 597 8"));
    }

    TEST_CASE("a printer's commands do not pass as text") {
        CHECK(encode_lossy(Encoding::Cp866, "a\x1Bi\x7F\n\tb") == bytes_of("a?i?\n\tb"));
        CHECK(encode_lossy(Encoding::Cp866, std::string_view{"\0", 1}) == bytes_of("?"));
    }

    TEST_CASE("bytes that are not UTF-8 do not stop the paper") {
        CHECK(encode_lossy(Encoding::Cp866, "a\xCE") == bytes_of("a?"));
        CHECK(encode_lossy(Encoding::Cp866, "\xFF\xFE.") == bytes_of("??."));
        CHECK(encode(Encoding::Cp866, "a\xCE") == tl::unexpected{TextError::NotUtf8});
    }

    TEST_CASE("every typographic sign has something to stand for it in every code page") {
        for (auto const encoding : code_pages) {
            std::string_view left = "«»“”„‘’—–‑−…•×₽€№²³Ёё";
            while (auto const character = take_character(left)) {
                std::string text;
                append_character(text, *character);
                CAPTURE(text);
                CHECK(encode_lossy(encoding, text) != bytes_of("?"));
            }
        }
    }
}
