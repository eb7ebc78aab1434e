#include "kiosk/payment/session.hpp"

#include "kiosk/payment/opening.hpp"
#include "kiosk/payment/table.hpp"

namespace kiosk::payment {

namespace {

using namespace table;

//  phase         event             next                      effects
//  ------------  ----------------  ------------------------  --------------------------------------
//  no money yet  BillScanned       Looking, link up          AskAccount
//                                  Reviewing, link down      -
//                                  ScanRefused, limit        -
//  no money yet  ScanFailed        ScanRefused               -
//  Looking       AccountAnswered   Reviewing, ScanRefused    -
//  Looking       Tick, link lost   Reviewing by the bill     -
//  Reviewing     Pay               Collecting                Journal SessionOpened
//  Collecting    Cancel, Home      Idle, nothing inside      Journal SessionClosed
//  Collecting    Finish            Recording                 Journal PaymentRecorded (with a
//  record) Collecting    Tick              as above, by silence      as above
//                                  Interrupted, note stuck   Journal SessionClosed
//  Recovering    Tick              as Collecting, no wait    as above
//  Recording     RecordWritten     Printing                  Journal ReceiptBegun, PrintReceipt
//  Printing      ReceiptOutcome    Done                      Journal ReceiptEnded
//  Printing      Tick              Done, fate unknown        Journal ReceiptEnded
//  Done          Reprint           Printing, not printed yet Journal ReceiptBegun, PrintReceipt
//  Done          ReceiptOutcome    Done, late word           Journal ReceiptEnded
//  shown         Home, Again       Idle                      -
//  shown         Tick              Idle                      Done: ClearPresenter
//  any           JournalFailed     Broken                    ReturnNote, if one waits in escrow
//  any           link, catalog, printer, validator health    the same phase
//
// "no money yet": Idle, ScanRefused, Looking, Reviewing, Done. "shown": ScanRefused, Done,
// Interrupted. The rows of notes are in notes.cpp. A code that is read while money is inside, a
// late answer and a word about paper that nobody waits for are heard and change nothing. Whatever
// else is not in the table is a Fault.

bool takes_scans(State const& state, WallTime now) {
    struct Visitor {
        bool operator()(Idle const&) const { return true; }
        bool operator()(ScanRefused const&) const { return true; }
        bool operator()(Looking const&) const { return true; }
        bool operator()(Reviewing const&) const { return true; }
        bool operator()(Done const&) const { return true; }
        bool operator()(Collecting const&) const { return false; }
        bool operator()(Recovering const&) const { return false; }
        bool operator()(Recording const&) const { return false; }
        bool operator()(Printing const&) const { return false; }
        bool operator()(Interrupted const&) const { return false; }
        bool operator()(Broken const&) const { return false; }
    };
    return std::visit(Visitor{}, state.phase) && !closed(state, now);
}

Step begin_receipt(Context const& context, PaymentFacts facts, std::uint64_t sequence, bool copy) {
    Printing printing{facts, sequence, context.now.steady + context.rules.printing};
    return go(
        context,
        std::move(printing),
        {Journal{ReceiptBegun{sequence, copy}}, PrintReceipt{std::move(facts), sequence, copy}});
}

Step end_receipt(
    Context const& context, PaymentFacts facts, std::uint64_t sequence, ReceiptFate fate) {
    return go(
        context,
        Done{std::move(facts), sequence, fate, context.now.steady + context.rules.done_shown},
        {Journal{ReceiptEnded{sequence, fate}}});
}

// Touches. Each phase names the actions that its screen offers.

StepResult touched(Context const& context, Idle const&, Action action) {
    if (action == Action::Home || action == Action::Again)
        return stay(context);
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, ScanRefused const&, Action action) {
    if (action == Action::Home || action == Action::Again || action == Action::Cancel)
        return go(context, Idle{});
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, Looking const&, Action action) {
    if (action == Action::Home || action == Action::Cancel)
        return go(context, Idle{});
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, Reviewing const& reviewing, Action action) {
    if (action == Action::Home || action == Action::Cancel)
        return go(context, Idle{});
    if (action == Action::Pay)
        return start_collecting(context, reviewing);
    if (action == Action::MoreTime) {
        Step step = stay(context);
        std::get<Reviewing>(step.state.phase).active_at = context.now.steady;
        return step;
    }
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, Collecting const& collecting, Action action) {
    if (action == Action::MoreTime) {
        Step step = stay(context);
        std::get<Collecting>(step.state.phase).active_at = context.now.steady;
        return step;
    }
    if (note_is_moving(context.state))
        return protocol::fail(Fault::ActionNotOffered);
    if (action == Action::Finish && may_finish(collecting.session))
        return record_payment(stay(context), collecting.session, context.now);
    bool const leaves = action == Action::Cancel || action == Action::Home;
    if (leaves && collecting.session.inserted.is_zero())
        return conclude(
            stay(context), collecting.session, CloseReason::Cancelled, context.now, context.rules);
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, Done const& done, Action action) {
    if (action == Action::Home || action == Action::Again)
        return go(context, Idle{});
    if (action == Action::Reprint && done.receipt != ReceiptFate::Printed)
        return begin_receipt(
            context, done.facts, done.sequence, done.receipt == ReceiptFate::Unknown);
    return protocol::fail(Fault::ActionNotOffered);
}

StepResult touched(Context const& context, Interrupted const&, Action action) {
    if (action == Action::Home || action == Action::Again)
        return go(context, Idle{});
    return protocol::fail(Fault::ActionNotOffered);
}

template <class AnyPhase>
StepResult touched(Context const&, AnyPhase const&, Action) {
    return protocol::fail(Fault::ActionNotOffered);
}

// Time.

StepResult ticked(Context const& context, ScanRefused const& refused) {
    return context.now.steady < refused.until ? stay(context) : go(context, Idle{});
}

StepResult ticked(Context const& context, Looking const& looking) {
    return context.now.steady < looking.until ? stay(context)
                                              : review_offline(context, looking.bill);
}

// Somebody's debt does not stay on the screen of an empty room.
StepResult ticked(Context const& context, Reviewing const& reviewing) {
    auto const until = reviewing.active_at + context.rules.idle + context.rules.question;
    return context.now.steady < until ? stay(context) : go(context, Idle{});
}

StepResult ticked(Context const& context, Collecting const& collecting) {
    auto const until = wakes_at(context.state, context.rules);
    if (!until || context.now.steady < *until)
        return stay(context);
    return conclude(
        stay(context), collecting.session, CloseReason::Abandoned, context.now, context.rules);
}

StepResult ticked(Context const& context, Recovering const& recovering) {
    if (context.now.steady < recovering.until)
        return stay(context);
    return conclude(
        stay(context), recovering.session, CloseReason::Restarted, context.now, context.rules);
}

StepResult ticked(Context const& context, Printing const& printing) {
    if (context.now.steady < printing.until)
        return stay(context);
    return end_receipt(context, printing.facts, printing.sequence, ReceiptFate::Unknown);
}

StepResult ticked(Context const& context, Done const& done) {
    return context.now.steady < done.until ? stay(context)
                                           : go(context, Idle{}, {ClearPresenter{}});
}

StepResult ticked(Context const& context, Interrupted const& interrupted) {
    return context.now.steady < interrupted.until ? stay(context) : go(context, Idle{});
}

template <class AnyPhase>
StepResult ticked(Context const& context, AnyPhase const&) {
    return stay(context);
}

Broken broken(Phase const& phase) {
    if (auto const* session = open_session(phase))
        return Broken{session->number, 0, session->inserted};
    if (auto const* recording = std::get_if<Recording>(&phase))
        return Broken{recording->facts.session, 0, recording->facts.sums.cash};
    if (auto const* printing = std::get_if<Printing>(&phase))
        return Broken{printing->facts.session, printing->sequence, printing->facts.sums.cash};
    if (auto const* done = std::get_if<Done>(&phase))
        return Broken{done->facts.session, done->sequence, done->facts.sums.cash};
    if (auto const* before = std::get_if<Broken>(&phase))
        return *before;
    return Broken{};
}

/// One overload a kind of event.
struct Advance {
    Context const& context;

