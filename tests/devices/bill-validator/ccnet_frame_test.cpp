#include "devices/bill-validator/ccnet_frame.hpp"

#include <doctest/doctest.h>

#include "tests/support/hex.hpp"

using namespace devices::bill_validator::ccnet;
using tests::bytes_of;
using tests::hex;
using tests::to_hex;

namespace {

struct Example {
    char const* name;
    char const* data;
    char const* frame;
};

// Recomputed, and seen in at least two independent programs.
constexpr Example commands[] = {
    {"ACK", "00", "02 03 06 00 C2 82"},
    {"NAK", "FF", "02 03 06 FF BA 8D"},
    {"RESET", "30", "02 03 06 30 41 B3"},
    {"GET STATUS", "31", "02 03 06 31 C8 A2"},
    {"POLL", "33", "02 03 06 33 DA 81"},
    {"STACK", "35", "02 03 06 35 EC E4"},
    {"RETURN", "36", "02 03 06 36 77 D6"},
    {"IDENTIFICATION", "37", "02 03 06 37 FE C7"},
    {"HOLD", "38", "02 03 06 38 09 3F"},
    {"EXTRACT BARCODE", "3A", "02 03 06 3A 1B 1C"},
    {"GET BILL TABLE", "41", "02 03 06 41 4F D1"},
    {"DOWNLOAD", "50", "02 03 06 50 47 D0"},
    {"GET CRC32", "51", "02 03 06 51 CE C1"},
    {"REQUEST STATISTICS", "60", "02 03 06 60 C4 E1"},
    {"SET SECURITY 0", "32 00 00 00", "02 03 09 32 00 00 00 26 1F"},
    {"ENABLE all, no escrow", "34 FF FF FF 00 00 00", "02 03 0C 34 FF FF FF 00 00 00 B5 C1"},
    {"ENABLE all, escrow", "34 FF FF FF FF FF FF", "02 03 0C 34 FF FF FF FF FF FF FE F7"},
    {"DISABLE all", "34 00 00 00 00 00 00", "02 03 0C 34 00 00 00 00 00 00 17 0C"},
    {"ENABLE 7C, no escrow", "34 00 00 7C 00 00 00", "02 03 0C 34 00 00 7C 00 00 00 66 C1"},
    {"ENABLE FC, no escrow", "34 00 00 FC 00 00 00", "02 03 0C 34 00 00 FC 00 00 00 08 EC"},
    {"ENABLE 30FC, no escrow", "34 00 30 FC 00 00 00", "02 03 0C 34 00 30 FC 00 00 00 D9 38"},
    {"ENABLE FFFF, escrow", "34 00 FF FF 00 FF FF", "02 03 0C 34 00 FF FF 00 FF FF 27 CC"},
    {"ENABLE 3F, escrow", "34 00 00 3F 00 00 3F", "02 03 0C 34 00 00 3F 00 00 3F 68 3B"},
};

constexpr Example statuses[] = {
    {"POWER UP", "10", "02 03 06 10 43 92"},
    {"POWER UP WITH BILL IN VALIDATOR", "11", "02 03 06 11 CA 83"},
    {"POWER UP WITH BILL IN STACKER", "12", "02 03 06 12 51 B1"},
    {"INITIALIZE", "13", "02 03 06 13 D8 A0"},
    {"IDLING", "14", "02 03 06 14 67 D4"},
    {"ACCEPTING", "15", "02 03 06 15 EE C5"},
    {"STACKING", "17", "02 03 06 17 FC E6"},
    {"RETURNING", "18", "02 03 06 18 0B 1E"},
    {"UNIT DISABLED", "19", "02 03 06 19 82 0F"},
    {"HOLDING", "1A", "02 03 06 1A 19 3D"},
    {"DEVICE BUSY", "1B 05", "02 03 07 1B 05 D4 99"},
    {"REJECTING, insertion", "1C 60", "02 03 07 1C 60 77 E0"},
    {"REJECTING, inhibited", "1C 68", "02 03 07 1C 68 3F 6C"},
    {"DROP CASSETTE FULL", "41", "02 03 06 41 4F D1"},
    {"DROP CASSETTE OUT OF POSITION", "42", "02 03 06 42 D4 E3"},
    {"VALIDATOR JAMMED", "43", "02 03 06 43 5D F2"},
    {"DROP CASSETTE JAMMED", "44", "02 03 06 44 E2 86"},
    {"CHEATED", "45", "02 03 06 45 6B 97"},
    {"PAUSE", "46", "02 03 06 46 F0 A5"},
    {"FAILURE, stack motor", "47 50", "02 03 07 47 50 AB E6"},
    {"ESCROW POSITION 3", "80 03", "02 03 07 80 03 17 01"},
    {"BILL STACKED 3", "81 03", "02 03 07 81 03 CF 18"},
    {"BILL RETURNED 3", "82 03", "02 03 07 82 03 A7 32"},
    {"ESCROW POSITION 7", "80 07", "02 03 07 80 07 33 47"},
    {"BILL STACKED 7", "81 07", "02 03 07 81 07 EB 5E"},
};

void check_both_ways(Example const& example) {
    CAPTURE(example.name);
    CHECK(to_hex(encode(hex(example.data))) == example.frame);
    FrameReader reader;
    reader.push(hex(example.frame));
    auto const frame = reader.next();
    REQUIRE(frame);
    REQUIRE(*frame);
    CHECK(to_hex((*frame)->data) == example.data);
    CHECK_FALSE(reader.next());
}

} // namespace

