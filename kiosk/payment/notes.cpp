#include <cassert>

#include "kiosk/payment/table.hpp"

// What becomes of notes. These rows hold in every phase, because a note does not ask in which phase
// it moves:
//
//  path       event          phase             next path   effects
//  ---------  -------------  ----------------  ----------  ----------------------------------------
//  not moving NoteEscrowed   Collecting, fits  Intended    Journal StackIntended, StackNote
//  any        NoteEscrowed   otherwise         unchanged   ReturnNote
//  Credited   NoteStacked    any, same note    unchanged   none: it is the same note told again
//  otherwise  NoteStacked    session open      Credited    Journal NoteCredited
//  otherwise  NoteStacked    no session        Credited    Journal UnassignedNote (with a record)
//  Intended   NoteReturned   any               PathClear   Journal IntentDropped
//  Intended   ValidatorAtRest any              PathClear   Journal IntentDropped
//  Credited   ValidatorAtRest any              PathClear   Journal NoteSettled
//
// A session that only waited for a note to settle (Recovering) ends as soon as the path allows it.

namespace kiosk::payment::table {

namespace {

OpenSession* open_session_of(Phase& phase) {
    if (auto* collecting = std::get_if<Collecting>(&phase))
        return &collecting->session;
    if (auto* recovering = std::get_if<Recovering>(&phase))
        return &recovering->session;
    return nullptr;
}

void notice(Phase& phase, Notice what, Time now) {
    auto* collecting = std::get_if<Collecting>(&phase);
    if (collecting == nullptr)
        return;
    collecting->notice = what;
    collecting->active_at = now;
}

/// Recovering has nothing to wait for once no note is on its way.
Step leave_recovery(Step step, Context const& context) {
    auto const* recovering = std::get_if<Recovering>(&step.state.phase);
    if (recovering == nullptr || note_is_moving(step.state))
        return step;
    OpenSession const session = recovering->session;
    return conclude(std::move(step), session, CloseReason::Restarted, context.now, context.rules);
}

Step drop_intent(Context const& context, Intended const& intended, IntentEnd end) {
    Step step = stay(context, {Journal{IntentDropped{intended.session, intended.note, end}}});
    step.state.path = PathClear{};
    notice(step.state.phase, Notice::Returned, context.now.steady);
    return leave_recovery(std::move(step), context);
}

Step assign_to_nobody(Context const& context, Note const& note) {
    UnassignedNote entry{note, 0, "told stacked while no session was open"};
    if (auto const* intended = std::get_if<Intended>(&context.state.path)) {
        entry.session = intended->session;
        entry.reason = "told stacked after its session had ended";
    }
    Step step = stay(context, {Journal{std::move(entry)}});
    step.state.path = Credited{note};
    return step;
}

} // namespace

StepResult on_note_escrowed(Context const& context, NoteEscrowed const& event) {
    auto const* collecting = std::get_if<Collecting>(&context.state.phase);
    if (collecting == nullptr)
        return stay(context, {ReturnNote{}});

    Step step = stay(context);
    auto const verdict = judge(
        event.note.value, collecting->session, context.state, context.rules, context.now.wall);
    if (note_is_moving(context.state) || verdict != Verdict::Fits) {
        notice(
            step.state.phase,
            verdict == Verdict::AboveLimit ? Notice::AboveLimit : Notice::Returned,
            context.now.steady);
        step.effects = {ReturnNote{}};
        return step;
    }
    notice(step.state.phase, Notice::None, context.now.steady);
    std::get<Collecting>(step.state.phase).moving_at = context.now.steady;
    step.state.path = Intended{collecting->session.number, event.note};
    step.effects = {Journal{StackIntended{collecting->session.number, event.note}}, StackNote{}};
    return step;
}

StepResult on_note_stacked(Context const& context, NoteStacked const& event) {
    auto const* credited = std::get_if<Credited>(&context.state.path);
    if (credited != nullptr && credited->note == event.note)
        return stay(context);

    Step step = stay(context);
    OpenSession* session = open_session_of(step.state.phase);
    if (session == nullptr)
        return assign_to_nobody(context, event.note);
    auto const inserted = protocol::add(session->inserted, event.note.value);
    if (!inserted || inserted->minor() > protocol::amount_minor_max)
        return assign_to_nobody(context, event.note);

    session->inserted = *inserted;
    add_note(session->notes, event.note.value);
    step.effects = {Journal{NoteCredited{session->number, event.note}}};
    step.state.path = Credited{event.note};
    notice(step.state.phase, Notice::None, context.now.steady);
    return leave_recovery(std::move(step), context);
}

StepResult on_note_returned(Context const& context) {
    if (auto const* intended = std::get_if<Intended>(&context.state.path))
        return drop_intent(context, *intended, IntentEnd::Returned);
    Step step = stay(context);
    // Why it was given back was said when it was decided; that reason stays on the screen.
    if (auto const* collecting = std::get_if<Collecting>(&context.state.phase))
        notice(
            step.state.phase,
            collecting->notice == Notice::AboveLimit ? Notice::AboveLimit : Notice::Returned,
            context.now.steady);
    return step;
}

StepResult on_note_rejected(Context const& context) {
    Step step = stay(context);
    notice(step.state.phase, Notice::Rejected, context.now.steady);
    return step;
}

StepResult on_validator_at_rest(Context const& context) {
    if (auto const* intended = std::get_if<Intended>(&context.state.path))
        return drop_intent(context, *intended, IntentEnd::AtRest);
    Step step = stay(context);
    if (std::holds_alternative<Credited>(context.state.path)) {
        step.effects = {Journal{NoteSettled{}}};
        step.state.path = PathClear{};
    }
    return leave_recovery(std::move(step), context);
}

StepResult on_validator_health(Context const& context, Validator::Health health, Trouble trouble) {
    Step step = stay(context);
    step.state.validator.health = health;
    step.state.validator.trouble = trouble;
    if (auto* collecting = std::get_if<Collecting>(&step.state.phase)) {
        if (health == Validator::Health::Trouble)
            collecting->notice = Notice::ValidatorTrouble;
        else if (collecting->notice == Notice::ValidatorTrouble)
            collecting->notice = Notice::None;
    }
    return step;
}

} // namespace kiosk::payment::table