    StepResult operator()(BillScanned const& event) const {
        if (!takes_scans(context.state, context.now.wall))
            return stay(context);
        return open_bill(context, event.bill);
    }
    StepResult operator()(ScanFailed const& event) const {
        if (!takes_scans(context.state, context.now.wall))
            return stay(context);
        return refuse_scan(context, event.problem, event.payee);
    }
    StepResult operator()(AccountAnswered const& event) const {
        auto const* looking = std::get_if<Looking>(&context.state.phase);
        if (looking == nullptr || looking->query != event.query)
            return stay(context); // Late: what it was asked for has gone on without it.
        return review_answer(context, *looking, event);
    }
    StepResult operator()(LinkChanged const& event) const {
        State state = context.state;
        state.link_up = event.up;
        if (event.up)
            state.server_refused = false;
        if (auto* collecting = std::get_if<Collecting>(&state.phase))
            collecting->session.was_offline |= !event.up;
        auto const* looking = std::get_if<Looking>(&state.phase);
        if (looking != nullptr && !event.up)
            return review_offline(Context{state, context.now, context.rules}, looking->bill);
        return Step{std::move(state), {}};
    }
    StepResult operator()(ServerRefused const&) const {
        Step step = stay(context);
        step.state.server_refused = true;
        step.state.link_up = false;
        return step;
    }
    StepResult operator()(CatalogKnown const& event) const {
        Step step = stay(context);
        step.state.offline_limits = event.offline;
        return step;
    }
    StepResult operator()(OfflineUse const& event) const {
        Step step = stay(context);
        step.state.offline_use = event;
        return step;
    }
    StepResult operator()(Touched const& event) const {
        return std::visit(
            [&](auto const& phase) { return touched(context, phase, event.action); },
            context.state.phase);
    }
    StepResult operator()(NoteEscrowed const& event) const {
        return on_note_escrowed(context, event);
    }
    StepResult operator()(NoteStacked const& event) const {
        return on_note_stacked(context, event);
    }
    StepResult operator()(NoteReturned const&) const { return on_note_returned(context); }
    StepResult operator()(NoteRejected const&) const { return on_note_rejected(context); }
    StepResult operator()(ValidatorTrouble const& event) const {
        return on_validator_health(context, Validator::Health::Trouble, event.trouble);
    }
    StepResult operator()(ValidatorReady const& event) const {
        auto step = on_validator_health(context, Validator::Health::Well);
        if (step)
            step->state.validator.bills = event.bills;
        return step;
    }
    StepResult operator()(ValidatorWell const&) const {
        return on_validator_health(context, Validator::Health::Well);
    }
    StepResult operator()(ValidatorAtRest const&) const { return on_validator_at_rest(context); }
    StepResult operator()(PrinterHealth const& event) const {
        Step step = stay(context);
        step.state.printer_ready = event.ready;
        return step;
    }
    StepResult operator()(ReceiptOutcome const& event) const {
        if (auto const* printing = std::get_if<Printing>(&context.state.phase))
            return end_receipt(context, printing->facts, printing->sequence, event.fate);
        auto const* done = std::get_if<Done>(&context.state.phase);
        if (done != nullptr && done->receipt == ReceiptFate::Unknown)
            return end_receipt(context, done->facts, done->sequence, event.fate);
        return stay(context);
    }
    StepResult operator()(RecordWritten const& event) const {
        auto const* recording = std::get_if<Recording>(&context.state.phase);
        if (recording == nullptr || event.sequence == 0)
            return protocol::fail(Fault::EventOutOfPlace);
        return begin_receipt(context, recording->facts, event.sequence, false);
    }
    StepResult operator()(JournalFailed const& event) const {
        std::vector<Effect> effects;
        if (event.note_waits)
            effects.emplace_back(ReturnNote{});
        return go(context, broken(context.state.phase), std::move(effects));
    }
    StepResult operator()(Tick const&) const {
        return std::visit(
            [&](auto const& phase) { return ticked(context, phase); }, context.state.phase);
    }
};

} // namespace

protocol::Result<Step, Fault> advance(
    State const& state, Event const& event, Now now, Rules const& rules) {
    Context const context{state, now, rules};
    return std::visit(Advance{context}, event);
}

} // namespace kiosk::payment
