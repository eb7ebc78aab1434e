#include "kiosk/payment/limits.hpp"

#include <algorithm>
#include <compare>

namespace kiosk::payment {

namespace {

bool is_more(Money left, Money right) {
    auto const order = protocol::compare(left, right);
    return !order || std::is_gt(*order);
}

std::optional<Closed> closed_by_validator(State const& state) {
    switch (state.validator.health) {
    case Validator::Health::Starting: return Closed::ValidatorDown;
    case Validator::Health::Trouble: break;
    case Validator::Health::Well:
        // Until it has said what became of the last note, a new one could not be told from it.
        if (!std::holds_alternative<PathClear>(state.path))
            return Closed::ValidatorDown;
        return std::nullopt;
    }
    switch (state.validator.trouble) {
    case Trouble::StackerFull: return Closed::StackerFull;
    case Trouble::StackerRemoved: return Closed::StackerRemoved;
    case Trouble::LineLost:
    case Trouble::Jammed:
    case Trouble::StackerJammed:
    case Trouble::Cheated:
    case Trouble::Failure: break;
    }
    return Closed::ValidatorDown;
}

bool is_offline(OpenSession const& session, State const& state) {
    return session.bill.offline || !state.link_up;
}

/// No catalog, no offline money; the limits are the server's to set, and 0 means none.
bool fits_offline(Money cash, State const& state, WallTime now) {
    if (!state.offline_limits || offline_is_used_up(state, now))
        return false;
    auto const total = protocol::add(state.offline_use.total, cash);
    return total && !is_more(*total, state.offline_limits->total) &&
           !is_more(cash, state.offline_limits->per_payment);
}

} // namespace

bool offline_is_used_up(State const& state, WallTime now) {
    if (!state.offline_limits)
        return true;
    auto const& limits = *state.offline_limits;
    auto const& use = state.offline_use;
    if (use.count >= limits.count || use.total.minor() >= limits.total.minor())
        return true;
    return use.oldest && now - *use.oldest >= std::chrono::hours{limits.age_hours};
}

std::optional<Closed> closed(State const& state, WallTime now) {
    if (std::holds_alternative<Broken>(state.phase))
        return Closed::JournalFailed;
    if (state.server_refused)
        return Closed::NotEnrolled;
    if (!state.offline_limits)
        return Closed::NoCatalog;
    if (auto const reason = closed_by_validator(state))
        return reason;
    if (!state.printer_ready)
        return Closed::PrinterDown;
    if (!state.link_up && offline_is_used_up(state, now))
        return Closed::OfflineLimitReached;
    return std::nullopt;
}

bool takes_notes(State const& state) {
    return std::holds_alternative<Collecting>(state.phase) &&
           state.validator.health == Validator::Health::Well;
}

std::vector<Money> notes_accepted(State const& state, Rules const& rules) {
    std::vector<Money> both;
    std::copy_if(
        state.validator.bills.begin(),
        state.validator.bills.end(),
        std::back_inserter(both),
        [&](Money bill) {
            return rules.bills_accepted.empty() ||
                   std::find(rules.bills_accepted.begin(), rules.bills_accepted.end(), bill) !=
                       rules.bills_accepted.end();
        });
    std::sort(both.begin(), both.end(), [](Money left, Money right) {
        return left.minor() < right.minor();
    });
    return both;
}

Verdict judge(
    Money note, OpenSession const& session, State const& state, Rules const& rules, WallTime now) {
    auto const& taken = rules.bills_accepted;
    if (!note.is_positive() || note.currency() != session.inserted.currency())
        return Verdict::NotAccepted;
    if (!taken.empty() && std::find(taken.begin(), taken.end(), note) == taken.end())
        return Verdict::NotAccepted;
    auto const cash = protocol::add(session.inserted, note);
    if (!cash || cash->minor() > protocol::amount_minor_max)
        return Verdict::AboveLimit;
    if (session.bill.payment_max.is_positive() &&
        is_more(settle(session.bill, *cash).credited, session.bill.payment_max))
        return Verdict::AboveLimit;
    if (is_offline(session, state) && !fits_offline(*cash, state, now))
        return Verdict::AboveLimit;
    return Verdict::Fits;
}

bool may_finish(OpenSession const& session) {
    if (!session.inserted.is_positive())
        return false;
    auto const sums = settle(session.bill, session.inserted);
    return sums.credited.is_positive() && !is_more(session.bill.payment_min, sums.credited);
}

Money least_cash(Bill const& bill) {
    Money const least = bill.payment_min.is_positive()
                            ? bill.payment_min
                            : Money::from_minor(1, bill.payment_min.currency());
    auto const due = protocol::commission::due_for(bill.tariff, least);
    return due ? due->due : least;
}

std::optional<std::chrono::milliseconds> leaves_in(Time active_at, Time now, Rules const& rules) {
    if (now < active_at + rules.idle)
        return std::nullopt;
    auto const left = active_at + rules.idle + rules.question - now;
    return std::max(
        std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds::zero());
}

namespace {

struct Wake {
    State const& state;
    Rules const& rules;

    std::optional<Time> operator()(Idle const&) const { return std::nullopt; }
    std::optional<Time> operator()(Recording const&) const { return std::nullopt; }
    std::optional<Time> operator()(Broken const&) const { return std::nullopt; }
    std::optional<Time> operator()(Reviewing const& reviewing) const {
        return reviewing.active_at + rules.idle + rules.question;
    }
    std::optional<Time> operator()(Collecting const& collecting) const {
        if (note_is_moving(state))
            return collecting.moving_at + rules.note_settles;
        return collecting.active_at + rules.idle + rules.question;
    }
    template <class Waiting>
    std::optional<Time> operator()(Waiting const& phase) const {
        return phase.until;
    }
};

} // namespace

std::optional<Time> wakes_at(State const& state, Rules const& rules) {
    return std::visit(Wake{state, rules}, state.phase);
}

} // namespace kiosk::payment
