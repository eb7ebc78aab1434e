#pragma once

#include <string>
#include <vector>

#include "kiosk/journal/journal.hpp"
#include "tests/kiosk/payment/scene.hpp"

/// Entries of every kind, and the usual payment.
namespace kiosk::journal::test {

// By name: payment has a Journal of its own, the effect.
using payment::add_note;
using payment::Bill;
using payment::CloseReason;
using payment::Entry;
using payment::FaultSeen;
using payment::Folded;
using payment::Intended;
using payment::IntentDropped;
using payment::IntentEnd;
using payment::Money;
using payment::Note;
using payment::NoteCounts;
using payment::NoteCredited;
using payment::NoteSettled;
using payment::OfflineUse;
using payment::PaymentFacts;
using payment::PaymentRecorded;
using payment::ReceiptBegun;
using payment::ReceiptEnded;
using payment::ReceiptFate;
using payment::SessionClosed;
using payment::SessionOpened;
using payment::StackIntended;
using payment::UnassignedNote;
using payment::WallTime;
using payment::test::note;
using payment::test::sample_bill;
using protocol::rub;

inline constexpr WallTime when{std::chrono::milliseconds{1'250'000'000'123}};
inline constexpr Identity ours{17, 1};

inline PaymentFacts sample_facts(std::uint64_t session, std::int64_t kopecks) {
    PaymentFacts facts;
    facts.session = session;
    facts.bill = sample_bill();
    facts.sums = settle(facts.bill, rub(kopecks));
    facts.notes = {{rub(kopecks), 1}};
    facts.at = when;
    facts.offline = true;
    return facts;
}

inline std::vector<Entry> one_of_each() {
    Bill bill = sample_bill();
    bill.tariff = {7, {12'345}, rub(100), rub(200), rub(30'000)};
    bill.payer_masked = "Гильман П. С.";
    bill.period = "2009-09";
    bill.debt_date = "2009-09-30";
    bill.offline = true;
    return {
        SessionOpened{1, bill},
        StackIntended{1, note(500)},
        NoteCredited{1, note(500)},
        NoteSettled{},
        StackIntended{1, note(2000)},
        IntentDropped{1, note(2000), IntentEnd::AtRest},
        PaymentRecorded{sample_facts(1, 50'000)},
        ReceiptBegun{1, true},
        ReceiptEnded{1, ReceiptFate::Unknown},
        UnassignedNote{note(100), 1, "told late"},
        SessionClosed{2, CloseReason::NoteUnsettled},
        FaultSeen{"event-out-of-place", "idle", "record-written"}};
}

} // namespace kiosk::journal::test
