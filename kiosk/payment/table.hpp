#pragma once

#include <utility>
#include <vector>

#include "kiosk/payment/session.hpp"

/// What the rows of the payment table share. For the files of this folder only.
namespace kiosk::payment::table {

using StepResult = protocol::Result<Step, Fault>;

struct Context {
    State const& state;
    Now now;
    Rules const& rules;
};

[[nodiscard]] inline Step stay(Context const& context, std::vector<Effect> effects = {}) {
    return Step{context.state, std::move(effects)};
}

[[nodiscard]] inline Step go(
    Context const& context, Phase phase, std::vector<Effect> effects = {}) {
    Step step{context.state, std::move(effects)};
    step.state.phase = std::move(phase);
    return step;
}

/// The money inside becomes a payment; `step` may already hold what has to be journalled before.
[[nodiscard]] Step record_payment(Step step, OpenSession const& session, Now now);

/// The session ends as the money in it demands: a payment when anything is inside, otherwise a
/// closed session, which leads to Interrupted while a note may still be stuck.
[[nodiscard]] Step conclude(
    Step step, OpenSession const& session, CloseReason reason, Now now, Rules const& rules);

/// The rows of the bill validator, which hold in every phase.
StepResult on_note_escrowed(Context const& context, NoteEscrowed const& event);
StepResult on_note_stacked(Context const& context, NoteStacked const& event);
StepResult on_note_returned(Context const& context);
StepResult on_note_rejected(Context const& context);
StepResult on_validator_at_rest(Context const& context);
StepResult on_validator_health(
    Context const& context, Validator::Health health, Trouble trouble = Trouble::LineLost);

} // namespace kiosk::payment::table
