#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "kiosk/payment/facts.hpp"

/// What the journal remembers, one value an entry. From these alone the next start knows whose
/// money is inside.
namespace kiosk::payment {

struct Note {
    std::uint8_t type = 0; ///< The validator's own number of the denomination.
    Money value = protocol::rub(0);
    friend bool operator==(Note const&, Note const&) = default;
};

/// From here on money may come in.
struct SessionOpened {
    std::uint64_t session = 0;
    Bill bill; ///< Without its service lines.
    friend bool operator==(SessionOpened const&, SessionOpened const&) = default;
};
/// Durable before the validator is told to stack.
struct StackIntended {
    std::uint64_t session = 0;
    Note note;
    friend bool operator==(StackIntended const&, StackIntended const&) = default;
};
/// Durable before the validator is acknowledged.
struct NoteCredited {
    std::uint64_t session = 0;
    Note note;
    friend bool operator==(NoteCredited const&, NoteCredited const&) = default;
};
enum class IntentEnd : std::uint8_t {
    Returned, ///< The validator said that the note went back.
    AtRest,   ///< The validator has nothing under way, and told of no stacked note.
};
/// An intended note did not become ours.
struct IntentDropped {
    std::uint64_t session = 0;
    Note note;
    IntentEnd end = IntentEnd::Returned;
    friend bool operator==(IntentDropped const&, IntentDropped const&) = default;
};
/// The validator is at rest after a credited note: the next NoteStacked is another note, not the
/// same one told again.
struct NoteSettled {
    friend bool operator==(NoteSettled const&, NoteSettled const&) = default;
};
enum class CloseReason : std::uint8_t {
    Cancelled,
    Abandoned,     ///< Nobody answered the question, and nothing was inside.
    Restarted,     ///< The kiosk was restarted and nothing was inside.
    NoteUnsettled, ///< A note may be stuck in the validator; nothing was credited.
};
/// A session ended without a payment: nothing was credited in it.
struct SessionClosed {
    std::uint64_t session = 0;
    CloseReason reason = CloseReason::Cancelled;
    friend bool operator==(SessionClosed const&, SessionClosed const&) = default;
};
/// Carries a record for the server.
struct PaymentRecorded {
    PaymentFacts facts;
    friend bool operator==(PaymentRecorded const&, PaymentRecorded const&) = default;
};
/// A note in the stacker that belongs to no payment. Carries a record for the server.
struct UnassignedNote {
    Note note;
    std::uint64_t session = 0; ///< Whose note it may be, 0 when nobody's.
    std::string reason;
    friend bool operator==(UnassignedNote const&, UnassignedNote const&) = default;
};
/// Paper may carry this receipt from here on: printing it again is a copy.
struct ReceiptBegun {
    std::uint64_t sequence = 0;
    bool copy = false;
    friend bool operator==(ReceiptBegun const&, ReceiptBegun const&) = default;
};
enum class ReceiptFate : std::uint8_t { Printed, NotPrinted, Unknown };
struct ReceiptEnded {
    std::uint64_t sequence = 0;
    ReceiptFate fate = ReceiptFate::Printed;
    friend bool operator==(ReceiptEnded const&, ReceiptEnded const&) = default;
};
/// Something happened that the table has no place for. Nothing was changed by it.
struct FaultSeen {
    std::string fault;
    std::string phase;
    std::string event;
    friend bool operator==(FaultSeen const&, FaultSeen const&) = default;
};

using Entry = std::variant<
    SessionOpened, StackIntended, NoteCredited, IntentDropped, NoteSettled, SessionClosed,
    PaymentRecorded, UnassignedNote, ReceiptBegun, ReceiptEnded, FaultSeen>;

} // namespace kiosk::payment
