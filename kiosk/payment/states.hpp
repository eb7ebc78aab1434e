#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/payment/entries.hpp"
#include "kiosk/payment/events.hpp"

/// Where a payment stands, and what the kiosk knows of itself meanwhile.
namespace kiosk::payment {

using Time = std::chrono::steady_clock::time_point;

struct Now {
    Time steady;   ///< For waiting.
    WallTime wall; ///< For paper and records.
};

/// Money may be inside.
struct OpenSession {
    std::uint64_t number = 0;
    Bill bill;
    NoteCounts notes;
    Money inserted = protocol::rub(0);
    bool was_offline = false;
    friend bool operator==(OpenSession const&, OpenSession const&) = default;
};

// Phases.
struct Idle {};
struct ScanRefused {
    ScanProblem problem = ScanProblem::NotABill;
    std::string payee;
    Time until;
};
/// The server is asked what is owed.
struct Looking {
    Bill bill;
    std::uint32_t query = 0;
    Time until; ///< Then the bill itself serves.
};
struct Reviewing {
    Bill bill;
    Money fee = protocol::rub(0);
    Money due = protocol::rub(0); ///< debt + fee
    Time active_at;               ///< When somebody last did something.
};
enum class Notice : std::uint8_t { None, Returned, Rejected, AboveLimit, ValidatorTrouble };
struct Collecting {
    OpenSession session;
    Money due = protocol::rub(0);
    Notice notice = Notice::None;
    Time active_at; ///< When somebody last did something.
    Time moving_at; ///< When the note that is on its way began to move.
};
/// After a restart: a note is on its way, and the validator must say what became of it.
struct Recovering {
    OpenSession session;
    Time until; ///< Then what is credited is paid without waiting for the validator.
};
struct Recording {
    PaymentFacts facts;
};
struct Printing {
    PaymentFacts facts;
    std::uint64_t sequence = 0;
    Time until;
};
struct Done {
    PaymentFacts facts;
    std::uint64_t sequence = 0;
    ReceiptFate receipt = ReceiptFate::Printed;
    Time until;
};
/// A session ended while a note may be stuck in the validator and nothing was credited.
struct Interrupted {
    std::uint64_t session = 0;
    Money value = protocol::rub(0); ///< Of the note that may be stuck.
    Time until;
};
/// The journal refuses: no money is moved until the kiosk is restarted with a working disk.
struct Broken {
    std::uint64_t session = 0;  ///< 0: nobody's money was inside.
    std::uint64_t sequence = 0; ///< Of the payment that was recorded before, else 0.
    Money inserted = protocol::rub(0);
};
using Phase = std::variant<
    Idle, ScanRefused, Looking, Reviewing, Collecting, Recovering, Recording, Printing, Done,
    Interrupted, Broken>;

// What the journal knows of the way between the mouth and the stacker.
/// Nothing is on its way.
struct PathClear {
    friend bool operator==(PathClear const&, PathClear const&) = default;
};
/// STACK was or may have been commanded; nobody has told how it ended.
struct Intended {
    std::uint64_t session = 0;
    Note note;
    friend bool operator==(Intended const&, Intended const&) = default;
};
/// The note is credited; until the validator rests it may tell of the same note again.
struct Credited {
    Note note;
    friend bool operator==(Credited const&, Credited const&) = default;
};
using NotePath = std::variant<PathClear, Intended, Credited>;

struct Validator {
    enum class Health : std::uint8_t { Starting, Well, Trouble };
    Health health = Health::Starting;
    Trouble trouble = Trouble::LineLost; ///< When in trouble.
    std::vector<Money> bills;
};

struct State {
    Phase phase = Idle{};
    NotePath path = PathClear{};
    Validator validator;
    bool printer_ready = false;
    bool link_up = false;
    bool server_refused = false;
    std::optional<protocol::catalog::OfflineLimits> offline_limits; ///< None: no catalog yet.
    OfflineUse offline_use;
    std::uint64_t sessions = 0; ///< How many were ever opened: the number of the last one.
    std::uint32_t queries = 0;
};

/// For logs and the control socket: "collecting".
[[nodiscard]] std::string_view name_of(Phase const& phase);

/// The session with money inside or coming in, if there is one.
[[nodiscard]] OpenSession const* open_session(Phase const& phase);

[[nodiscard]] inline bool note_is_moving(State const& state) {
    return std::holds_alternative<Intended>(state.path);
}

} // namespace kiosk::payment
