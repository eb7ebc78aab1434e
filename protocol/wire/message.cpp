#include "protocol/wire/message.hpp"

#include <cassert>

namespace protocol::wire {

namespace {

template <class Message>
Result<Bytes, FrameError> frame(Message const& message) {
    std::size_t const size = message.ByteSizeLong();
    if (size > frame_payload_max)
        return fail(FrameError::TooLarge);
    Bytes payload(size);
    bool const is_written = message.SerializeToArray(payload.data(), static_cast<int>(size));
    assert(is_written);
    return encode_frame(payload);
}

template <class Message>
Result<Message, MessageError> read(ByteView payload) {
    if (payload.size() > frame_payload_max)
        return fail(MessageError::NotAMessage);
    Message message;
    if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
        return fail(MessageError::NotAMessage);
    return message;
}

} // namespace

Result<Bytes, FrameError> frame_of(FromKiosk const& message) {
    return frame(message);
}

Result<Bytes, FrameError> frame_of(FromServer const& message) {
    return frame(message);
}

Result<FromKiosk, MessageError> read_from_kiosk(ByteView payload) {
    return read<FromKiosk>(payload);
}

Result<FromServer, MessageError> read_from_server(ByteView payload) {
    return read<FromServer>(payload);
}

} // namespace protocol::wire
