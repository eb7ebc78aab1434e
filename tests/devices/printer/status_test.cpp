#include "devices/printer/status.hpp"

#include <doctest/doctest.h>

using namespace devices::printer;

namespace {

Status status_of(std::vector<std::uint8_t> const& bytes) {
    StatusReader reader;
    reader.push(bytes);
    auto const status = reader.next();
    REQUIRE(status);
    return *status;
}

} // namespace

TEST_SUITE("printer status") {
    TEST_CASE("each bit of the reply has its name") {
        //                 10    0F    paper user  recov unrec
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x00, 0x00}) == Status{});
        CHECK(status_of({0x10, 0x0F, 0x01, 0x00, 0x00, 0x00}).no_paper);
        CHECK(status_of({0x10, 0x0F, 0x04, 0x00, 0x00, 0x00}).paper_near_end);
        CHECK(status_of({0x10, 0x0F, 0x20, 0x00, 0x00, 0x00}).ticket_in_output);
        CHECK(status_of({0x10, 0x0F, 0x40, 0x00, 0x00, 0x00}).virtual_paper_end);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x01, 0x00, 0x00}).head_up);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x02, 0x00, 0x00}).cover_open);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x08, 0x00, 0x00}).motor_on);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x20, 0x00, 0x00}).line_feed_key);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x40, 0x00, 0x00}).form_feed_key);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x01, 0x00}).head_temperature);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x02, 0x00}).communication_error);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x04, 0x00}).communication_error_tg);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x08, 0x00}).power_voltage);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x20, 0x00}).not_acknowledged);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x40, 0x00}).paper_jam);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x80, 0x00}).notch_search);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x00, 0x01}).cutter);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x00, 0x04}).ram);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x00, 0x08}).eeprom);
        CHECK(status_of({0x10, 0x0F, 0x00, 0x00, 0x00, 0x40}).flash);
    }

    TEST_CASE("what decodes encodes again") {
        for (unsigned value = 0; value < 0x100; ++value) {
            auto const byte = static_cast<std::uint8_t>(value);
            Status const status = decode_status({0x10, 0x0F, byte, byte, byte, byte});
            CHECK(decode_status(encode_status(status)) == status);
        }
    }

    TEST_CASE("XON and XOFF are taken out wherever they stand") {
        StatusReader reader;
        reader.push(std::vector<std::uint8_t>{0x13, 0x10, 0x13, 0x0F, 0x20, 0x11, 0x08, 0x13});
        CHECK(reader.flow() == Flow::Stopped);
        CHECK_FALSE(reader.next());
        reader.push(std::vector<std::uint8_t>{0x40, 0x11, 0x01});
        CHECK(reader.flow() == Flow::Running);
        auto const status = reader.next();
        REQUIRE(status);
        CHECK(status->ticket_in_output);
        CHECK(status->motor_on);
        CHECK(status->paper_jam);
        CHECK(status->cutter);
        CHECK_FALSE(reader.next());
    }

    TEST_CASE("a reply is found after noise and after half a reply") {
        CHECK(status_of({0x55, 0x10, 0x10, 0x0F, 0x01, 0x00, 0x00, 0x00}).no_paper);
        CHECK(status_of({0x10, 0x00, 0x10, 0x0F, 0x01, 0x00, 0x00, 0x00}).no_paper);
    }

    TEST_CASE("what was forgotten answers nothing, but the flow stays") {
        StatusReader reader;
        reader.push(std::vector<std::uint8_t>{0x13, 0x10, 0x0F, 0x00, 0x00, 0x00, 0x00, 0x10});
        reader.forget();
        CHECK_FALSE(reader.next());
        CHECK(reader.flow() == Flow::Stopped);
        reader.push(std::vector<std::uint8_t>{0x0F, 0x00, 0x00, 0x00, 0x00});
        CHECK_FALSE(reader.next());
    }

    TEST_CASE("faults are named, and near end and counters are not faults") {
        Status status;
        status.paper_near_end = true;
        status.virtual_paper_end = true;
        status.line_feed_key = true;
        status.communication_error = true;
        CHECK(
            health_of(status) ==
            Health{.ready = true, .paper_near_end = true, .ticket_in_presenter = false});
        status.no_paper = true;
        status.head_up = true;
        status.paper_jam = true;
        status.cutter = true;
        status.head_temperature = true;
        status.flash = true;
        CHECK(
            faults_of(status) == std::vector{
                                     Fault::NoPaper,
                                     Fault::CoverOpen,
                                     Fault::PaperJam,
                                     Fault::Cutter,
                                     Fault::HeadTemperature,
                                     Fault::Electronics});
        CHECK_FALSE(health_of(status).ready);
    }
}
