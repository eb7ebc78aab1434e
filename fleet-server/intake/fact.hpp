#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fleet-server/intake/payments.hpp"
#include "protocol/base/bytes.hpp"

/// What a record says, made safe to post. The kiosk is ours and proved itself, but a program of
/// another day may have written it: whatever does not add up is flagged and still counted as cash.
namespace fleet::intake {

struct Flag {
    std::string kind;
    std::string explanation;
    friend bool operator==(Flag const&, Flag const&) = default;
};

struct PaymentFact {
    std::uint32_t provider = 0;
    std::string account;
    std::string account_typed;
    std::uint32_t channel = 0;
    std::uint64_t tariff_version = 0;
    Money cash = protocol::rub(0); ///< = fee + credited + change = the notes.
    Money fee = protocol::rub(0);
    Money credited = protocol::rub(0);
    Money change = protocol::rub(0);
    Money debt_shown = protocol::rub(0);
    std::string debt_date;
    bool was_offline = false;
};

struct Fact {
    UtcTime at;                         ///< The kiosk's clock.
    std::vector<Note> notes;            ///< By value, each once.
    Money cash = protocol::rub(0);      ///< Of the notes.
    std::optional<PaymentFact> payment; ///< None: cash that belongs to no payment.
    /// The payment's own figures do not make sense: all its cash is credited to nobody.
    bool is_doubtful = false;
    std::vector<Flag> flags;
};

/// Kinds of notes in one record; a validator knows about ten.
inline constexpr int note_kinds_max = 64;

/// Refuses only bytes that are no record of ours, with the reason.
[[nodiscard]] protocol::Result<Fact, std::string> read_fact(protocol::ByteView payload);

} // namespace fleet::intake
