#include "protocol/link/server_session.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "protocol/link/chain.hpp"
#include "protocol/wire/message.hpp"

namespace protocol::link {

namespace {

using Effects = std::vector<ServerEffect>;

struct Context {
    Identity identity;
    ServerMoment moment;
    ServerTuning const& tuning;

    [[nodiscard]] TimePoint in(std::chrono::milliseconds wait) const { return moment.now + wait; }
    [[nodiscard]] bool is_due(TimePoint deadline) const { return deadline <= moment.now; }
};

wire::Refusal::Reason reason_on_wire(CloseReason reason) {
    switch (reason) {
    case CloseReason::Identity: return wire::Refusal::IDENTITY;
    case CloseReason::Epoch: return wire::Refusal::EPOCH;
    case CloseReason::Forked: return wire::Refusal::FORKED;
    case CloseReason::Quarantined: return wire::Refusal::QUARANTINED;
    case CloseReason::TooManyMessages:
    case CloseReason::Overloaded: return wire::Refusal::OVERLOADED;
    case CloseReason::DeskRefused: return wire::Refusal::UNSPECIFIED;
    case CloseReason::FrameTooLarge:
    case CloseReason::FrameLengthEndless:
    case CloseReason::NotAMessage:
    case CloseReason::HelloMissing:
    case CloseReason::HelloRepeated:
    case CloseReason::HelloMalformed:
    case CloseReason::ProtocolVersion:
    case CloseReason::BatchMalformed:
    case CloseReason::BatchReplayed:
    case CloseReason::BatchOutOfOrder:
    case CloseReason::QueryMalformed: return wire::Refusal::PROTOCOL;
    case CloseReason::FrameSlow:
    case CloseReason::HelloLate:
    case CloseReason::DeskLate:
    case CloseReason::PartlyAccepted:
    case CloseReason::ReplySlow:
    case CloseReason::Idle:
    case CloseReason::Replaced:
    case CloseReason::Stopping: break;
    }
    assert(false && "told by hanging up: the kiosk is to call again, not to stop");
    return wire::Refusal::UNSPECIFIED;
}

CloseReason reason_of_desk(wire::Refusal const& refusal) {
    switch (refusal.reason()) {
    case wire::Refusal::IDENTITY: return CloseReason::Identity;
    case wire::Refusal::EPOCH: return CloseReason::Epoch;
    case wire::Refusal::FORKED: return CloseReason::Forked;
    case wire::Refusal::QUARANTINED: return CloseReason::Quarantined;
    case wire::Refusal::OVERLOADED: return CloseReason::Overloaded;
    case wire::Refusal::PROTOCOL: return CloseReason::BatchMalformed;
    case wire::Refusal::UNSPECIFIED:
    case wire::Refusal_Reason_Refusal_Reason_INT_MIN_SENTINEL_DO_NOT_USE_:
    case wire::Refusal_Reason_Refusal_Reason_INT_MAX_SENTINEL_DO_NOT_USE_: break;
    }
    return CloseReason::DeskRefused;
}

ServerStep hang_up(CloseReason reason, std::string detail, Context const& context) {
    return {Closing{context.in(context.tuning.linger)}, {Close{reason, std::move(detail)}}};
}

ServerStep refuse(CloseReason reason, std::string detail, Context const& context) {
    wire::FromServer message;
    message.mutable_refusal()->set_reason(reason_on_wire(reason));
    message.mutable_refusal()->set_explanation(detail);
    ServerStep step = hang_up(reason, std::move(detail), context);
    step.effects.insert(step.effects.begin(), Reply{std::move(message)});
    return step;
}

ServerStep refuse(wire::Refusal const& refusal, Context const& context) {
    return refuse(reason_of_desk(refusal), refusal.explanation(), context);
}

// --- The kiosk's messages -----------------------------------------------------------------------

ServerStep on_hello(wire::Hello const& hello, Context const& context) {
    if (hello.protocol() != protocol_version)
        return refuse(
            CloseReason::ProtocolVersion,
            "protocol " + std::to_string(hello.protocol()) + ", this server speaks 1",
            context);
    Identity const named{hello.kiosk(), hello.epoch()};
    if (named != context.identity)
        return refuse(
            CloseReason::Identity,
            "the certificate is " + common_name(context.identity) + ", hello says " +
                common_name(named),
            context);
    bool const is_well_formed = hello.last_sequence() <= sequence_max &&
                                head_hash_from_wire(hello.last_sequence(), hello.head_hash()) &&
                                hello.software().size() <= software_size_max;
    if (!is_well_formed)
        return refuse(CloseReason::HelloMalformed, "sequence, head hash or software", context);
    return {Welcoming{context.in(context.tuning.desk_within), {}}, {AskWelcome{hello}}};
}

bool is_well_formed(wire::Batch const& batch) {
    auto const is_record = [](std::string const& record) {
        return !record.empty() && record.size() <= record_size_max;
    };
    auto const count = static_cast<std::size_t>(batch.records_size());
    return count > 0 && count <= batch_records_max && batch.first_sequence() > 0 &&
           batch.first_sequence() <= sequence_max - (count - 1) &&
           hash_from_wire(batch.head_hash()) && std::ranges::all_of(batch.records(), is_record);
}

ServerStep on_batch(Serving serving, wire::Batch const& batch, Context const& context) {
    if (!is_well_formed(batch))
        return refuse(CloseReason::BatchMalformed, "number, size or hash of records", context);
    std::uint64_t const expected = serving.received + 1;
    if (batch.first_sequence() != expected) {
        bool const is_repeat = batch.first_sequence() < expected;
        return refuse(
            is_repeat ? CloseReason::BatchReplayed : CloseReason::BatchOutOfOrder,
            "batch begins at record " + std::to_string(batch.first_sequence()) + ", expected " +
                std::to_string(expected),
            context);
    }
    assert(!serving.accept_due); // Nothing is read while a batch is at the desk.
    serving.received += static_cast<std::uint64_t>(batch.records_size());
    serving.accept_due = context.in(context.tuning.desk_within);
    return {std::move(serving), {AskAccept{batch}}};
}

ServerStep on_query(Serving serving, wire::AccountQuery const& query, Context const& context) {
    if (query.account().empty() || query.account().size() > account_size_max)
        return refuse(CloseReason::QueryMalformed, "account of no or too many letters", context);
    serving.look_ups_due.push_back(context.in(context.tuning.desk_within));
    return {std::move(serving), {AskLookUp{query}}};
}

ServerStep on_ping(Serving serving, Context const& context) {
    wire::FromServer message;
    message.mutable_pong()->set_server_time_ms(context.moment.utc_ms);
    return {std::move(serving), {Reply{std::move(message)}}};
}

/// False when this kiosk talks more than any kiosk has to say.
bool count_message(Serving& serving, Context const& context) {
    if (context.is_due(serving.minute_began + std::chrono::minutes{1})) {
        serving.minute_began = context.moment.now;
        serving.messages_this_minute = 0;
    }
    return ++serving.messages_this_minute <= context.tuning.messages_per_minute_max;
}

//  state          event                         next       effects
//  -------------  ----------------------------  ---------  ---------------------------------------
//  AwaitingHello  MessageCame hello, good       Welcoming  AskWelcome
//  AwaitingHello  MessageCame, any other        Closing    Reply Refusal, Close
//  AwaitingHello  ClockAdvanced, due            Closing    Close
//  Welcoming      DeskWelcomed, welcome         Serving    Reply Welcome
//  Welcoming      DeskWelcomed, refusal         Closing    Reply Refusal, Close
//  Welcoming      ClockAdvanced, due            Closing    Close
//  Serving        MessageCame batch, next       Serving    AskAccept
//  Serving        MessageCame account_query     Serving    AskLookUp
//  Serving        MessageCame ping              Serving    Reply Pong
//  Serving        MessageCame, unknown kind     Serving    -
//  Serving        MessageCame, any other        Closing    Reply Refusal, Close
//  Serving        DeskAccepted, the whole       Serving    Reply Acknowledgement
//  Serving        DeskAccepted, a part          Closing    Reply Acknowledgement, Close
//  Serving        DeskAccepted, refusal         Closing    Reply Refusal, Close
//  Serving        DeskLookedUp                  Serving    Reply AccountAnswer
//  Welcoming      CatalogChanged                Welcoming  -, and Reply Catalog after Welcome
//  Serving        CatalogChanged                Serving    Reply Catalog
//  Serving        ClockAdvanced, desk or idle   Closing    Close
//  any            GarbageCame                   Closing    Reply Refusal, Close
//  any            CloseAsked                    Closing    Close
//  Closing        ClockAdvanced, due            Closing    Abort
//  Closing        any other                     Closing    -
//
// A message cannot come in Welcoming and a desk's answer only in the state that asked for it:
// ServerSession reads nothing meanwhile.

ServerStep on(AwaitingHello const&, MessageCame const& event, Context const& context) {
    if (!event.message.has_hello())
        return refuse(CloseReason::HelloMissing, "the first message is not hello", context);
    return on_hello(event.message.hello(), context);
}

ServerStep on(AwaitingHello const& state, ClockAdvanced const&, Context const& context) {
    if (!context.is_due(state.deadline))
        return {state, {}};
    return hang_up(CloseReason::HelloLate, {}, context);
}

void say_catalog(wire::Catalog const& catalog, Effects& effects) {
    wire::FromServer message;
    *message.mutable_catalog() = catalog;
    if (std::size_t const size = message.ByteSizeLong(); size > wire::frame_payload_max)
        effects.push_back(CatalogWithheld{size});
    else
        effects.push_back(Reply{std::move(message)});
}

ServerStep on(Welcoming const& state, DeskWelcomed const& event, Context const& context) {
    if (!event.answer)
        return refuse(event.answer.error(), context);
    Effects effects;
    wire::FromServer message;
    wire::Welcome& welcome = *message.mutable_welcome();
    welcome = *event.answer;
    welcome.set_server_time_ms(context.moment.utc_ms);
    if (std::size_t const size = message.ByteSizeLong(); size > wire::frame_payload_max) {
        welcome.clear_catalog();
        effects.push_back(CatalogWithheld{size});
    }
    Serving serving{
        .received = welcome.acknowledged_sequence(),
        .accept_due = {},
        .look_ups_due = {},
        .last_heard = context.moment.now,
        .minute_began = context.moment.now};
    effects.push_back(Reply{std::move(message)});
    if (state.catalog)
        say_catalog(*state.catalog, effects);
    return {std::move(serving), std::move(effects)};
}

ServerStep on(Welcoming const& state, CatalogChanged const& event, Context const&) {
    return {Welcoming{state.deadline, event.catalog}, {}};
}

ServerStep on(Welcoming const& state, ClockAdvanced const&, Context const& context) {
    if (!context.is_due(state.deadline))
        return {state, {}};
    return hang_up(CloseReason::DeskLate, "welcome", context);
}

ServerStep on(Serving const& state, MessageCame const& event, Context const& context) {
    Serving serving = state;
    serving.last_heard = context.moment.now;
    wire::FromKiosk const& message = event.message;
    if (message.has_batch()) // Its pace is the desk's.
        return on_batch(std::move(serving), message.batch(), context);
    if (message.has_hello())
        return refuse(CloseReason::HelloRepeated, "a second hello", context);
    if (!count_message(serving, context))
        return refuse(CloseReason::TooManyMessages, "questions and pings", context);
    if (message.has_account_query())
        return on_query(std::move(serving), message.account_query(), context);
    if (message.has_ping())
        return on_ping(std::move(serving), context);
    return {std::move(serving), {}};
}

ServerStep on(Serving serving, DeskAccepted const& event, Context const& context) {
    if (!event.answer)
        return refuse(event.answer.error(), context);
    serving.accept_due.reset();
    wire::FromServer message;
    *message.mutable_acknowledgement() = *event.answer;
    if (event.answer->sequence() < serving.received) {
        // The kiosk comes back and sends the rest again.
        ServerStep step = hang_up(CloseReason::PartlyAccepted, {}, context);
        step.effects.insert(step.effects.begin(), Reply{std::move(message)});
        return step;
    }
    return {std::move(serving), {Reply{std::move(message)}}};
}

ServerStep on(Serving serving, DeskLookedUp const& event, Context const&) {
    assert(!serving.look_ups_due.empty());
    serving.look_ups_due.erase(serving.look_ups_due.begin());
    wire::FromServer message;
    *message.mutable_account_answer() = event.answer;
    if (message.ByteSizeLong() > wire::frame_payload_max) {
        std::uint32_t const id = event.answer.id();
        message.mutable_account_answer()->Clear();
        message.mutable_account_answer()->set_id(id);
        message.mutable_account_answer()->set_outcome(wire::AccountAnswer::UNAVAILABLE);
    }
    return {std::move(serving), {Reply{std::move(message)}}};
}

ServerStep on(Serving const& serving, CatalogChanged const& event, Context const&) {
    ServerStep step{serving, {}};
    say_catalog(event.catalog, step.effects);
    return step;
}

ServerStep on(AwaitingHello const& state, CatalogChanged const&, Context const&) {
    return {state, {}}; // The welcome will bring it.
}

ServerStep on(Serving const& serving, ClockAdvanced const&, Context const& context) {
    if (serving.accept_due && context.is_due(*serving.accept_due))
        return hang_up(CloseReason::DeskLate, "accept", context);
    if (!serving.look_ups_due.empty() && context.is_due(serving.look_ups_due.front()))
        return hang_up(CloseReason::DeskLate, "look up", context);
    if (context.is_due(serving.last_heard + context.tuning.idle_after))
        return hang_up(CloseReason::Idle, {}, context);
    return {serving, {}};
}

ServerStep on(Closing const& state, ClockAdvanced const&, Context const& context) {
    if (!context.is_due(state.deadline))
        return {state, {}};
    return {state, {Abort{}}};
}

template <class OpenState>
ServerStep on(OpenState const&, GarbageCame const& event, Context const& context) {
    if (event.reason == CloseReason::FrameSlow)
        return hang_up(event.reason, {}, context);
    return refuse(event.reason, {}, context);
}

template <class OpenState>
ServerStep on(OpenState const&, CloseAsked const& event, Context const& context) {
    return hang_up(event.reason, {}, context);
}

template <class Event>
ServerStep on(Closing const& state, Event const&, Context const&) {
    return {state, {}};
}
ServerStep on(Closing const& state, GarbageCame const&, Context const&) {
    return {state, {}};
}
ServerStep on(Closing const& state, CloseAsked const&, Context const&) {
    return {state, {}};
}

template <class AnyState, class AnyEvent>
ServerStep on(AnyState const& state, AnyEvent const&, Context const&) {
    assert(false && "answers come to the state that asked, messages only while they are read");
    return {state, {}};
}

} // namespace

ServerStep advance(
    Identity identity, ServerState const& state, ServerEvent const& event, ServerMoment moment,
    ServerTuning const& tuning) {
    Context const context{identity, moment, tuning};
    return std::visit(
        [&](auto const& s, auto const& e) -> ServerStep { return on(s, e, context); },
        state,
        event);
}

} // namespace protocol::link
