#include "fleet-server/gateways/delivery.hpp"

#include <algorithm>
#include <utility>

namespace fleet::gateways {

namespace {

using protocol::fail;
using std::chrono::milliseconds;
using StepResult = Result<DeliveryStep, DeliveryFault>;

//  state         event                      next      effects
//  ------------  -------------------------  --------  ---------------------------------------
//  New           Due                        New       AskCheck
//  New           CheckAnswered Accepted     Sent      Hold, SendPay (the request is kept)
//  New           CheckAnswered Refused      Refused   MoveToSuspense
//  New           CheckAnswered otherwise    New       asked again later
//  New           NotAnswered, NotDelivered  New       asked again later
//  Sent Unknown  Due                        same      SendPay, the same bytes
//  Sent Unknown  PayAnswered Accepted       Ok        VoidHold
//  Sent Unknown  PayAnswered Refused        Refused   VoidHold, MoveToSuspense
//  Sent Unknown  PayAnswered RepeatLater    same      sent again later
//  Sent Unknown  PayAnswered Unclear        Unknown   sent again later
//  Sent Unknown  NotAnswered                Unknown   sent again later
//  Sent Unknown  NotDelivered               same      sent again later
//  New           Restarted                  New       asked again now
//  Sent Unknown  Restarted                  Unknown   sent again now
//  not final     NotPossible                same      tried again later, a person is called
//
// Due wants that nothing is in flight, answers and Restarted want that something is. Everything
// else is out of place. Each line is a function or a branch below.

struct Context {
    Now now;
    DeliveryLimits const& limits;
};

DeliveryStep told(Delivery delivery, std::string what, std::vector<DeliveryEffect> effects = {}) {
    delivery.comment = what;
    effects.emplace_back(Tell{std::move(what)});
    return {std::move(delivery), std::move(effects)};
}

DeliveryStep later(Delivery delivery, std::string what, Context const& context) {
    delivery.in_flight = false;
    delivery.next_at =
        context.now.at + back_off(delivery.setbacks, context.now.jitter_permille, context.limits);
    ++delivery.setbacks;
    if (context.now.at - delivery.enqueued_at >= context.limits.person_after)
        delivery.needs_person = true;
    return told(std::move(delivery), std::move(what));
}

std::string answer(std::string_view command, std::int32_t result, std::string const& comment) {
    std::string text{command};
    text += " answered with result " + std::to_string(result);
    if (!comment.empty())
        text += ": " + comment;
    return text;
}

DeliveryStep send_pay(Delivery delivery, std::vector<DeliveryEffect> before) {
    ++delivery.attempts;
    delivery.in_flight = true;
    before.emplace_back(SendPay{delivery.request});
    std::string what = "pay sent, attempt " + std::to_string(delivery.attempts);
    return told(std::move(delivery), std::move(what), std::move(before));
}

DeliveryStep refused(Delivery delivery, std::string what, std::vector<DeliveryEffect> effects) {
    if (delivery.doubts > 0)
        what += "; an earlier pay was never answered: compare with the provider's register first";
    delivery.state = DeliveryState::Refused;
    delivery.in_flight = false;
    delivery.needs_person = true;
    effects.emplace_back(MoveToSuspense{});
    return told(std::move(delivery), std::move(what), std::move(effects));
}

StepResult on(Delivery delivery, Due const& event, Context const&) {
    if (delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    if (delivery.state != DeliveryState::New)
        return send_pay(std::move(delivery), {});
    delivery.in_flight = true;
    return told(std::move(delivery), "check sent", {AskCheck{event.check}});
}

StepResult on(Delivery delivery, CheckAnswered const& event, Context const& context) {
    if (delivery.state != DeliveryState::New || !delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    delivery.result = event.result;
    std::string what = answer("check", event.result, event.comment);
    switch (event.verdict) {
    case Verdict::Accepted: {
        delivery.state = DeliveryState::Sent;
        delivery.setbacks = 0;
        delivery.request = event.pay;
        return send_pay(std::move(delivery), {Hold{}});
    }
    case Verdict::Refused: return refused(std::move(delivery), std::move(what), {});
    case Verdict::RepeatLater:
    case Verdict::Unclear: break;
    }
    return later(std::move(delivery), std::move(what), context);
}

StepResult on(Delivery delivery, PayAnswered const& event, Context const& context) {
    if (delivery.state == DeliveryState::New || !delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    delivery.result = event.result;
    std::string what = answer("pay", event.result, event.comment);
    switch (event.verdict) {
    case Verdict::Accepted:
        delivery.state = DeliveryState::Ok;
        delivery.in_flight = false;
        delivery.needs_person = false;
        delivery.provider_txn = event.provider_txn;
        return told(std::move(delivery), std::move(what), {VoidHold{}});
    case Verdict::Refused: return refused(std::move(delivery), std::move(what), {VoidHold{}});
    case Verdict::RepeatLater: break;
    case Verdict::Unclear:
        delivery.state = DeliveryState::Unknown;
        ++delivery.doubts;
        break;
    }
    return later(std::move(delivery), std::move(what), context);
}

StepResult on(Delivery delivery, NotAnswered const& event, Context const& context) {
    if (!delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    if (delivery.state != DeliveryState::New) {
        delivery.state = DeliveryState::Unknown;
        ++delivery.doubts;
    }
    return later(std::move(delivery), "no answer: " + event.reason, context);
}

StepResult on(Delivery delivery, NotDelivered const& event, Context const& context) {
    if (!delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    return later(std::move(delivery), "not delivered: " + event.reason, context);
}

StepResult on(Delivery delivery, Restarted const&, Context const& context) {
    if (!delivery.in_flight)
        return fail(DeliveryFault::EventOutOfPlace);
    delivery.in_flight = false;
    delivery.next_at = context.now.at;
    if (delivery.state != DeliveryState::New) {
        delivery.state = DeliveryState::Unknown;
        ++delivery.doubts;
    }
    return told(std::move(delivery), "the fleet server was restarted");
}

StepResult on(Delivery delivery, NotPossible const& event, Context const& context) {
    DeliveryStep step = later(std::move(delivery), "cannot be sent: " + event.reason, context);
    step.delivery.needs_person = true;
    return step;
}

} // namespace

std::string_view to_string(DeliveryState state) {
    switch (state) {
    case DeliveryState::New: return "NEW";
    case DeliveryState::Sent: return "SENT";
    case DeliveryState::Unknown: return "UNKNOWN";
    case DeliveryState::Ok: return "OK";
    case DeliveryState::Refused: return "REFUSED";
    }
    return "";
}

milliseconds back_off(
    std::uint32_t setbacks, std::uint32_t jitter_permille, DeliveryLimits const& limits) {
    constexpr std::uint32_t doublings_max = 20; // Beyond any sensible retry_longest; no overflow.
    constexpr std::int64_t permille = 1'000;
    milliseconds const longest = std::min(
        limits.retry_first * (std::int64_t{1} << std::min(setbacks, doublings_max)),
        limits.retry_longest);
    std::int64_t const chance = std::min<std::int64_t>(jitter_permille, permille);
    return longest / 2 + longest / 2 * chance / permille;
}

Result<DeliveryStep, DeliveryFault> advance(
    Delivery const& delivery, DeliveryEvent const& event, Now now, DeliveryLimits const& limits) {
    if (is_final(delivery.state))
        return fail(DeliveryFault::EventOutOfPlace);
    Context const context{now, limits};
    return std::visit([&](auto const& any) { return on(delivery, any, context); }, event);
}

} // namespace fleet::gateways
