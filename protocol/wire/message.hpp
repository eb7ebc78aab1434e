#pragma once

#include <cstdint>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "protocol/wire/frame.hpp"
#include "protocol/wire/kiosk.pb.h"

/// Messages into frames and back.
namespace protocol::wire {

enum class MessageError : std::uint8_t {
    NotAMessage, ///< The payload is no serialized message of this kind, or its text no UTF-8.
};

[[nodiscard]] Result<Bytes, FrameError> frame_of(FromKiosk const& message);
[[nodiscard]] Result<Bytes, FrameError> frame_of(FromServer const& message);

/// A message whose kind this program does not know yet comes out with no kind set: that is a newer
/// peer, not an error.
[[nodiscard]] Result<FromKiosk, MessageError> read_from_kiosk(ByteView payload);
[[nodiscard]] Result<FromServer, MessageError> read_from_server(ByteView payload);

} // namespace protocol::wire
