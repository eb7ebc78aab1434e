#include "kiosk/app/present.hpp"

#include <algorithm>
#include <string>

namespace kiosk::app {

namespace {

using payment::Money;
using namespace std::chrono_literals;

screens::Reason reason_of(payment::Closed closed) {
    switch (closed) {
    case payment::Closed::NotEnrolled: return screens::Reason::NotEnrolled;
    case payment::Closed::NoCatalog: return screens::Reason::NoCatalog;
    case payment::Closed::ValidatorDown: return screens::Reason::ValidatorDown;
    case payment::Closed::StackerFull: return screens::Reason::StackerFull;
    case payment::Closed::StackerRemoved: return screens::Reason::StackerRemoved;
    case payment::Closed::PrinterDown: return screens::Reason::PrinterDown;
    case payment::Closed::JournalFailed: return screens::Reason::JournalFailed;
    case payment::Closed::OfflineLimitReached: return screens::Reason::OfflineLimitReached;
    }
    return screens::Reason::JournalFailed;
}

screens::ScanProblem problem_of(payment::ScanProblem problem) {
    switch (problem) {
    case payment::ScanProblem::NotABill: return screens::ScanProblem::NotABill;
    case payment::ScanProblem::Damaged: return screens::ScanProblem::Damaged;
    case payment::ScanProblem::UnknownPayee: return screens::ScanProblem::UnknownPayee;
    case payment::ScanProblem::BadAccount: return screens::ScanProblem::BadAccount;
    case payment::ScanProblem::OfflineLimit: return screens::ScanProblem::OfflineLimit;
    }
    return screens::ScanProblem::NotABill;
}

screens::NoteNotice notice_of(payment::Notice notice) {
    switch (notice) {
    case payment::Notice::None: return screens::NoteNotice::None;
    case payment::Notice::Returned: return screens::NoteNotice::Returned;
    case payment::Notice::Rejected: return screens::NoteNotice::Rejected;
    case payment::Notice::AboveLimit: return screens::NoteNotice::AboveLimit;
    case payment::Notice::ValidatorTrouble: return screens::NoteNotice::ValidatorTrouble;
    }
    return screens::NoteNotice::None;
}

screens::ReceiptFate fate_of(payment::ReceiptFate fate) {
    switch (fate) {
    case payment::ReceiptFate::Printed: return screens::ReceiptFate::Printed;
    case payment::ReceiptFate::NotPrinted: return screens::ReceiptFate::NotPrinted;
    case payment::ReceiptFate::Unknown: return screens::ReceiptFate::Unknown;
    }
    return screens::ReceiptFate::Unknown;
}

screens::DebtSource source_of(payment::DebtSource source) {
    switch (source) {
    case payment::DebtSource::Server: return screens::DebtSource::Server;
    case payment::DebtSource::Bill: return screens::DebtSource::Bill;
    case payment::DebtSource::None: return screens::DebtSource::None;
    }
    return screens::DebtSource::None;
}

/// left - right, or zero when that is not positive or cannot be computed.
Money beyond(Money left, Money right) {
    auto const rest = protocol::subtract(left, right);
    return rest && rest->is_positive() ? *rest : Money::zero(left.currency());
}

std::chrono::seconds seconds_up(std::chrono::nanoseconds time) {
    return std::max(std::chrono::ceil<std::chrono::seconds>(time), 0s);
}

struct Presenter {
    payment::State const& state;
    payment::Now now;
    payment::Rules const& rules;
    std::uint32_t kiosk;

    [[nodiscard]] std::string payment_number(std::uint64_t sequence) const {
        return std::to_string(kiosk) + "-" + std::to_string(sequence);
    }
    [[nodiscard]] std::string session_number(std::uint64_t session) const {
        return session == 0 ? std::string{}
                            : std::to_string(kiosk) + "-S" + std::to_string(session);
    }

    [[nodiscard]] screens::BillFacts facts(payment::Bill const& bill) const {
        return {
            .payee = bill.payee,
            .payee_inn = bill.payee_inn,
            .payee_phone = bill.payee_phone,
            .account = bill.account_typed,
            .payer_masked = bill.payer_masked,
            .address_masked = bill.address_masked,
            .period = bill.period,
            .debt = bill.debt,
            .debt_date = bill.debt_date,
            .source = source_of(bill.source),
            .lines = bill.lines,
            .offline = bill.offline || !state.link_up};
    }