TEST_SUITE("ccnet frame") {
    TEST_CASE("the checksum is CRC-16/KERMIT") {
        CHECK(checksum(bytes_of("123456789")) == 0x2189);
    }

    TEST_CASE("commands and statuses have the bytes that real devices exchange") {
        for (auto const& example : commands)
            check_both_ways(example);
        for (auto const& example : statuses)
            check_both_ways(example);
    }

    TEST_CASE("a frame is found whatever portions it arrives in") {
        auto const bytes = hex("02 03 06 33 DA 81");
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            CAPTURE(cut);
            FrameReader reader;
            reader.push(protocol::ByteView{bytes}.first(cut));
            if (cut < bytes.size())
                CHECK_FALSE(reader.next());
            reader.push(protocol::ByteView{bytes}.subspan(cut));
            auto const frame = reader.next();
            REQUIRE(frame);
            CHECK(**frame == Frame{{0x33}});
        }
    }

    TEST_CASE("a length below a frame's overhead is refused, not waited for") {
        for (auto const* bytes : {"02 03 00 33 DA 81", "02 03 05 33 DA 81", "02 03 FB 33 DA 81"}) {
            CAPTURE(bytes);
            FrameReader reader;
            reader.push(hex(bytes));
            auto const refused = reader.next();
            REQUIRE(refused);
            CHECK(refused->error() == FrameError::LengthRefused);
            CHECK_FALSE(reader.next());
        }
    }

    TEST_CASE("a frame of another device on the line is refused whole") {
        auto bytes = hex("02 01 06 33");
        auto const crc = checksum(bytes);
        bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
        bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
        FrameReader reader;
        reader.push(bytes);
        reader.push(hex("02 03 06 14 67 D4"));
        auto const foreign = reader.next();
        REQUIRE(foreign);
        CHECK(foreign->error() == FrameError::ForeignAddress);
        auto const ours = reader.next();
        REQUIRE(ours);
        CHECK(**ours == Frame{{0x14}});
    }

    TEST_CASE("a real frame is found after noise and inside a false one") {
        FrameReader reader;
        reader.push(hex("FF 00 55 02 03 07 02 03 06 14 67 D4"));
        auto const broken = reader.next();
        REQUIRE(broken);
        CHECK(broken->error() == FrameError::ChecksumMismatch);
        auto const frame = reader.next();
        REQUIRE(frame);
        CHECK(**frame == Frame{{0x14}});
    }

    TEST_CASE("flipping any bit is noticed") {
        auto const good = hex("02 03 07 81 03 CF 18");
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            CAPTURE(bit);
            auto bytes = good;
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
            FrameReader reader;
            reader.push(bytes);
            while (auto const frame = reader.next())
                CHECK_FALSE(frame->has_value());
        }
    }

    TEST_CASE("hand-made frames with a wrong checksum, as found in public code, are refused") {
        for (auto const* bytes : {"02 03 07 80 03 9E 10", "02 03 07 81 03 46 09"}) {
            FrameReader reader;
            reader.push(hex(bytes));
            auto const frame = reader.next();
            REQUIRE(frame);
            CHECK_FALSE(frame->has_value());
        }
    }
}
