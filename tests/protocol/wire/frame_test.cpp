#include "protocol/wire/frame.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace protocol;
using namespace protocol::wire;

namespace {

Bytes repeat(std::uint8_t byte, std::size_t count) {
    return Bytes(count, byte);
}

std::vector<Bytes> drain(FrameReader& reader) {
    std::vector<Bytes> payloads;
    while (auto next = reader.next()) {
        REQUIRE(*next);
        payloads.push_back(**next);
    }
    return payloads;
}

} // namespace

TEST_SUITE("wire frame") {
    TEST_CASE("a length is written in as few bytes as it needs") {
        struct Example {
            std::size_t size;
            Bytes length;
        };
        for (auto const& example : {
                 Example{0, {0x00}},
                 Example{1, {0x01}},
                 Example{127, {0x7F}},
                 Example{128, {0x80, 0x01}},
                 Example{300, {0xAC, 0x02}},
                 Example{16'384, {0x80, 0x80, 0x01}},
                 Example{frame_payload_max, {0x80, 0x80, 0x10}},
             }) {
            CAPTURE(example.size);
            auto const frame = encode_frame(repeat(0x5A, example.size));
            REQUIRE(frame);
            REQUIRE(frame->size() == example.length.size() + example.size);
            CHECK(std::equal(example.length.begin(), example.length.end(), frame->begin()));
        }
    }

    TEST_CASE("a payload above the limit is not framed") {
        auto const frame = encode_frame(repeat(0, frame_payload_max + 1));
        REQUIRE_FALSE(frame);
        CHECK(frame.error() == FrameError::TooLarge);
    }

    TEST_CASE("frames are found whatever portions they arrive in") {
        std::mt19937_64 random{20'090'930};
        for (int round = 0; round < 200; ++round) {
            CAPTURE(round);
            std::vector<Bytes> sent;
            Bytes stream;
            for (std::size_t i = 0, count = random() % 6; i < count; ++i) {
                sent.push_back(repeat(static_cast<std::uint8_t>(random()), random() % 700));
                auto const frame = encode_frame(sent.back());
                stream.insert(stream.end(), frame->begin(), frame->end());
            }
            FrameReader reader;
            std::vector<Bytes> received;
            for (std::size_t at = 0; at < stream.size();) {
                std::size_t const portion = std::min(stream.size() - at, 1 + random() % 900);
                reader.push(ByteView{stream}.subspan(at, portion));
                at += portion;
                for (Bytes& payload : drain(reader))
                    received.push_back(std::move(payload));
            }
            CHECK(received == sent);
            CHECK_FALSE(reader.is_mid_frame());
        }
    }

    TEST_CASE("a frame that has begun and is not complete shows") {
        FrameReader reader;
        CHECK_FALSE(reader.is_mid_frame());
        reader.push(Bytes{0x03, 'a'});
        CHECK_FALSE(reader.next());
        CHECK(reader.is_mid_frame());
        reader.push(Bytes{'b', 'c'});
        CHECK(drain(reader) == std::vector<Bytes>{{'a', 'b', 'c'}});
        CHECK_FALSE(reader.is_mid_frame());
    }

    TEST_CASE("the largest frame passes, one byte more is refused before it is waited for") {
        FrameReader reader;
        reader.push(*encode_frame(repeat(0x11, frame_payload_max)));
        CHECK(drain(reader).front().size() == frame_payload_max);

        reader.push(Bytes{0x81, 0x80, 0x10});
        auto const refused = reader.next();
        REQUIRE(refused);
        REQUIRE_FALSE(*refused);
        CHECK(refused->error() == FrameError::TooLarge);
    }

    TEST_CASE("two gigabytes are refused on the length alone") {
        FrameReader reader;
        reader.push(Bytes{0x80, 0x80, 0x80, 0x80, 0x08});
        auto const refused = reader.next();
        REQUIRE(refused);
        REQUIRE_FALSE(*refused);
        CHECK(refused->error() == FrameError::TooLarge);
    }

    TEST_CASE("a length that does not end within five bytes is refused") {
        FrameReader reader;
        reader.push(repeat(0x80, 4));
        CHECK_FALSE(reader.next());
        reader.push(repeat(0x80, 1));
        auto const refused = reader.next();
        REQUIRE(refused);
        REQUIRE_FALSE(*refused);
        CHECK(refused->error() == FrameError::LengthTooLong);
    }

    TEST_CASE("a padded length counts by its value") {
        FrameReader reader;
        reader.push(Bytes{0x82, 0x80, 0x80, 0x80, 0x00, 'o', 'k'});
        CHECK(drain(reader) == std::vector<Bytes>{{'o', 'k'}});
    }

    TEST_CASE("after a refusal nothing more comes out and nothing more is kept") {
        FrameReader reader;
        reader.push(repeat(0xFF, 100));
        REQUIRE(reader.next());
        reader.push(*encode_frame(Bytes{'o', 'k'}));
        CHECK_FALSE(reader.next());
        CHECK_FALSE(reader.is_mid_frame());
    }
}
