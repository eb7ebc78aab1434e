#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fleet-server/store/time.hpp"
#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// One accepted payment on its way to its provider, as a pure state machine. It knows no protocol:
/// requests are opaque bytes, answers come classified.
namespace fleet::gateways {

using protocol::Money;
using protocol::Result;

/// UTC, whole milliseconds, as stored.
using Moment = UtcTime;

enum class DeliveryState : std::uint8_t {
    New,     ///< No `pay` has left. Asking `check` moves no money.
    Sent,    ///< A `pay` has left or is about to; the provider may have asked to repeat it.
    Unknown, ///< A `pay` has left and nobody knows what became of it. Never a failure.
    Ok,      ///< Final: the provider has credited the payer.
    Refused, ///< Final: it never will. The money waits in suspense for a person.
};

[[nodiscard]] std::string_view to_string(DeliveryState state);
[[nodiscard]] constexpr bool is_final(DeliveryState state) {
    return state == DeliveryState::Ok || state == DeliveryState::Refused;
}

struct Delivery {
    std::string txn_id;
    std::uint32_t provider = 0;
    std::string account;
    Money sum = protocol::rub(0);
    Moment enqueued_at;
    DeliveryState state = DeliveryState::New;
    std::string request;        ///< The exact `pay`, from the first send for life; empty before.
    std::uint32_t attempts = 0; ///< `pay` requests sent.
    std::uint32_t setbacks = 0; ///< Asked without a final answer since New: grows the back-off.
    std::uint32_t doubts = 0;   ///< `pay` requests that left and were never answered properly.
    Moment next_at;             ///< Not asked before.
    bool in_flight = false;     ///< Asked, and not answered yet.
    bool needs_person = false;  ///< Refused, or open for too long (and still resent).
    std::int32_t result = 0;    ///< The provider's last code.
    std::string provider_txn;   ///< The provider's number of the payment.
    std::string comment;        ///< The last thing heard, for a person.
    friend bool operator==(Delivery const&, Delivery const&) = default;
};

enum class Verdict : std::uint8_t { Accepted, Refused, RepeatLater, Unclear };

// Events.
/// Its time has come.
struct Due {
    std::string check; ///< The question, used until a `pay` has been sent.
};
struct CheckAnswered {
    Verdict verdict = Verdict::Unclear;
    std::int32_t result = 0;
    std::string comment;
    std::string pay; ///< What to send now that it may be sent: kept for life.
};
struct PayAnswered {
    Verdict verdict = Verdict::Unclear;
    std::int32_t result = 0;
    std::string provider_txn;
    std::string comment;
};
/// The request may have reached the provider: timed out, cut, 5xx, not understood.
struct NotAnswered {
    std::string reason;
};
/// The request surely never left: refused connection, unknown host.
struct NotDelivered {
    std::string reason;
};
/// Our own process was killed; whatever was in flight is not any more.
struct Restarted {};
/// The payment cannot be written in the protocol at all (no address, an impossible account).
struct NotPossible {
    std::string reason;
};
using DeliveryEvent = std::variant<
    Due, CheckAnswered, PayAnswered, NotAnswered, NotDelivered, Restarted, NotPossible>;

// Effects. Ledger effects and the row are one transaction, durable before anything is sent.
struct AskCheck {
    std::string request;
    friend bool operator==(AskCheck const&, AskCheck const&) = default;
};
struct SendPay {
    std::string request;
    friend bool operator==(SendPay const&, SendPay const&) = default;
};
/// payable -> inflight, pending.
struct Hold {
    friend bool operator==(Hold const&, Hold const&) = default;
};
struct VoidHold {
    friend bool operator==(VoidHold const&, VoidHold const&) = default;
};
/// payable, and what was withheld from it, -> suspense.unmatched.
struct MoveToSuspense {
    friend bool operator==(MoveToSuspense const&, MoveToSuspense const&) = default;
};
/// A line of the delivery's story.
struct Tell {
    std::string what;
    friend bool operator==(Tell const&, Tell const&) = default;
};
using DeliveryEffect = std::variant<AskCheck, SendPay, Hold, VoidHold, MoveToSuspense, Tell>;

struct DeliveryStep {
    Delivery delivery;
    std::vector<DeliveryEffect> effects;
};

enum class DeliveryFault : std::uint8_t { EventOutOfPlace };

struct DeliveryLimits {
    std::chrono::milliseconds retry_first{1'000};
    std::chrono::milliseconds retry_longest{600'000};
    /// QIWI's settlement rules want differences raised within two hours.
    std::chrono::milliseconds person_after{std::chrono::hours{2}};
};

/// What time it is, and 0..1000 of chance that spreads retries.
struct Now {
    Moment at;
    std::uint32_t jitter_permille = 0;
};

[[nodiscard]] Result<DeliveryStep, DeliveryFault> advance(
    Delivery const& delivery, DeliveryEvent const& event, Now now, DeliveryLimits const& limits);

/// Doubles from `retry_first` up to `retry_longest`; of that, a random part between half and all.
[[nodiscard]] std::chrono::milliseconds back_off(
    std::uint32_t setbacks, std::uint32_t jitter_permille, DeliveryLimits const& limits);

} // namespace fleet::gateways
