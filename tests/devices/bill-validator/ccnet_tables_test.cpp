#include "devices/bill-validator/ccnet_tables.hpp"

#include <doctest/doctest.h>

#include "devices/bill-validator/ccnet_codes.hpp"
#include "devices/bill-validator/ccnet_frame.hpp"
#include "tests/support/hex.hpp"

using namespace devices::bill_validator;
using protocol::rub;
using tests::hex;
using tests::to_hex;

namespace {

protocol::Bytes data_of(protocol::ByteView frame) {
    ccnet::FrameReader reader;
    reader.push(frame);
    auto const read = reader.next();
    REQUIRE(read);
    REQUIRE(*read);
    return (*read)->data;
}

std::vector<BillType> const roubles{
    {2, rub(10'00)},
    {3, rub(50'00)},
    {4, rub(100'00)},
    {5, rub(500'00)},
    {6, rub(1000'00)},
    {7, rub(5000'00)},
    {12, rub(200'00)},
    {13, rub(2000'00)},
};

protocol::Bytes table_with(std::size_t type, std::string_view entry) {
    protocol::Bytes table(ccnet::bill_table_size, 0);
    auto const bytes = hex(entry);
    std::copy(bytes.begin(), bytes.end(), table.begin() + static_cast<std::ptrdiff_t>(type * 5));
    return table;
}

} // namespace

TEST_SUITE("ccnet tables") {
    TEST_CASE("a rouble table survives the way there and back, whatever its slots") {
        auto const table = ccnet::make_bill_table(roubles);
        CHECK(table.size() == ccnet::bill_table_size);
        CHECK(to_hex(protocol::ByteView{table}.subspan(13UL * 5, 5)) == "02 52 55 53 03");
        CHECK(ccnet::read_bill_table(table) == roubles);
    }

    TEST_CASE("a table of hryvnias, captured from a real device, has no roubles") {
        std::string frame = "02 03 7D";
        for (auto const* entry :
             {"05 55 4B 52 00",
              "01 55 4B 52 01",
              "02 55 4B 52 01",
              "05 55 4B 52 01",
              "01 55 4B 52 02",
              "02 55 4B 52 02",
              "05 55 4B 52 02",
              "01 55 4B 52 03"})
            frame += entry;
        for (int unused = 0; unused < 16; ++unused)
            frame += "00 00 00 00 00";
        auto const table = data_of(hex(frame + "F9 E7"));
        auto const bills = ccnet::read_bill_table(table);
        REQUIRE(bills);
        CHECK(bills->empty());
    }

    TEST_CASE("an entry is its digit times a power of ten") {
        struct Example {
            char const* entry;
            std::int64_t kopecks; // 0: left out.
        };
        for (auto const& example : {
                 Example{"05 52 55 53 03", 5000'00},
                 Example{"0A 52 55 53 00", 10'00},
                 Example{"05 52 55 53 81", 50},
                 Example{"05 52 55 53 82", 5},
                 Example{"05 52 55 53 83", 0}, // Less than a kopeck.
                 Example{"05 52 55 53 7F", 0}, // Ten to the 127th.
                 Example{"00 52 55 53 02", 0}, // Unused slot.
                 Example{"01 55 53 41 00", 0}, // A dollar.
             }) {
            CAPTURE(example.entry);
            auto const bills = ccnet::read_bill_table(table_with(9, example.entry));
            REQUIRE(bills);
            if (example.kopecks == 0)
                CHECK(bills->empty());
            else
                CHECK(*bills == std::vector<BillType>{{9, rub(example.kopecks)}});
        }
    }

    TEST_CASE("what is not 120 bytes is no bill table") {
        CHECK_FALSE(ccnet::read_bill_table(hex("30")));
        CHECK_FALSE(ccnet::read_bill_table(protocol::Bytes(119, 0)));
        CHECK_FALSE(ccnet::read_bill_table(protocol::Bytes(121, 0)));
    }

    TEST_CASE("identifications captured from real devices are read") {
        auto const data =
            data_of(hex("02 03 27 46 4C 53 2D 45 55 31 30 2D 36 39 33 36 33 39 30 37 4B 49 34 31 "
                        "41 53 37 34 38 32 75 ED 8D C8 03 3F 7B 35 DA"));
        CHECK(
            ccnet::read_identification(data) ==
            ccnet::Identification{"FLS-EU10-693639", "07KI41AS7482"});
        auto const other =
            data_of(hex("02 03 27 56 55 2D 55 41 31 38 33 37 41 46 20 20 20 20 30 30 4B 35 30 35 "
                        "30 32 31 38 31 31 41 10 00 00 00 C9 FF BB 46"));
        CHECK(
            ccnet::read_identification(other) ==
            ccnet::Identification{"VU-UA1837AF", "00K505021811"});
    }

    TEST_CASE("an identification that is not text becomes question marks, not control characters") {
        protocol::Bytes data(ccnet::identification_size, 0x07);
        CHECK(
            ccnet::read_identification(data) ==
            ccnet::Identification{std::string(15, '?'), std::string(12, '?')});
        CHECK_FALSE(ccnet::read_identification(hex("30")));
    }

    TEST_CASE("an identification survives the way there and back") {
        ccnet::Identification const identification{"SM-RU1353", "21K100012345"};
        CHECK(
            ccnet::read_identification(ccnet::make_identification(identification)) ==
            identification);
    }

    TEST_CASE("a mask has one bit a type, the highest types first") {
        CHECK(to_hex(ccnet::make_mask({0, 1, 2, 3, 4, 5})) == "00 00 3F");
        CHECK(to_hex(ccnet::make_mask({2, 3, 4, 5, 6, 7, 12, 13})) == "00 30 FC");
        CHECK(to_hex(ccnet::make_mask({23})) == "80 00 00");
        CHECK(to_hex(ccnet::make_mask({})) == "00 00 00");
        for (std::uint8_t type = 0; type < 24; ++type)
            for (std::uint8_t other = 0; other < 30; ++other)
                CHECK(ccnet::mask_has(ccnet::make_mask({type}), other) == (type == other));
    }

    TEST_CASE("an answer to POLL is a status, or it is none") {
        using ccnet::Status;
        using ccnet::StatusReply;
        CHECK(ccnet::read_status(hex("14")) == StatusReply{Status::Idling, 0});
        CHECK(ccnet::read_status(hex("81 03")) == StatusReply{Status::BillStacked, 3});
        CHECK(ccnet::read_status(hex("1B 05")) == StatusReply{Status::DeviceBusy, 5});
        CHECK(ccnet::read_status(hex("25 01 02")) == StatusReply{Status::Unknown, 1});
        // ACK, NAK, ILLEGAL COMMAND, a note without its type, a late bill table.
        for (auto const* data : {"00", "FF", "30", "80", "81", "82", "01 52 55 53"}) {
            CAPTURE(data);
            CHECK_FALSE(ccnet::read_status(hex(data)));
        }
        CHECK_FALSE(ccnet::read_status({}));
    }
}
