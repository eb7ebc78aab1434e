#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

/// CCNET link layer: how a controller and a bill validator put bytes on the line.
namespace devices::bill_validator::ccnet {

//  offset  0     1     2     3 ...        LNG-2  LNG-1
//          SYNC  ADR   LNG   DATA         CRC lo CRC hi
//          0x02  0x03  6..250 command first
//
// LNG counts the whole frame. LNG 0 announces a long frame, which only firmware download uses; it
// is refused, never waited for. Replies carry the address of the validator too.
inline constexpr std::uint8_t sync_byte = 0x02;
inline constexpr std::uint8_t address_bill_validator = 0x03;
inline constexpr std::size_t frame_overhead = 5; // SYNC, ADR, LNG and the CRC.
inline constexpr std::size_t frame_size_min = frame_overhead + 1;
inline constexpr std::size_t frame_size_max = 250;

enum class FrameError : std::uint8_t { LengthRefused, ChecksumMismatch, ForeignAddress };

struct Frame {
    protocol::Bytes data; ///< Never empty: the first byte is a command or a status.

    friend bool operator==(Frame const&, Frame const&) = default;
};

/// CRC-16/KERMIT over everything before the CRC itself.
[[nodiscard]] std::uint16_t checksum(protocol::ByteView bytes);

/// `data` is 1 to 245 bytes.
[[nodiscard]] protocol::Bytes encode(protocol::ByteView data);

/// Cuts a byte stream into frames. Bytes may arrive in any portions.
class FrameReader {
public:
    void push(protocol::ByteView bytes);

    /// nullopt: more bytes are needed. An error has consumed at least one byte, so a caller that
    /// loops until nullopt always ends.
    [[nodiscard]] std::optional<protocol::Result<Frame, FrameError>> next();

private:
    void drop(std::size_t count);

    protocol::Bytes pending_;
};

} // namespace devices::bill_validator::ccnet
