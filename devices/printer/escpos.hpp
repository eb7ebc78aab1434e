#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "devices/printer/document.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

/// A document as the bytes that a Custom VKP80II prints.
namespace devices::printer {

/// Small enough that a printer which asks to wait has room for what is under way.
inline constexpr std::size_t portion_size_max = 512;

/// A document in portions of whole commands. Between two portions the printer may be asked for its
/// status: DLE EOT in the middle of another command's parameters would be taken for data.
struct Job {
    std::vector<protocol::Bytes> portions;
    friend bool operator==(Job const&, Job const&) = default;
};

enum class EncodeError : std::uint8_t { TooLong, QrTooLarge };

[[nodiscard]] protocol::Result<Job, EncodeError> encode(Document const& document);

/// ESC @: forgets the line buffer and every setting.
inline constexpr std::array<std::uint8_t, 2> initialise{0x1B, 0x40};
/// ESC i: total cut.
inline constexpr std::array<std::uint8_t, 2> cut{0x1B, 0x69};
/// GS e 3 n: shows the ticket at the mouth, held by the rollers. 12 steps of 7.3 mm.
inline constexpr std::array<std::uint8_t, 4> present{0x1D, 0x65, 0x03, 0x0C};
/// GS e 5: pushes the ticket out.
inline constexpr std::array<std::uint8_t, 3> eject{0x1D, 0x65, 0x05};
/// GS e 2: pulls the ticket back into the bin, on models that have one.
inline constexpr std::array<std::uint8_t, 3> retract{0x1D, 0x65, 0x02};
/// DLE EOT 20: full status, answered with 6 bytes at once, even when the buffer is full.
inline constexpr std::array<std::uint8_t, 3> ask_status{0x10, 0x04, 0x14};

} // namespace devices::printer
