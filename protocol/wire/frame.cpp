#include "protocol/wire/frame.hpp"

#include <cassert>

namespace protocol::wire {

namespace {

// An idle connection keeps no more memory than this: twenty thousand of them must fit.
constexpr std::size_t idle_capacity_max = 4096;

struct Length {
    std::uint64_t value = 0;
    std::size_t size = 0; // Of the varint itself.
};

/// nullopt: its end has not arrived.
std::optional<Result<Length, FrameError>> read_length(ByteView bytes) {
    Length length;
    for (std::uint8_t const byte : bytes) {
        length.value |= std::uint64_t{byte & 0x7FU} << (7 * length.size);
        ++length.size;
        if ((byte & 0x80U) == 0)
            return length;
        if (length.size == frame_length_size_max)
            return fail(FrameError::LengthTooLong);
    }
    return std::nullopt;
}

} // namespace

Result<Bytes, FrameError> encode_frame(ByteView payload) {
    if (payload.size() > frame_payload_max)
        return fail(FrameError::TooLarge);
    Bytes frame;
    frame.reserve(payload.size() + frame_length_size_max);
    std::size_t rest = payload.size();
    for (; rest >= 0x80; rest >>= 7U)
        frame.push_back(static_cast<std::uint8_t>(0x80U | (rest & 0x7FU)));
    frame.push_back(static_cast<std::uint8_t>(rest));
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

void FrameReader::push(ByteView bytes) {
    if (!is_broken_)
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
}

std::optional<Result<Bytes, FrameError>> FrameReader::next() {
    ByteView const unread = ByteView{pending_}.subspan(consumed_);
    auto const length = read_length(unread);
    if (!length)
        return std::nullopt;
    if (!*length)
        return refuse(length->error());
    if ((*length)->value > frame_payload_max)
        return refuse(FrameError::TooLarge);

    std::size_t const payload_size = static_cast<std::size_t>((*length)->value);
    std::size_t const frame_size = (*length)->size + payload_size;
    if (unread.size() < frame_size)
        return std::nullopt;
    ByteView const payload = unread.subspan((*length)->size, payload_size);
    Bytes result{payload.begin(), payload.end()};
    drop(frame_size);
    return result;
}

Result<Bytes, FrameError> FrameReader::refuse(FrameError error) {
    is_broken_ = true;
    Bytes{}.swap(pending_);
    consumed_ = 0;
    return fail(error);
}

void FrameReader::drop(std::size_t count) {
    consumed_ += count;
    assert(consumed_ <= pending_.size());
    if (consumed_ == pending_.size()) {
        pending_.clear();
        consumed_ = 0;
        if (pending_.capacity() > idle_capacity_max)
            Bytes{}.swap(pending_);
    } else if (consumed_ > pending_.size() / 2) {
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(consumed_));
        consumed_ = 0;
    }
}

} // namespace protocol::wire
