#include "devices/printer/status.hpp"

#include <utility>

namespace devices::printer {

namespace {

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;
constexpr std::array<std::uint8_t, 2> head{0x10, 0x0F};

// The table of bits, for both directions.
struct Bit {
    std::size_t offset;
    std::uint8_t mask;
    bool Status::*name;
};
constexpr std::array bits{
    Bit{2, 0x01, &Status::no_paper},
    Bit{2, 0x04, &Status::paper_near_end},
    Bit{2, 0x20, &Status::ticket_in_output},
    Bit{2, 0x40, &Status::virtual_paper_end},
    Bit{3, 0x01, &Status::head_up},
    Bit{3, 0x02, &Status::cover_open},
    Bit{3, 0x08, &Status::motor_on},
    Bit{3, 0x20, &Status::line_feed_key},
    Bit{3, 0x40, &Status::form_feed_key},
    Bit{4, 0x01, &Status::head_temperature},
    Bit{4, 0x02, &Status::communication_error},
    Bit{4, 0x04, &Status::communication_error_tg},
    Bit{4, 0x08, &Status::power_voltage},
    Bit{4, 0x20, &Status::not_acknowledged},
    Bit{4, 0x40, &Status::paper_jam},
    Bit{4, 0x80, &Status::notch_search},
    Bit{5, 0x01, &Status::cutter},
    Bit{5, 0x04, &Status::ram},
    Bit{5, 0x08, &Status::eeprom},
    Bit{5, 0x40, &Status::flash},
};

} // namespace

Status decode_status(std::array<std::uint8_t, status_size> const& reply) {
    Status status;
    for (Bit const& bit : bits)
        status.*bit.name = (reply[bit.offset] & bit.mask) != 0;
    return status;
}

std::array<std::uint8_t, status_size> encode_status(Status const& status) {
    std::array<std::uint8_t, status_size> reply{head[0], head[1]};
    for (Bit const& bit : bits)
        if (status.*bit.name)
            reply[bit.offset] |= bit.mask;
    return reply;
}

std::vector<Fault> faults_of(Status const& status) {
    std::vector<Fault> faults;
    if (status.no_paper)
        faults.push_back(Fault::NoPaper);
    if (status.cover_open || status.head_up)
        faults.push_back(Fault::CoverOpen);
    if (status.paper_jam)
        faults.push_back(Fault::PaperJam);
    if (status.cutter)
        faults.push_back(Fault::Cutter);
    if (status.head_temperature)
        faults.push_back(Fault::HeadTemperature);
    if (status.power_voltage || status.ram || status.eeprom || status.flash)
        faults.push_back(Fault::Electronics);
    return faults;
}

Health health_of(Status const& status) {
    Health health;
    health.faults = faults_of(status);
    health.ready = health.faults.empty();
    health.paper_near_end = status.paper_near_end;
    health.ticket_in_presenter = status.ticket_in_output;
    return health;
}

void StatusReader::push(protocol::ByteView bytes) {
    for (std::uint8_t const byte : bytes) {
        if (byte == xon)
            flow_ = Flow::Running;
        else if (byte == xoff)
            flow_ = Flow::Stopped;
        else
            take(byte);
    }
}

void StatusReader::take(std::uint8_t byte) {
    if (filled_ < head.size() && byte != head[filled_]) {
        // A second 10 may be the true beginning.
        filled_ = byte == head[0] ? 1 : 0;
        return;
    }
    reply_[filled_++] = byte;
    if (filled_ < status_size)
        return;
    filled_ = 0;
    if (!status_)
        status_ = decode_status(reply_);
}

std::optional<Status> StatusReader::next() {
    return std::exchange(status_, std::nullopt);
}

void StatusReader::forget() {
    filled_ = 0;
    status_.reset();
}

} // namespace devices::printer
