#include "devices/bill-validator/ccnet_frame.hpp"

#include <algorithm>
#include <cassert>

namespace devices::bill_validator::ccnet {

using protocol::Bytes;
using protocol::ByteView;
using protocol::fail;
using protocol::Result;

std::uint16_t checksum(ByteView bytes) {
    constexpr std::uint32_t polynomial = 0x8408; // 0x1021, bits reversed.
    std::uint32_t crc = 0;
    for (std::uint8_t const byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ polynomial : crc >> 1U;
    }
    return static_cast<std::uint16_t>(crc);
}

Bytes encode(ByteView data) {
    assert(!data.empty());
    assert(data.size() + frame_overhead <= frame_size_max);

    Bytes frame{
        sync_byte,
        address_bill_validator,
        static_cast<std::uint8_t>(data.size() + frame_overhead),
    };
    frame.insert(frame.end(), data.begin(), data.end());
    std::uint16_t const crc = checksum(frame);
    frame.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
    frame.push_back(static_cast<std::uint8_t>(crc >> 8U));
    return frame;
}

void FrameReader::push(ByteView bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

std::optional<Result<Frame, FrameError>> FrameReader::next() {
    // Noise before SYNC is normal when a validator powers up: skip it without a report.
    auto const sync = std::ranges::find(pending_, sync_byte);
    drop(static_cast<std::size_t>(sync - pending_.begin()));
    if (pending_.size() < 3)
        return std::nullopt;

    std::size_t const size = pending_[2];
    if (size < frame_size_min || size > frame_size_max) {
        drop(1);
        return fail(FrameError::LengthRefused);
    }
    if (pending_.size() < size)
        return std::nullopt;

    ByteView const frame{pending_.data(), size};
    std::uint16_t const crc_expected = checksum(frame.first(size - 2));
    std::uint16_t const crc_received =
        static_cast<std::uint16_t>(frame[size - 2] | frame[size - 1] << 8U);
    if (crc_received != crc_expected) {
        drop(1); // Only SYNC: a real frame may begin inside this false one.
        return fail(FrameError::ChecksumMismatch);
    }
    if (frame[1] != address_bill_validator) {
        drop(size);
        return fail(FrameError::ForeignAddress);
    }

    Frame result{{frame.begin() + 3, frame.end() - 2}};
    drop(size);
    assert(!result.data.empty());
    return result;
}

void FrameReader::drop(std::size_t count) {
    assert(count <= pending_.size());
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
}

} // namespace devices::bill_validator::ccnet
