#include "devices/bench/qr_reader.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

using devices::bench::read_qr;
using protocol::Bytes;

namespace {

std::string contents(std::string const& path) {
    std::ifstream file{std::string{KIOSK_SOURCE_DIR} + "/tests/" + path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

Bytes picture(std::string const& name) {
    std::string const text = contents("fixtures/bills/" + name + ".png");
    return {text.begin(), text.end()};
}

std::string hex_of(Bytes const& bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::uint8_t const byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0x0FU];
    }
    return text;
}

} // namespace

TEST_SUITE("QR reader") {
    // The hex files were written by another reader: zbarimg --raw -Sbinary.
    TEST_CASE("a bill's code gives the same raw bytes as another reader, in every encoding") {
        for (auto const* name :
             {"uniservis-st00011-cp1251",
              "uniservis-st00012-utf8",
              "uniservis-st00013-koi8r",
              "uniservis-hash-separator"}) {
            CAPTURE(name);
            auto const bytes = read_qr(picture(name));
            REQUIRE(bytes);
            std::string expected = contents("devices/bench/bills/" + std::string{name} + ".hex");
            std::erase(expected, '\n');
            CHECK(hex_of(*bytes) == expected);
        }
    }

    TEST_CASE("what is not a PNG, or damaged, or too large is refused by name") {
        CHECK(read_qr({}).error().problem == "is not a PNG");
        CHECK(read_qr(Bytes(100, 0xFF)).error().problem == "is not a PNG");
        Bytes const whole = picture("uniservis-st00012-utf8");
        Bytes half = whole;
        half.resize(half.size() / 2);
        CHECK(read_qr(half).error().problem == "is a damaged PNG");
        Bytes huge = whole;
        huge[16] = 0x7F; // The width's highest byte.
        CHECK(read_qr(huge).error().cure == "send one of at most 40 million");
        Bytes empty = whole;
        empty[16] = empty[17] = empty[18] = empty[19] = 0;
        CHECK_FALSE(read_qr(empty));
    }
}
