#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "kiosk/payment/states.hpp"

/// How long a kiosk waits, how much it takes, and when it takes nothing at all.
namespace kiosk::payment {

/// What the owner sets. A screen never ends in silence: each wait leads to a named next phase.
struct Rules {
    std::chrono::milliseconds idle = std::chrono::seconds{60};
    std::chrono::milliseconds question = std::chrono::seconds{30}; ///< WCAG asks for 20 at least.
    std::vector<Money> bills_accepted; ///< Empty: all that the validator knows.

    /// The server answers in one round trip; a GPRS link needs 2 s of it on a bad day.
    std::chrono::milliseconds answer = std::chrono::seconds{5};
    /// From STACK to the last word about the note. A stacker needs 3 s, a retried line 15.
    std::chrono::milliseconds note_settles = std::chrono::seconds{45};
    /// The same after a restart, with the validator's own start (20 s) before it.
    std::chrono::milliseconds recovery = std::chrono::seconds{60};
    /// Printing, cutting and presenting take 6 s; a printer that retries, 40.
    std::chrono::milliseconds printing = std::chrono::seconds{90};
    std::chrono::milliseconds refused_shown = std::chrono::seconds{20};
    std::chrono::milliseconds done_shown = std::chrono::seconds{30};
    std::chrono::milliseconds interrupted_shown = std::chrono::seconds{60};
};

/// Why no session may be opened now.
enum class Closed : std::uint8_t {
    NotEnrolled,
    NoCatalog,
    ValidatorDown,
    StackerFull,
    StackerRemoved,
    PrinterDown,
    JournalFailed,
    OfflineLimitReached,
};
[[nodiscard]] std::optional<Closed> closed(State const& state, WallTime now);

/// The validator is to take notes. A level, not an edge: asked again after each step.
[[nodiscard]] bool takes_notes(State const& state);

/// Denominations that both the validator and the owner take, ascending.
[[nodiscard]] std::vector<Money> notes_accepted(State const& state, Rules const& rules);

enum class Verdict : std::uint8_t { Fits, AboveLimit, NotAccepted };
/// May this note be stacked for this session? A provider's maximum counts what is credited, the
/// offline limits count cash.
[[nodiscard]] Verdict judge(
    Money note, OpenSession const& session, State const& state, Rules const& rules, WallTime now);

/// The money inside reaches the provider's minimum, so that leaving can be offered.
[[nodiscard]] bool may_finish(OpenSession const& session);
/// The least cash with which leaving is offered: the provider's minimum and its fee.
[[nodiscard]] Money least_cash(Bill const& bill);

/// Taking one more payment offline would break a limit.
[[nodiscard]] bool offline_is_used_up(State const& state, WallTime now);

/// How long the question "are you still here?" still waits; nullopt before it is asked.
[[nodiscard]] std::optional<std::chrono::milliseconds> leaves_in(
    Time active_at, Time now, Rules const& rules);

/// When a Tick is due at the latest; nullopt when nothing waits for time.
[[nodiscard]] std::optional<Time> wakes_at(State const& state, Rules const& rules);

} // namespace kiosk::payment
