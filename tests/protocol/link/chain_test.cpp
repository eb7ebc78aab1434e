#include "protocol/link/chain.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace protocol;
using namespace protocol::link;

namespace {

Bytes bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string hex(Hash const& hash) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::uint8_t const byte : hash) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

// 300 times the bytes 00..FF: larger than one SHA-256 block and than one 16-bit length.
Bytes long_payload() {
    Bytes payload;
    for (int i = 0; i < 300 * 256; ++i)
        payload.push_back(static_cast<std::uint8_t>(i));
    return payload;
}

} // namespace

// The expected hashes were computed with Python's hashlib from the formula in
// docs/architecture.md, not with this code.
TEST_SUITE("record chain") {
    TEST_CASE("four records hash as the formula says") {
        Hash const first = chain_next(chain_start, 1, bytes(""));
        CHECK(hex(first) == "df3ea18b1bbd5b2a6fa7055ef60c2590976bc96e8b8df2dd405c465b5ce7db97");
        Hash const second = chain_next(first, 2, bytes("\x08\x01"));
        CHECK(hex(second) == "9109e2823eb34d0ffe6aa855017cef628e117c05c6be1821dc3f9a0180c3385c");
        Hash const third = chain_next(second, 3, bytes("Гильман"));
        CHECK(hex(third) == "8eb8587199923772f6f5a330f9b73eaa8b459e8c3d4ffbe16367a61b1ae4f984");
        Hash const fourth = chain_next(third, 4, long_payload());
        CHECK(hex(fourth) == "69619a5b3c5166135c11b49754f3a4f3e40b71e1b0e9a300775e249c51a3eeb1");
    }

    TEST_CASE("the sequence is hashed as 64 bits, high byte first") {
        Hash previous;
        previous.fill(0xFF);
        CHECK(
            hex(chain_next(previous, (std::uint64_t{1} << 40U) + 7, bytes("abc"))) ==
            "b03b6b5438bcf6c858992622614cc6a74ccd0b9fb327357a34dbbc7f2611a1b0");
    }

    TEST_CASE("a run of records ends where one by one ends") {
        std::vector<Bytes> const payloads{bytes("\x08\x01"), bytes("Гильман"), long_payload()};
        Hash const first = chain_next(chain_start, 1, bytes(""));
        CHECK(
            hex(chain_over(first, 2, payloads)) ==
            "69619a5b3c5166135c11b49754f3a4f3e40b71e1b0e9a300775e249c51a3eeb1");
        CHECK(chain_over(first, 2, {}) == first);
    }

    TEST_CASE("bytes moved between neighbours change the chain") {
        std::vector<Bytes> const one{bytes("ab"), bytes("c")};
        std::vector<Bytes> const other{bytes("a"), bytes("bc")};
        CHECK(chain_over(chain_start, 1, one) != chain_over(chain_start, 1, other));
    }

    TEST_CASE("a hash crosses the wire as 32 bytes and no others") {
        Hash const hash = chain_next(chain_start, 1, bytes("x"));
        CHECK(hash_from_wire(to_wire(hash)) == hash);
        CHECK_FALSE(hash_from_wire(to_wire(hash).substr(1)));
        CHECK_FALSE(hash_from_wire(""));
    }

    TEST_CASE("the head of an empty chain may be written as nothing, no other head may") {
        CHECK(head_hash_from_wire(0, "") == chain_start);
        CHECK(head_hash_from_wire(0, to_wire(chain_start)) == chain_start);
        CHECK_FALSE(head_hash_from_wire(0, std::string(32, 'x')));
        CHECK_FALSE(head_hash_from_wire(1, ""));
    }
}
