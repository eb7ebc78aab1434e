#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/catalog/catalog.hpp"
#include "protocol/link/chain.hpp"
#include "protocol/link/identity.hpp"
#include "protocol/link/limits.hpp"
#include "protocol/wire/convert.hpp"
#include "protocol/wire/kiosk.pb.h"

/// The kiosk's end of the link: when to call, what to send, what to believe. Pure: state, event and
/// moment give a state and effects; the client (kiosk/link) carries them out.
namespace protocol::link {

/// Time and chance come from outside, so that a test can hold them.
struct Moment {
    TimePoint now;
    std::uint32_t random = 0; ///< Spreads a fleet that lost its server at one moment.
};

/// Defaults are for a wired or LTE line and bear GPRS: a TLS handshake there takes three seconds,
/// a full batch a hundred.
struct KioskTuning {
    std::chrono::milliseconds connect_within = std::chrono::seconds{40}; ///< Up to the handshake.
    std::chrono::milliseconds welcome_within = std::chrono::seconds{30};
    /// After the time that the batch itself takes on the slowest line there is.
    std::chrono::milliseconds acknowledge_within = std::chrono::seconds{30};
    std::chrono::milliseconds answer_within = std::chrono::seconds{5}; ///< A resident waits.
    std::chrono::milliseconds ping_after =
        std::chrono::minutes{4}; ///< Below carriers' NAT timeouts.
    std::chrono::milliseconds pong_within = std::chrono::seconds{30};
    std::chrono::milliseconds retry_first = std::chrono::seconds{1}; ///< Doubled each time.
    std::chrono::milliseconds retry_most = std::chrono::seconds{30}; ///< A resident may be waiting.
    std::chrono::milliseconds retry_overloaded = std::chrono::seconds{30}; ///< At least.
    /// A refusal stands until a person acts, and that may be at the server: without asking now and
    /// then, each release of a quarantine would need a visit to the kiosk.
    std::chrono::milliseconds retry_refused = std::chrono::minutes{15};
    /// A connection that lived so long, or moved a record, was not a failed attempt.
    std::chrono::milliseconds steady_after = std::chrono::minutes{1};
    std::size_t window_batches = 4; ///< Sent and not acknowledged.
    std::size_t batch_records = batch_records_max;
    std::size_t batch_size = batch_size_max;
    std::size_t questions_max = 8; ///< One resident asks one at a time; late answers may pile up.
};

// States.
struct Waiting {
    TimePoint until;       ///< Default: at once.
    unsigned attempts = 0; ///< Failed in a row.
};
struct Connecting {
    TimePoint deadline;
    unsigned attempts = 0;
};
struct Greeting {
    TimePoint deadline;
    unsigned attempts = 0;
};
struct BatchInFlight {
    std::uint64_t last = 0;
    TimePoint deadline;
};
struct Question {
    std::uint32_t id = 0;
    std::uint32_t provider = 0;
    std::string account;
    TimePoint deadline;
};
struct Up {
    unsigned attempts = 0; ///< Before this connection.
    TimePoint since;
    bool has_moved = false;         ///< A record was acknowledged on this connection.
    std::uint64_t recorded = 0;     ///< The head of the kiosk's own chain.
    std::uint64_t sent = 0;         ///< On this connection, counted from what the server had.
    std::uint64_t acknowledged = 0; ///< The most that any server ever acknowledged.
    bool is_reading = false;        ///< SendBatch was asked for, BatchSent has not come.
    std::vector<BatchInFlight> in_flight;
    std::vector<Question> questions;
    TimePoint last_traffic; ///< Either way.
    std::optional<TimePoint> pong_due;
};
struct Refused {
    TimePoint until;
};
using KioskState = std::variant<Waiting, Connecting, Greeting, Up, Refused>;

/// What the kiosk itself has, read when a message came that says what the server has.
struct Own {
    std::uint64_t recorded = 0;
    std::uint64_t acknowledged = 0;
    std::optional<Hash> hash_there; ///< At the server's sequence; nullopt when it is not kept.
};

// Events.
struct TimePassed {};
struct Connected {     ///< The handshake is done, the server is the right one.
    wire::Hello hello; ///< Filled by the client but for `protocol`.
};
struct Disconnected {};
struct RecordsAdded {
    std::uint64_t recorded = 0;
};
struct BatchSent {
    std::uint64_t last = 0;
    std::size_t size = 0; ///< Bytes: a large batch takes its time on a slow line.
};
struct BatchImpossible { ///< Missing from the journal, or above record_size_max.
    std::uint64_t sequence = 0;
};
struct AccountAsked {
    std::uint32_t id = 0;
    std::uint32_t provider = 0;
    std::string account;
};
struct RetryAsked {}; ///< By a person, who does not want to wait.
struct Unreadable {}; ///< The server's bytes are no frame or no message.
struct Welcomed {
    wire::Welcome welcome;
    Own own;
};
struct AcknowledgementCame {
    wire::Acknowledgement acknowledgement;
    Own own;
};
struct AnswerCame {
    wire::AccountAnswer answer;
};
struct CatalogCame {
    wire::Catalog catalog;
};
struct RefusalCame {
    wire::Refusal refusal;
};
struct PongCame {};
struct UnknownCame {}; ///< From a newer server.
using KioskEvent = std::variant<
    TimePassed, Connected, Disconnected, RecordsAdded, BatchSent, BatchImpossible, AccountAsked,
    RetryAsked, Unreadable, Welcomed, AcknowledgementCame, AnswerCame, CatalogCame, RefusalCame,
    PongCame, UnknownCame>;

enum class DropReason : std::uint8_t {
    ConnectLate,
    WelcomeLate,
    AcknowledgementLate,
    PongLate,
    OutOfPlace, ///< The server said something that cannot be said now.
    Unreadable,
    Overloaded,
    Refused, ///< By the server.
    Forked,  ///< By the kiosk: the server's chain is not a beginning of its own.
    Journal, ///< A record cannot be read or sent.
};
[[nodiscard]] std::string_view name(DropReason reason);

// Effects, carried out in order.
struct Connect {};
struct Disconnect {
    DropReason reason;
};
struct Send {
    wire::FromKiosk message;
};
/// Read records after `after` from the journal, send them as one batch, report BatchSent.
struct SendBatch {
    std::uint64_t after = 0;
    std::size_t records_max = 0;
    std::size_t size_max = 0;
};
struct Acknowledge { ///< Make it durable, then tell the kiosk.
    std::uint64_t sequence = 0;
};
struct TellLink {
    bool is_up = false;
};
struct TellAccount {
    std::uint32_t id = 0;
    wire::AccountAnswer::Outcome outcome = wire::AccountAnswer::UNAVAILABLE;
    catalog::AccountState state; ///< Of outcome FOUND.
};
struct TellCatalog {
    catalog::Catalog catalog;
};
struct CatalogUnusable { ///< The kiosk goes on with the one it has.
    wire::ConvertError error;
};
struct TellRefused {
    std::string explanation;
};
using KioskEffect = std::variant<
    Connect, Disconnect, Send, SendBatch, Acknowledge, TellLink, TellAccount, TellCatalog,
    CatalogUnusable, TellRefused>;

struct KioskStep {
    KioskState state;
    std::vector<KioskEffect> effects;
};

enum class KioskFault : std::uint8_t { EventOutOfPlace };

/// A fault leaves the state as it was. Messages of the server are never out of place in this sense:
/// a server that says what cannot be is dropped.
[[nodiscard]] Result<KioskStep, KioskFault> advance(
    KioskState const& state, KioskEvent const& event, Moment moment, KioskTuning const& tuning);

/// When TimePassed is due. Earlier does no harm, later is late.
[[nodiscard]] TimePoint deadline(KioskState const& state, KioskTuning const& tuning);

/// The sequence whose own hash the event for this message needs; nullopt when it needs none.
[[nodiscard]] std::optional<std::uint64_t> claimed_sequence(wire::FromServer const& message);
[[nodiscard]] KioskEvent event_of(wire::FromServer message, Own own);

} // namespace protocol::link
