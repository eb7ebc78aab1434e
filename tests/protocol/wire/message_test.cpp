#include "protocol/wire/message.hpp"

#include <doctest/doctest.h>

using namespace protocol;
using namespace protocol::wire;

namespace {

Bytes payload_of(Bytes const& frame) {
    FrameReader reader;
    reader.push(frame);
    auto const payload = reader.next();
    REQUIRE(payload);
    REQUIRE(*payload);
    return **payload;
}

} // namespace

TEST_SUITE("wire message") {
    TEST_CASE("a message comes out of its frame as it went in") {
        FromKiosk message;
        message.mutable_hello()->set_kiosk(17);
        message.mutable_hello()->set_software("kioskd 0.1.0");
        auto const frame = frame_of(message);
        REQUIRE(frame);
        auto const read = read_from_kiosk(payload_of(*frame));
        REQUIRE(read);
        CHECK(read->SerializeAsString() == message.SerializeAsString());
    }

    TEST_CASE("a ping is two bytes and a frame of three") {
        FromKiosk message;
        message.mutable_ping();
        CHECK(*frame_of(message) == Bytes{0x02, 0x22, 0x00});
    }

    TEST_CASE("bytes that are no message are refused by name") {
        auto const read = read_from_kiosk(Bytes{0xFF, 0xFF, 0xFF});
        REQUIRE_FALSE(read);
        CHECK(read.error() == MessageError::NotAMessage);
        CHECK_FALSE(read_from_server(Bytes{0x0A, 0x7F}));
    }

    TEST_CASE("text that is not UTF-8 is refused with its message") {
        // hello { software: "\xEC" }, as windows-1251 would write a Cyrillic letter.
        CHECK_FALSE(read_from_kiosk(Bytes{0x0A, 0x03, 0x3A, 0x01, 0xEC}));
        CHECK(read_from_kiosk(Bytes{0x0A, 0x04, 0x3A, 0x02, 0xD0, 0xBC}));
    }

    TEST_CASE("a kind that is not known yet comes out without a kind") {
        auto const read = read_from_kiosk(Bytes{0xFA, 0x01, 0x01, 'x'}); // Field 31.
        REQUIRE(read);
        CHECK(read->message_case() == FromKiosk::MESSAGE_NOT_SET);
    }

    TEST_CASE("a message above the frame limit is not framed") {
        FromKiosk message;
        message.mutable_batch()->add_records(std::string(frame_payload_max, 'x'));
        CHECK(frame_of(message).error() == FrameError::TooLarge);
    }
}
