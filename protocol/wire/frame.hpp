#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

/// How a message lies on the stream between a kiosk and its fleet server.
namespace protocol::wire {

//  length                       payload
//  varint, 1..5 bytes,          one serialized FromKiosk or FromServer,
//  least significant 7 first    `length` bytes
//
// Five bytes are what a 32-bit varint may take, padded ones included; the value decides, and no
// length above the limit is ever waited for.
inline constexpr std::size_t frame_length_size_max = 5;
inline constexpr std::size_t frame_payload_max = 262'144;

enum class FrameError : std::uint8_t {
    LengthTooLong, ///< No end of the length within five bytes.
    TooLarge,      ///< A length above frame_payload_max.
};

/// The payload with its length in front, the shortest length there is.
[[nodiscard]] Result<Bytes, FrameError> encode_frame(ByteView payload);

/// Cuts a byte stream into payloads. Bytes may arrive in any portions; never more than one frame
/// and the last portion are held, as long as next() is called until it has nothing more.
class FrameReader {
public:
    void push(ByteView bytes);

    /// nullopt: more bytes are needed. After a refusal nothing on this stream can be trusted to
    /// begin a frame: the reader tells it once, drops what it holds and swallows the rest, so a
    /// caller that loops until nullopt always ends.
    [[nodiscard]] std::optional<Result<Bytes, FrameError>> next();

    /// A frame has begun and is not complete.
    [[nodiscard]] bool is_mid_frame() const { return pending_.size() > consumed_; }

private:
    Result<Bytes, FrameError> refuse(FrameError error);
    void drop(std::size_t count);

    Bytes pending_;
    std::size_t consumed_ = 0; // Of pending_: erasing for each of many small frames is quadratic.
    bool is_broken_ = false;
};

} // namespace protocol::wire