    screens::View operator()(payment::Idle const&) const {
        screens::HomeView home;
        if (auto const closed = payment::closed(state, now.wall))
            home.closed = reason_of(*closed);
        return home;
    }
    screens::View operator()(payment::ScanRefused const& refused) const {
        return screens::ScanRefusedView{problem_of(refused.problem), refused.payee};
    }
    screens::View operator()(payment::Looking const& looking) const {
        return screens::LookupView{looking.bill.payee, looking.bill.account_typed};
    }
    screens::View operator()(payment::Reviewing const& reviewing) const {
        screens::ReviewView view{facts(reviewing.bill), reviewing.fee, reviewing.due};
        if (auto const left = payment::leaves_in(reviewing.active_at, now.steady, rules))
            view.leaves_in = seconds_up(*left);
        return view;
    }
    screens::View operator()(payment::Collecting const& collecting) const {
        auto const& session = collecting.session;
        auto const sums = payment::settle(session.bill, session.inserted);
        screens::CollectView view;
        view.bill = facts(session.bill);
        view.due = collecting.due;
        view.inserted = session.inserted;
        view.remaining = beyond(collecting.due, session.inserted);
        view.fee = sums.fee;
        view.credited = sums.credited;
        view.advance = sums.advance;
        if (session.inserted.is_positive() && !payment::may_finish(session))
            view.least = payment::least_cash(session.bill);
        view.note_moving = payment::note_is_moving(state);
        view.notice = notice_of(collecting.notice);
        view.notes_accepted = payment::notes_accepted(state, rules);
        // While a note moves nobody is asked whether they are still there.
        if (auto const left = payment::leaves_in(collecting.active_at, now.steady, rules);
            left && !view.note_moving)
            view.leaves_in = seconds_up(*left);
        return view;
    }
    screens::View operator()(payment::Recovering const& recovering) const {
        auto const& session = recovering.session;
        return screens::RecoveringView{
            session.bill.payee, session.bill.account_typed, session.inserted};
    }
    // The record takes one disk write: the screen of the receipt stands for both.
    screens::View operator()(payment::Recording const&) const { return screens::PrintingView{}; }
    screens::View operator()(payment::Printing const& printing) const {
        return screens::PrintingView{payment_number(printing.sequence)};
    }
    screens::View operator()(payment::Done const& done) const {
        auto const& facts = done.facts;
        return screens::DoneView{
            .payment_number = payment_number(done.sequence),
            .payee = facts.bill.payee,
            .account = facts.bill.account_typed,
            .paid = facts.sums.cash,
            .fee = facts.sums.fee,
            .credited = facts.sums.credited,
            .debt_left = facts.sums.debt_left,
            .advance = facts.sums.advance_after,
            .offline = facts.offline,
            .receipt = fate_of(done.receipt)};
    }
    screens::View operator()(payment::Interrupted const& interrupted) const {
        return screens::TroubleView{
            screens::Reason::ValidatorDown, interrupted.value, session_number(interrupted.session)};
    }
    screens::View operator()(payment::Broken const& broken) const {
        if (broken.inserted.is_zero())
            return screens::HomeView{screens::Reason::JournalFailed};
        return screens::TroubleView{
            screens::Reason::JournalFailed,
            broken.inserted,
            broken.sequence != 0 ? payment_number(broken.sequence)
                                 : session_number(broken.session)};
    }
};

} // namespace

screens::View present(
    payment::State const& state, payment::Now now, payment::Rules const& rules,
    std::uint32_t kiosk) {
    return std::visit(Presenter{state, now, rules, kiosk}, state.phase);
}

std::optional<payment::Time> looks_different_at(
    payment::State const& state, payment::Now now, payment::Rules const& rules) {
    // A countdown shows whole seconds: it changes when the part of a second that is left is over.
    auto const next_second = [&](payment::Time active_at) {
        auto const asked_at = active_at + rules.idle;
        if (now.steady < asked_at)
            return asked_at;
        auto const left = asked_at + rules.question - now.steady;
        auto const part = left % 1s;
        return now.steady + (part == left.zero() ? payment::Time::duration{1s} : part);
    };
    if (auto const* collecting = std::get_if<payment::Collecting>(&state.phase)) {
        if (payment::note_is_moving(state))
            return std::nullopt;
        return next_second(collecting->active_at);
    }
    if (auto const* reviewing = std::get_if<payment::Reviewing>(&state.phase))
        return next_second(reviewing->active_at);
    return std::nullopt;
}

} // namespace kiosk::app
