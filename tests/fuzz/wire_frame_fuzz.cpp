// Whatever the line delivers: the reader ends, holds no more than a frame, does not care how the
// bytes were cut into portions, and what it gives encodes to a frame that it reads again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "protocol/wire/frame.hpp"

namespace {

using protocol::Bytes;
using protocol::ByteView;
namespace wire = protocol::wire;

void require(bool condition) {
    if (!condition)
        std::abort();
}

struct Outcome {
    std::vector<Bytes> payloads;
    std::vector<wire::FrameError> refusals;
    bool operator==(Outcome const&) const = default;
};

void drain(wire::FrameReader& reader, Outcome& outcome, std::size_t limit) {
    std::size_t turns = 0;
    while (auto const next = reader.next()) {
        require(++turns <= limit);
        if (*next)
            outcome.payloads.push_back(**next);
        else
            outcome.refusals.push_back(next->error());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    ByteView const bytes{data, size};

    wire::FrameReader whole;
    Outcome outcome;
    whole.push(bytes);
    drain(whole, outcome, size + 1);
    require(outcome.refusals.size() <= 1);

    wire::FrameReader piecewise;
    Outcome same;
    for (std::size_t at = 0, step = 1; at < size; at += step, step = step % 7 + 1) {
        step = std::min(step, size - at);
        piecewise.push(bytes.subspan(at, step));
        drain(piecewise, same, size + 1);
    }
    require(outcome == same);
    require(whole.is_mid_frame() == piecewise.is_mid_frame());

    for (Bytes const& payload : outcome.payloads) {
        auto const frame = wire::encode_frame(payload);
        require(frame.has_value());
        wire::FrameReader reader;
        reader.push(*frame);
        auto const again = reader.next();
        require(again && *again && **again == payload && !reader.is_mid_frame());
    }
    return 0;
}
