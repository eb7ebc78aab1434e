#include "kiosk/payment/recovery.hpp"

#include "kiosk/payment/table.hpp"

namespace kiosk::payment {

namespace {

struct Fold {
    Folded& folded;
    std::uint64_t sequence;

    void operator()(SessionOpened const& entry) const {
        folded.sessions = entry.session;
        folded.payment.reset();
        folded.path = PathClear{}; // Or it would not have been opened.
        OpenSession session;
        session.number = entry.session;
        session.bill = entry.bill;
        session.inserted = Money::zero(entry.bill.debt.currency());
        folded.open = std::move(session);
    }
    void operator()(StackIntended const& entry) const {
        folded.path = Intended{entry.session, entry.note};
    }
    void operator()(NoteCredited const& entry) const {
        folded.path = Credited{entry.note};
        if (!folded.open || folded.open->number != entry.session)
            return;
        // The same sum was in range when the entry was written.
        if (auto const inserted = protocol::add(folded.open->inserted, entry.note.value))
            folded.open->inserted = *inserted;
        add_note(folded.open->notes, entry.note.value);
    }
    void operator()(IntentDropped const&) const { folded.path = PathClear{}; }
    void operator()(NoteSettled const&) const { folded.path = PathClear{}; }
    void operator()(SessionClosed const&) const { folded.open.reset(); }
    void operator()(PaymentRecorded const& entry) const {
        folded.open.reset();
        folded.payment = LastPayment{entry.facts, sequence, false, false};
    }
    void operator()(UnassignedNote const& entry) const { folded.path = Credited{entry.note}; }
    void operator()(ReceiptBegun const& entry) const {
        if (!folded.payment || folded.payment->sequence != entry.sequence)
            return;
        folded.payment->receipt_begun = true;
        folded.payment->receipt_ended = false;
    }
    void operator()(ReceiptEnded const& entry) const {
        if (!folded.payment || folded.payment->sequence != entry.sequence)
            return;
        folded.payment->receipt_ended = true;
        if (entry.fate == ReceiptFate::NotPrinted)
            folded.payment->receipt_begun = false;
    }
    void operator()(FaultSeen const&) const {}
};

} // namespace

Folded fold(Folded folded, Entry const& entry, std::uint64_t sequence) {
    std::visit(Fold{folded, sequence}, entry);
    return folded;
}

Step recover(Folded const& folded, OfflineUse const& offline_use, Now now, Rules const& rules) {
    Step step;
    step.state.sessions = folded.sessions;
    step.state.path = folded.path;
    step.state.offline_use = offline_use;
    if (folded.open && std::holds_alternative<Intended>(folded.path)) {
        step.state.phase = Recovering{*folded.open, now.steady + rules.recovery};
        return step;
    }
    if (folded.open)
        return table::conclude(std::move(step), *folded.open, CloseReason::Restarted, now, rules);
    if (!folded.payment || folded.payment->receipt_ended)
        return step;
    LastPayment const& last = *folded.payment;
    step.state.phase = Printing{last.facts, last.sequence, now.steady + rules.printing};
    step.effects = {
        Journal{ReceiptBegun{last.sequence, last.receipt_begun}},
        PrintReceipt{last.facts, last.sequence, last.receipt_begun}};
    return step;
}

} // namespace kiosk::payment
