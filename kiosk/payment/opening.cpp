#include "kiosk/payment/opening.hpp"

namespace kiosk::payment::table {

namespace {

bool is_same_bill(Bill const& left, Bill const& right) {
    return left.provider == right.provider && left.account == right.account;
}

/// A scanner reads a bill that stays under it again and again.
bool is_open_already(Phase const& phase, Bill const& bill) {
    if (auto const* looking = std::get_if<Looking>(&phase))
        return is_same_bill(looking->bill, bill);
    if (auto const* reviewing = std::get_if<Reviewing>(&phase))
        return is_same_bill(reviewing->bill, bill);
    return false;
}

Step review(Context const& context, Bill bill) {
    auto const due = protocol::commission::due_for(bill.tariff, bill.debt);
    if (!due) {
        // Somebody published a tariff that cannot be computed: nobody pays by it.
        Step step = refuse_scan(context, ScanProblem::UnknownPayee, bill.payee);
        step.effects.emplace_back(Journal{FaultSeen{
            "tariff-impossible",
            std::string{name_of(context.state.phase)},
            "provider " + std::to_string(bill.provider)}});
        return step;
    }
    return go(context, Reviewing{std::move(bill), due->fee, due->due, context.now.steady});
}

} // namespace

Step refuse_scan(Context const& context, ScanProblem problem, std::string payee) {
    return go(
        context,
        ScanRefused{problem, std::move(payee), context.now.steady + context.rules.refused_shown});
}

Step open_bill(Context const& context, Bill const& bill) {
    if (is_open_already(context.state.phase, bill))
        return stay(context);
    if (!context.state.link_up)
        return review_offline(context, bill);
    std::uint32_t const query = context.state.queries + 1;
    Step step =
        go(context,
           Looking{bill, query, context.now.steady + context.rules.answer},
           {AskAccount{query, bill.provider, bill.account}});
    step.state.queries = query;
    return step;
}

Step review_offline(Context const& context, Bill bill) {
    if (offline_is_used_up(context.state, context.now.wall))
        return refuse_scan(context, ScanProblem::OfflineLimit, bill.payee);
    bill.offline = true;
    return review(context, std::move(bill));
}

Step review_answer(Context const& context, Looking const& looking, AccountAnswered const& answer) {
    Bill bill = looking.bill;
    switch (answer.outcome) {
    case AccountOutcome::Unavailable: return review_offline(context, std::move(bill));
    case AccountOutcome::UnknownProvider:
        return refuse_scan(context, ScanProblem::UnknownPayee, bill.payee);
    // The provider's register does not have everybody. The payer holds the provider's own bill,
    // and a payment to an account unknown to us is the server's to sort out.
    case AccountOutcome::UnknownAccount: return review(context, std::move(bill));
    case AccountOutcome::Found: break;
    }
    auto const& account = answer.account;
    bill.source = DebtSource::Server;
    bill.debt = account.debt;
    bill.advance = account.advance;
    bill.debt_date = account.debt_date;
    bill.lines = account.lines;
    if (!account.payer_masked.empty())
        bill.payer_masked = account.payer_masked;
    if (!account.address_masked.empty())
        bill.address_masked = account.address_masked;
    if (!account.period.empty())
        bill.period = account.period;
    return review(context, std::move(bill));
}

Step start_collecting(Context const& context, Reviewing const& reviewing) {
    if (closed(context.state, context.now.wall))
        return go(context, Idle{}); // Home says why.
    OpenSession session;
    session.number = context.state.sessions + 1;
    session.bill = reviewing.bill;
    session.inserted = Money::zero(reviewing.due.currency());
    session.was_offline = !context.state.link_up;
    SessionOpened opened{session.number, session.bill};
    opened.bill.lines.clear(); // Only a screen shows them, and no screen outlives a restart.
    Step step =
        go(context,
           Collecting{
               std::move(session),
               reviewing.due,
               Notice::None,
               context.now.steady,
               context.now.steady},
           {Journal{std::move(opened)}});
    ++step.state.sessions;
    return step;
}

} // namespace kiosk::payment::table
