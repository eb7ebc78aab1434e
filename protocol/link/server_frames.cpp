#include <algorithm>
#include <cassert>
#include <utility>

#include "protocol/link/server_session.hpp"
#include "protocol/wire/message.hpp"

namespace protocol::link {

namespace {

ServerEvent event_of(Result<Bytes, wire::FrameError> const& frame) {
    if (!frame)
        return GarbageCame{
            frame.error() == wire::FrameError::TooLarge ? CloseReason::FrameTooLarge
                                                        : CloseReason::FrameLengthEndless};
    auto message = wire::read_from_kiosk(*frame);
    if (!message)
        return GarbageCame{CloseReason::NotAMessage};
    return MessageCame{std::move(*message)};
}

} // namespace

ServerSession::ServerSession(Identity identity, TimePoint now, ServerTuning const& tuning)
    : identity_{identity}, tuning_{tuning}, state_{AwaitingHello{now + tuning.hello_within}} {}

std::vector<ServerEffect> ServerSession::receive(ByteView bytes, ServerMoment moment) {
    assert(wants_bytes());
    std::vector<ServerEffect> effects;
    if (is_closing())
        return effects;
    reader_.push(bytes);
    drain(moment, effects);
    return effects;
}

std::vector<ServerEffect> ServerSession::advance(ServerEvent const& event, ServerMoment moment) {
    std::vector<ServerEffect> effects;
    bool const was_reading = wants_bytes();
    step(event, moment, effects);
    if (std::holds_alternative<ClockAdvanced>(event) && frame_due_ && *frame_due_ <= moment.now &&
        was_reading && !is_closing())
        step(GarbageCame{CloseReason::FrameSlow}, moment, effects);
    if (!was_reading && wants_bytes()) {
        // The kiosk could not be heard meanwhile: its frame has its full time again.
        frame_due_.reset();
        drain(moment, effects);
    }
    return effects;
}

void ServerSession::step(
    ServerEvent const& event, ServerMoment moment, std::vector<ServerEffect>& effects) {
    ServerStep next = link::advance(identity_, state_, event, moment, tuning_);
    state_ = std::move(next.state);
    std::ranges::move(next.effects, std::back_inserter(effects));
    if (is_closing()) {
        reader_ = {};
        frame_due_.reset();
    }
}

void ServerSession::drain(ServerMoment moment, std::vector<ServerEffect>& effects) {
    while (wants_bytes() && !is_closing()) {
        auto const frame = reader_.next();
        if (!frame)
            break;
        frame_due_.reset();
        step(event_of(*frame), moment, effects);
    }
    if (reader_.is_mid_frame() && !frame_due_)
        frame_due_ = moment.now + tuning_.frame_within;
}

bool ServerSession::wants_bytes() const {
    if (std::holds_alternative<Welcoming>(state_))
        return false;
    auto const* serving = std::get_if<Serving>(&state_);
    return serving == nullptr ||
           (!serving->accept_due && serving->look_ups_due.size() < tuning_.look_ups_max);
}

bool ServerSession::is_closing() const {
    return std::holds_alternative<Closing>(state_);
}

TimePoint ServerSession::deadline() const {
    struct Visitor {
        ServerTuning const& tuning;
        TimePoint operator()(AwaitingHello const& s) const { return s.deadline; }
        TimePoint operator()(Welcoming const& s) const { return s.deadline; }
        TimePoint operator()(Closing const& s) const { return s.deadline; }
        TimePoint operator()(Serving const& s) const {
            TimePoint earliest = s.last_heard + tuning.idle_after;
            if (s.accept_due)
                earliest = std::min(earliest, *s.accept_due);
            if (!s.look_ups_due.empty())
                earliest = std::min(earliest, s.look_ups_due.front());
            return earliest;
        }
    };
    TimePoint const due = std::visit(Visitor{tuning_}, state_);
    return frame_due_ && wants_bytes() ? std::min(due, *frame_due_) : due;
}

bool is_refusal(CloseReason reason) {
    switch (reason) {
    case CloseReason::DeskLate:
    case CloseReason::PartlyAccepted:
    case CloseReason::ReplySlow:
    case CloseReason::Idle:
    case CloseReason::Replaced:
    case CloseReason::Stopping: return false;
    case CloseReason::FrameTooLarge:
    case CloseReason::FrameLengthEndless:
    case CloseReason::FrameSlow:
    case CloseReason::NotAMessage:
    case CloseReason::HelloMissing:
    case CloseReason::HelloLate:
    case CloseReason::HelloRepeated:
    case CloseReason::HelloMalformed:
    case CloseReason::ProtocolVersion:
    case CloseReason::Identity:
    case CloseReason::BatchMalformed:
    case CloseReason::BatchReplayed:
    case CloseReason::BatchOutOfOrder:
    case CloseReason::QueryMalformed:
    case CloseReason::TooManyMessages:
    case CloseReason::Epoch:
    case CloseReason::Forked:
    case CloseReason::Quarantined:
    case CloseReason::Overloaded:
    case CloseReason::DeskRefused: break;
    }
    return true;
}

std::string_view name(CloseReason reason) {
    switch (reason) {
    case CloseReason::FrameTooLarge: return "frame_too_large";
    case CloseReason::FrameLengthEndless: return "frame_length_endless";
    case CloseReason::FrameSlow: return "frame_slow";
    case CloseReason::NotAMessage: return "not_a_message";
    case CloseReason::HelloMissing: return "hello_missing";
    case CloseReason::HelloLate: return "hello_late";
    case CloseReason::HelloRepeated: return "hello_repeated";
    case CloseReason::HelloMalformed: return "hello_malformed";
    case CloseReason::ProtocolVersion: return "protocol_version";
    case CloseReason::Identity: return "identity";
    case CloseReason::BatchMalformed: return "batch_malformed";
    case CloseReason::BatchReplayed: return "batch_replayed";
    case CloseReason::BatchOutOfOrder: return "batch_out_of_order";
    case CloseReason::QueryMalformed: return "query_malformed";
    case CloseReason::TooManyMessages: return "too_many_messages";
    case CloseReason::Epoch: return "epoch";
    case CloseReason::Forked: return "forked";
    case CloseReason::Quarantined: return "quarantined";
    case CloseReason::Overloaded: return "overloaded";
    case CloseReason::DeskRefused: return "desk_refused";
    case CloseReason::DeskLate: return "desk_late";
    case CloseReason::PartlyAccepted: return "partly_accepted";
    case CloseReason::ReplySlow: return "reply_slow";
    case CloseReason::Idle: return "idle";
    case CloseReason::Replaced: return "replaced";
    case CloseReason::Stopping: return "stopping";
    }
    return "unknown";
}

} // namespace protocol::link
