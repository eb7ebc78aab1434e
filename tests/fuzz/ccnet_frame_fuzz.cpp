// Whatever a line delivers: the reader ends, never returns what it would not itself send, and does
// not care how the bytes were cut into portions.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "devices/bill-validator/ccnet_codes.hpp"
#include "devices/bill-validator/ccnet_frame.hpp"
#include "devices/bill-validator/ccnet_tables.hpp"

namespace {

namespace ccnet = devices::bill_validator::ccnet;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void drain(ccnet::FrameReader& reader, std::vector<ccnet::Frame>& frames, std::size_t limit) {
    std::size_t turns = 0;
    while (auto const outcome = reader.next()) {
        require(++turns <= limit);
        if (*outcome)
            frames.push_back(**outcome);
    }
}

void check_tables(protocol::ByteView data) {
    if (auto const bills = ccnet::read_bill_table(data))
        for (auto const& bill : *bills)
            require(bill.value.is_positive() && bill.type < ccnet::bill_types_max);
    if (auto const identification = ccnet::read_identification(data))
        for (char const c : identification->model + identification->serial)
            require(c >= ' ' && c < 0x7F);
    if (auto const status = ccnet::read_status(data))
        require(data.size() <= 3 && ccnet::name(status->status) != nullptr);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    protocol::ByteView const bytes{data, size};

    ccnet::FrameReader whole;
    std::vector<ccnet::Frame> frames;
    whole.push(bytes);
    drain(whole, frames, size);

    ccnet::FrameReader piecewise;
    std::vector<ccnet::Frame> same;
    for (std::uint8_t const byte : bytes) {
        piecewise.push({&byte, 1});
        drain(piecewise, same, size);
    }
    require(frames == same);

    for (ccnet::Frame const& frame : frames) {
        ccnet::FrameReader reader;
        reader.push(ccnet::encode(frame.data));
        auto const again = reader.next();
        require(again && *again && **again == frame);
        check_tables(frame.data);
    }
    check_tables(bytes);
    return 0;
}
