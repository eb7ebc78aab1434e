#include "kiosk/payment/session.hpp"

namespace kiosk::payment {

namespace {

struct PhaseName {
    std::string_view operator()(Idle const&) const { return "idle"; }
    std::string_view operator()(ScanRefused const&) const { return "scan-refused"; }
    std::string_view operator()(Looking const&) const { return "looking"; }
    std::string_view operator()(Reviewing const&) const { return "reviewing"; }
    std::string_view operator()(Collecting const&) const { return "collecting"; }
    std::string_view operator()(Recovering const&) const { return "recovering"; }
    std::string_view operator()(Recording const&) const { return "recording"; }
    std::string_view operator()(Printing const&) const { return "printing"; }
    std::string_view operator()(Done const&) const { return "done"; }
    std::string_view operator()(Interrupted const&) const { return "interrupted"; }
    std::string_view operator()(Broken const&) const { return "broken"; }
};

struct EventName {
    std::string_view operator()(BillScanned const&) const { return "bill-scanned"; }
    std::string_view operator()(ScanFailed const&) const { return "scan-failed"; }
    std::string_view operator()(AccountAnswered const&) const { return "account-answered"; }
    std::string_view operator()(LinkChanged const&) const { return "link-changed"; }
    std::string_view operator()(ServerRefused const&) const { return "server-refused"; }
    std::string_view operator()(CatalogKnown const&) const { return "catalog-known"; }
    std::string_view operator()(OfflineUse const&) const { return "offline-use"; }
    std::string_view operator()(Touched const&) const { return "touched"; }
    std::string_view operator()(NoteEscrowed const&) const { return "note-escrowed"; }
    std::string_view operator()(NoteStacked const&) const { return "note-stacked"; }
    std::string_view operator()(NoteReturned const&) const { return "note-returned"; }
    std::string_view operator()(NoteRejected const&) const { return "note-rejected"; }
    std::string_view operator()(ValidatorTrouble const&) const { return "validator-trouble"; }
    std::string_view operator()(ValidatorReady const&) const { return "validator-ready"; }
    std::string_view operator()(ValidatorWell const&) const { return "validator-well"; }
    std::string_view operator()(ValidatorAtRest const&) const { return "validator-at-rest"; }
    std::string_view operator()(PrinterHealth const&) const { return "printer-health"; }
    std::string_view operator()(ReceiptOutcome const&) const { return "receipt-outcome"; }
    std::string_view operator()(RecordWritten const&) const { return "record-written"; }
    std::string_view operator()(JournalFailed const&) const { return "journal-failed"; }
    std::string_view operator()(Tick const&) const { return "tick"; }
};

struct EffectName {
    std::string_view operator()(Journal const&) const { return "journal"; }
    std::string_view operator()(StackNote const&) const { return "stack-note"; }
    std::string_view operator()(ReturnNote const&) const { return "return-note"; }
    std::string_view operator()(AskAccount const&) const { return "ask-account"; }
    std::string_view operator()(PrintReceipt const&) const { return "print-receipt"; }
    std::string_view operator()(ClearPresenter const&) const { return "clear-presenter"; }
};

} // namespace

std::string_view name_of(Phase const& phase) {
    return std::visit(PhaseName{}, phase);
}

std::string_view name_of(Event const& event) {
    return std::visit(EventName{}, event);
}

std::string_view name_of(Effect const& effect) {
    return std::visit(EffectName{}, effect);
}

std::string_view name_of(Fault fault) {
    switch (fault) {
    case Fault::EventOutOfPlace: return "event-out-of-place";
    case Fault::ActionNotOffered: return "action-not-offered";
    }
    return "unknown";
}

std::string_view name_of(Trouble trouble) {
    switch (trouble) {
    case Trouble::LineLost: return "line-lost";
    case Trouble::StackerFull: return "stacker-full";
    case Trouble::StackerRemoved: return "stacker-removed";
    case Trouble::Jammed: return "jammed";
    case Trouble::StackerJammed: return "stacker-jammed";
    case Trouble::Cheated: return "cheated";
    case Trouble::Failure: return "failure";
    }
    return "failure";
}

OpenSession const* open_session(Phase const& phase) {
    if (auto const* collecting = std::get_if<Collecting>(&phase))
        return &collecting->session;
    if (auto const* recovering = std::get_if<Recovering>(&phase))
        return &recovering->session;
    return nullptr;
}

} // namespace kiosk::payment
