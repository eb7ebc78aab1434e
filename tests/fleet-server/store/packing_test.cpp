#include "fleet-server/store/packing.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace fleet::store;

TEST_SUITE("store packing") {
    TEST_CASE("numbers and texts read back as they were put") {
        CHECK(rc::check([](std::vector<std::uint64_t> const& numbers,
                           std::vector<std::int64_t> const& others,
                           std::vector<std::string> const& texts) {
            Packer packer;
            for (auto const number : numbers)
                packer.put(number);
            for (auto const number : others)
                packer.put_signed(number);
            for (auto const& text : texts)
                packer.put(text);
            Unpacker unpacker{packer.bytes()};
            for (auto const number : numbers)
                RC_ASSERT(unpacker.number() == number);
            for (auto const number : others)
                RC_ASSERT(unpacker.signed_number() == number);
            for (auto const& text : texts)
                RC_ASSERT(unpacker.text() == text);
            RC_ASSERT(unpacker.is_at_end());
            RC_ASSERT(unpacker.is_good());
        }));
    }

    TEST_CASE("the greatest number takes ten bytes, and no more is believed") {
        Packer packer;
        packer.put(~std::uint64_t{0});
        packer.put_signed(std::numeric_limits<std::int64_t>::min());
        CHECK(packer.size() == 20);
        Unpacker unpacker{packer.bytes()};
        CHECK(unpacker.number() == ~std::uint64_t{0});
        CHECK(unpacker.signed_number() == std::numeric_limits<std::int64_t>::min());
        protocol::Bytes const over(10, 0xff);
        Unpacker greedy{over};
        CHECK(greedy.number() == 0);
        CHECK_FALSE(greedy.is_good());
    }

    TEST_CASE("after what is not there everything reads as nothing") {
        protocol::Bytes const bytes{0x05, 'a', 'b'};
        Unpacker unpacker{bytes};
        CHECK(unpacker.text().empty());
        CHECK_FALSE(unpacker.is_good());
        CHECK(unpacker.number() == 0);
    }
}
