#include "protocol/link/kiosk_session.hpp"

#include <algorithm>
#include <cassert>
#include <type_traits>
#include <utility>

#include "protocol/link/claim.hpp"

namespace protocol::link {

namespace {

using StepResult = Result<KioskStep, KioskFault>;
using Effects = std::vector<KioskEffect>;

// A line slower than this (8 kbit/s, GPRS at its worst) counts as dead.
constexpr std::size_t bytes_per_millisecond_least = 1;

struct Context {
    Moment moment;
    KioskTuning const& tuning;

    [[nodiscard]] TimePoint in(std::chrono::milliseconds wait) const { return moment.now + wait; }
    [[nodiscard]] bool is_due(TimePoint deadline) const { return deadline <= moment.now; }
};

// Between half and the whole of the wait: a fleet that lost its server at one moment must not come
// back at one moment.
std::chrono::milliseconds jittered(std::chrono::milliseconds wait, Context const& context) {
    auto const half = wait / 2;
    return wait - half +
           std::chrono::milliseconds{
               half.count() > 0 ? context.moment.random % (half.count() + 1) : 0};
}

Waiting back_off(unsigned attempts, Context const& context) {
    constexpr unsigned doublings_max = 20; // Of a second: far beyond any sensible retry_most.
    auto const wait = std::min<std::chrono::milliseconds>(
        context.tuning.retry_first * (1LL << std::min(attempts, doublings_max)),
        context.tuning.retry_most);
    return {context.in(jittered(wait, context)), attempts + 1};
}

KioskStep call(unsigned attempts, Context const& context) {
    return {Connecting{context.in(context.tuning.connect_within), attempts}, {Connect{}}};
}

KioskStep drop(unsigned attempts, DropReason reason, Context const& context) {
    return {back_off(attempts, context), {Disconnect{reason}}};
}

/// Ends an Up: the questions that were asked are answered, the kiosk knows that it is alone.
Effects farewell(Up const& up) {
    Effects effects;
    for (Question const& question : up.questions)
        effects.push_back(TellAccount{question.id, wire::AccountAnswer::UNAVAILABLE, {}});
    effects.push_back(TellLink{false});
    return effects;
}

unsigned attempts_after(Up const& up, Context const& context) {
    bool const was_steady = up.has_moved || context.is_due(up.since + context.tuning.steady_after);
    return was_steady ? 0 : up.attempts;
}

KioskStep drop(Up const& up, DropReason reason, Context const& context) {
    KioskStep step = drop(attempts_after(up, context), reason, context);
    std::ranges::move(farewell(up), std::back_inserter(step.effects));
    return step;
}

KioskStep refuse(DropReason reason, std::string explanation, Context const& context) {
    return {
        Refused{context.in(jittered(context.tuning.retry_refused, context))},
        {Disconnect{reason}, TellRefused{std::move(explanation)}}};
}

KioskStep refuse(Up const& up, DropReason reason, std::string explanation, Context const& context) {
    KioskStep step = refuse(reason, std::move(explanation), context);
    auto const at = std::next(step.effects.begin()); // The line first, then whom it concerns.
    Effects const goodbye = farewell(up);
    step.effects.insert(at, goodbye.begin(), goodbye.end());
    return step;
}

std::string explanation_of(wire::Refusal const& refusal) {
    constexpr std::size_t explanation_size_max = 200;
    std::string const reason = wire::Refusal::Reason_Name(refusal.reason());
    std::string const text = refusal.explanation().substr(0, explanation_size_max);
    return text.empty() ? reason : reason + ": " + text;
}

KioskStep refused_by_server(
    wire::Refusal const& refusal, unsigned attempts, Context const& context) {
    if (refusal.reason() == wire::Refusal::OVERLOADED) {
        Waiting waiting = back_off(attempts, context);
        waiting.until = std::max(
            waiting.until, context.in(jittered(2 * context.tuning.retry_overloaded, context)));
        return {waiting, {Disconnect{DropReason::Overloaded}}};
    }
    return refuse(DropReason::Refused, explanation_of(refusal), context);
}

void tell_catalog(wire::Catalog const& message, Effects& effects) {
    if (auto catalog = wire::catalog_from_wire(message))
        effects.push_back(TellCatalog{std::move(*catalog)});
    else
        effects.push_back(CatalogUnusable{catalog.error()});
}

void fill_window(Up& up, Effects& effects, Context const& context) {
    if (up.is_reading || up.sent >= up.recorded ||
        up.in_flight.size() >= context.tuning.window_batches)
        return;
    up.is_reading = true;
    effects.push_back(SendBatch{up.sent, context.tuning.batch_records, context.tuning.batch_size});
}

void say(Up& up, wire::FromKiosk message, Effects& effects, Context const& context) {
    up.last_traffic = context.moment.now;
    effects.push_back(Send{std::move(message)});
}

/// Any message proves that the server is there.
Up hear(Up up, Context const& context) {
    up.last_traffic = context.moment.now;
    up.pong_due.reset();
    return up;
}

template <class Event>
constexpr bool is_server_message =
    std::is_same_v<Event, AcknowledgementCame> || std::is_same_v<Event, AnswerCame> ||
    std::is_same_v<Event, CatalogCame> || std::is_same_v<Event, PongCame> ||
    std::is_same_v<Event, UnknownCame>;

//  state       event                        next        effects
//  ----------  ---------------------------  ----------  ------------------------------------------
//  Waiting     TimePassed, due; RetryAsked  Connecting  Connect
//  Connecting  Connected                    Greeting    Send Hello
//  Connecting  Disconnected                 Waiting     -
//  Connecting  TimePassed, due              Waiting     Disconnect
//  Greeting    Welcomed, our beginning      Up          Acknowledge*, TellLink, TellCatalog*,
//                                                       SendBatch*
//  Greeting    Welcomed, another chain      Refused     Disconnect, TellRefused
//  Greeting    RefusalCame, OVERLOADED      Waiting     Disconnect
//  Greeting    RefusalCame, any other       Refused     Disconnect, TellRefused
//  Greeting    Disconnected                 Waiting     -
//  Greeting    TimePassed, due              Waiting     Disconnect
//  Greeting    any other message            Waiting     Disconnect
//  Up          RecordsAdded                 Up          SendBatch*
//  Up          BatchSent                    Up          SendBatch*
//  Up          BatchImpossible              Refused     Disconnect, farewell, TellRefused
//  Up          AcknowledgementCame, ours    Up          Acknowledge*, SendBatch*
//  Up          AcknowledgementCame, other   Refused     Disconnect, farewell, TellRefused
//  Up          AccountAsked                 Up          Send AccountQuery
//  Up          AnswerCame                   Up          TellAccount*
//  Up          CatalogCame                  Up          TellCatalog
//  Up          PongCame, UnknownCame        Up          -
//  Up          RefusalCame                  as Greeting, after farewell
//  Up          Welcomed, Unreadable         Waiting     Disconnect, farewell
//  Up          Disconnected                 Waiting     farewell
//  Up          TimePassed                   Up          TellAccount for late answers*, Send Ping*
//              no acknowledgement, no pong  Waiting     Disconnect, farewell
//  Refused     TimePassed, due; RetryAsked  Connecting  Connect
//
// * where there is one to give. farewell: TellAccount UNAVAILABLE for each question, TellLink down.
// Everywhere but in Up, AccountAsked is answered UNAVAILABLE at once and RecordsAdded waits in the
// journal. Waiting and Refused hear of the Disconnected that they caused. Everything else is out of
// place.

StepResult on(Waiting const& state, TimePassed const&, Context const& context) {
    if (!context.is_due(state.until))
        return KioskStep{state, {}};
    return call(state.attempts, context);
}

StepResult on(Waiting const& state, RetryAsked const&, Context const& context) {
    return call(state.attempts, context);
}

StepResult on(Waiting const& state, Disconnected const&, Context const&) {
    return KioskStep{state, {}};
}

StepResult on(Refused const& state, TimePassed const&, Context const& context) {
    if (!context.is_due(state.until))
        return KioskStep{state, {}};
    return call(0, context);
}

StepResult on(Refused const&, RetryAsked const&, Context const& context) {
    return call(0, context);
}

StepResult on(Refused const& state, Disconnected const&, Context const&) {
    return KioskStep{state, {}};
}

StepResult on(Connecting const& state, Connected const& event, Context const& context) {
    wire::FromKiosk message;
    *message.mutable_hello() = event.hello;
    message.mutable_hello()->set_protocol(protocol_version);
    return KioskStep{
        Greeting{context.in(context.tuning.welcome_within), state.attempts},
        {Send{std::move(message)}}};
}

StepResult on(Connecting const& state, Disconnected const&, Context const& context) {
    return KioskStep{back_off(state.attempts, context), {}};
}

StepResult on(Connecting const& state, TimePassed const&, Context const& context) {
    if (!context.is_due(state.deadline))
        return KioskStep{state, {}};
    return drop(state.attempts, DropReason::ConnectLate, context);
}

StepResult on(Greeting const& state, Welcomed const& event, Context const& context) {
    std::uint64_t const sequence = event.welcome.acknowledged_sequence();
    Claim const claim = judge(
        sequence, event.welcome.acknowledged_hash(), event.own.recorded, event.own.hash_there);
    if (claim == Claim::Unreadable)
        return drop(state.attempts, DropReason::OutOfPlace, context);
    if (claim != Claim::Agrees)
        return refuse(DropReason::Forked, explain(claim, sequence, event.own.recorded), context);

    Up up{
        .attempts = state.attempts,
        .since = context.moment.now,
        .recorded = event.own.recorded,
        .sent = sequence, // A server that was restored gets again what it lost.
        .acknowledged = std::max(sequence, event.own.acknowledged),
        .in_flight = {},
        .questions = {},
        .last_traffic = context.moment.now,
        .pong_due = {}};
    Effects effects;
    if (sequence > event.own.acknowledged)
        effects.push_back(Acknowledge{sequence});
    effects.push_back(TellLink{true});
    if (event.welcome.has_catalog())
        tell_catalog(event.welcome.catalog(), effects);
    fill_window(up, effects, context);
    return KioskStep{std::move(up), std::move(effects)};
}

StepResult on(Greeting const& state, RefusalCame const& event, Context const& context) {
    return refused_by_server(event.refusal, state.attempts, context);
}

StepResult on(Greeting const& state, Disconnected const&, Context const& context) {
    return KioskStep{back_off(state.attempts, context), {}};
}

StepResult on(Greeting const& state, TimePassed const&, Context const& context) {
    if (!context.is_due(state.deadline))
        return KioskStep{state, {}};
    return drop(state.attempts, DropReason::WelcomeLate, context);
}

StepResult on(Up up, RecordsAdded const& event, Context const& context) {
    up.recorded = std::max(up.recorded, event.recorded);
    Effects effects;
    fill_window(up, effects, context);
    return KioskStep{std::move(up), std::move(effects)};
}

StepResult on(Up up, BatchSent const& event, Context const& context) {
    if (!up.is_reading || event.last <= up.sent)
        return fail(KioskFault::EventOutOfPlace);
    up.is_reading = false;
    up.sent = event.last;
    up.recorded = std::max(up.recorded, event.last);
    up.last_traffic = context.moment.now;
    // Batches queue behind each other on the line.
    TimePoint const begins = up.in_flight.empty()
                                 ? context.in(context.tuning.acknowledge_within)
                                 : std::max(up.in_flight.back().deadline, context.moment.now);
    up.in_flight.push_back(
        {event.last, begins + std::chrono::milliseconds{event.size / bytes_per_millisecond_least}});
    Effects effects;
    fill_window(up, effects, context);
    return KioskStep{std::move(up), std::move(effects)};
}

StepResult on(Up const& up, BatchImpossible const& event, Context const& context) {
    return refuse(
        up,
        DropReason::Journal,
        "record " + std::to_string(event.sequence) + " cannot be read from the journal or sent",
        context);
}

StepResult on(Up const& up, AcknowledgementCame const& event, Context const& context) {
    std::uint64_t const sequence = event.acknowledgement.sequence();
    Claim const claim =
        judge(sequence, event.acknowledgement.hash(), event.own.recorded, event.own.hash_there);
    if (claim == Claim::Unreadable)
        return drop(up, DropReason::OutOfPlace, context);
    if (claim != Claim::Agrees)
        return refuse(
            up, DropReason::Forked, explain(claim, sequence, event.own.recorded), context);

    Up next = hear(up, context);
    Effects effects;
    // More than was sent on this connection is right when an older connection's batch was
    // committed meanwhile. Sending goes on where it stopped all the same: the server wants each
    // connection's records without a gap, and knows a repeat.
    auto const acknowledged = [&](BatchInFlight const& batch) { return batch.last <= sequence; };
    next.has_moved = std::erase_if(next.in_flight, acknowledged) > 0 || next.has_moved;
    if (sequence > next.acknowledged) {
        next.acknowledged = sequence;
        effects.push_back(Acknowledge{sequence});
    }
    fill_window(next, effects, context);
    return KioskStep{std::move(next), std::move(effects)};
}

StepResult on(Up up, AccountAsked const& event, Context const& context) {
    if (up.questions.size() >= context.tuning.questions_max ||
        event.account.size() > account_size_max)
        return KioskStep{
            std::move(up), {TellAccount{event.id, wire::AccountAnswer::UNAVAILABLE, {}}}};
    up.questions.push_back(
        {event.id, event.provider, event.account, context.in(context.tuning.answer_within)});
    wire::FromKiosk message;
    message.mutable_account_query()->set_id(event.id);
    message.mutable_account_query()->set_provider(event.provider);
    message.mutable_account_query()->set_account(event.account);
    Effects effects;
    say(up, std::move(message), effects, context);
    return KioskStep{std::move(up), std::move(effects)};
}

StepResult on(Up const& up, AnswerCame const& event, Context const& context) {
    Up next = hear(up, context);
    auto const question = std::ranges::find(next.questions, event.answer.id(), &Question::id);
    if (question == next.questions.end()) // Late: it was answered UNAVAILABLE at its deadline.
        return KioskStep{std::move(next), {}};
    TellAccount answer{.id = question->id, .outcome = event.answer.outcome(), .state = {}};
    if (answer.outcome == wire::AccountAnswer::FOUND) {
        if (auto state =
                wire::account_from_wire(event.answer, question->provider, question->account))
            answer.state = std::move(*state);
        else
            answer.outcome = wire::AccountAnswer::UNAVAILABLE;
    }
    next.questions.erase(question);
    return KioskStep{std::move(next), {std::move(answer)}};
}

StepResult on(Up const& up, CatalogCame const& event, Context const& context) {
    KioskStep step{hear(up, context), {}};
    tell_catalog(event.catalog, step.effects);
    return step;
}

StepResult on(Up const& up, PongCame const&, Context const& context) {
    return KioskStep{hear(up, context), {}};
}

StepResult on(Up const& up, UnknownCame const&, Context const& context) {
    return KioskStep{hear(up, context), {}};
}

StepResult on(Up const& up, RefusalCame const& event, Context const& context) {
    KioskStep step = refused_by_server(event.refusal, attempts_after(up, context), context);
    Effects const goodbye = farewell(up);
    step.effects.insert(std::next(step.effects.begin()), goodbye.begin(), goodbye.end());
    return step;
}

StepResult on(Up const& up, Welcomed const&, Context const& context) {
    return drop(up, DropReason::OutOfPlace, context);
}

StepResult on(Up const& up, Unreadable const&, Context const& context) {
    return drop(up, DropReason::Unreadable, context);
}

StepResult on(Up const& up, Disconnected const&, Context const& context) {
    return KioskStep{back_off(attempts_after(up, context), context), farewell(up)};
}

StepResult on(Up up, TimePassed const&, Context const& context) {
    if (!up.in_flight.empty() && context.is_due(up.in_flight.front().deadline))
        return drop(up, DropReason::AcknowledgementLate, context);
    if (up.pong_due && context.is_due(*up.pong_due))
        return drop(up, DropReason::PongLate, context);

    Effects effects;
    std::erase_if(up.questions, [&](Question const& question) {
        bool const is_late = context.is_due(question.deadline);
        if (is_late)
            effects.push_back(TellAccount{question.id, wire::AccountAnswer::UNAVAILABLE, {}});
        return is_late;
    });
    if (!up.pong_due && context.is_due(up.last_traffic + context.tuning.ping_after)) {
        wire::FromKiosk message;
        message.mutable_ping();
        say(up, std::move(message), effects, context);
        up.pong_due = context.in(context.tuning.pong_within);
    }
    return KioskStep{std::move(up), std::move(effects)};
}

// A server that speaks before it welcomes.
template <class ServerMessage>
StepResult on(Greeting const& state, ServerMessage const&, Context const& context) requires
    is_server_message<ServerMessage> {
    return drop(state.attempts, DropReason::OutOfPlace, context);
}

StepResult on(Greeting const& state, Unreadable const&, Context const& context) {
    return drop(state.attempts, DropReason::Unreadable, context);
}

template <class DownState>
StepResult on(DownState const& state, AccountAsked const& event, Context const&) {
    return KioskStep{state, {TellAccount{event.id, wire::AccountAnswer::UNAVAILABLE, {}}}};
}

template <class DownState>
StepResult on(DownState const& state, RecordsAdded const&, Context const&) {
    return KioskStep{state, {}};
}

template <class BusyState>
StepResult on(BusyState const& state, RetryAsked const&, Context const&) {
    return KioskStep{state, {}};
}

template <class AnyState, class AnyEvent>
StepResult on(AnyState const&, AnyEvent const&, Context const&) {
    return fail(KioskFault::EventOutOfPlace);
}

} // namespace

StepResult advance(
    KioskState const& state, KioskEvent const& event, Moment moment, KioskTuning const& tuning) {
    Context const context{moment, tuning};
    return std::visit(
        [&](auto const& s, auto const& e) -> StepResult { return on(s, e, context); },
        state,
        event);
}

TimePoint deadline(KioskState const& state, KioskTuning const& tuning) {
    struct Visitor {
        KioskTuning const& tuning;
        TimePoint operator()(Waiting const& s) const { return s.until; }
        TimePoint operator()(Connecting const& s) const { return s.deadline; }
        TimePoint operator()(Greeting const& s) const { return s.deadline; }
        TimePoint operator()(Refused const& s) const { return s.until; }
        TimePoint operator()(Up const& up) const {
            TimePoint earliest = up.pong_due.value_or(up.last_traffic + tuning.ping_after);
            if (!up.in_flight.empty())
                earliest = std::min(earliest, up.in_flight.front().deadline);
            for (Question const& question : up.questions)
                earliest = std::min(earliest, question.deadline);
            return earliest;
        }
    };
    return std::visit(Visitor{tuning}, state);
}

} // namespace protocol::link
