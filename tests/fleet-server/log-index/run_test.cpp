#include "fleet-server/log-index/run.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace fleet::log_index;

TEST_SUITE("log-index run") {
    TEST_CASE("a chunk reads back as it was packed") {
        CHECK(rc::check([](std::vector<std::pair<Key, std::uint32_t>> const& made) {
            std::vector<Mention> mentions;
            for (auto const& [key, block] : made)
                mentions.push_back({key, Block{block} << (key % 32U)});
            arrange(mentions);
            std::vector<Mention> read;
            RC_ASSERT(unpack_chunk(pack_chunk(mentions), read));
            RC_ASSERT(read == mentions);
        }));
    }

    TEST_CASE("bytes that are not a chunk are refused") {
        std::vector<Mention> read;
        CHECK_FALSE(unpack_chunk(protocol::Bytes{0x05}, read));       // A key without a block.
        CHECK_FALSE(unpack_chunk(protocol::Bytes{0x05, 0x80}, read)); // A number without its end.
        // A key over 32 bits.
        CHECK_FALSE(unpack_chunk(protocol::Bytes{0xff, 0xff, 0xff, 0xff, 0x7f, 0x01}, read));
    }

    TEST_CASE("the fences name every chunk that holds the key, and few others") {
        CHECK(rc::check([](std::vector<std::uint8_t> const& made, std::uint8_t wanted) {
            std::vector<Mention> mentions;
            for (std::uint8_t const key : made)
                mentions.push_back({key, mentions.size()});
            arrange(mentions);
            constexpr std::size_t size = 3;
            std::vector<Key> first;
            for (std::size_t at = 0; at < mentions.size(); at += size)
                first.push_back(mentions[at].key);
            auto const range = chunks_with(pack_fences(first), wanted);
            RC_ASSERT(range.first <= range.last);
            RC_ASSERT(range.last <= first.size());
            std::size_t holding = 0;
            for (std::size_t at = 0; at < mentions.size(); ++at)
                if (mentions[at].key == wanted) {
                    RC_ASSERT(range.first <= at / size);
                    RC_ASSERT(at / size < range.last);
                    ++holding;
                }
            RC_ASSERT(range.last - range.first <= holding / size + 2);
        }));
    }
}
