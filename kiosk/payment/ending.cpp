#include "kiosk/payment/table.hpp"

namespace kiosk::payment::table {

Step record_payment(Step step, OpenSession const& session, Now now) {
    PaymentFacts facts;
    facts.session = session.number;
    facts.bill = session.bill;
    facts.bill.lines.clear();
    facts.notes = session.notes;
    facts.sums = settle(session.bill, session.inserted);
    facts.at = now.wall;
    facts.offline = session.bill.offline || session.was_offline || !step.state.link_up;
    step.state.phase = Recording{facts};
    step.effects.emplace_back(Journal{PaymentRecorded{std::move(facts)}});
    return step;
}

Step conclude(
    Step step, OpenSession const& session, CloseReason reason, Now now, Rules const& rules) {
    if (session.inserted.is_positive())
        return record_payment(std::move(step), session, now);
    auto const* stuck = std::get_if<Intended>(&step.state.path);
    if (stuck != nullptr) {
        step.state.phase =
            Interrupted{session.number, stuck->note.value, now.steady + rules.interrupted_shown};
        reason = CloseReason::NoteUnsettled;
    } else {
        step.state.phase = Idle{};
    }
    step.effects.emplace_back(Journal{SessionClosed{session.number, reason}});
    return step;
}

} // namespace kiosk::payment::table
