#include "fleet-server/gateways/transition.hpp"

#include <utility>

#include "fleet-server/ledger/history.hpp"

namespace fleet::gateways {

namespace {

using protocol::fail;
using store::Outcome;
using store::StoreError;
using store::Transaction;

struct Books {
    Transaction& transaction;
    StoredDelivery const& stored;
    UtcTime now;

    [[nodiscard]] std::string payable() const {
        return ledger::payable_of(stored.delivery.provider);
    }
    [[nodiscard]] std::string withheld() const {
        return ledger::fee_internal_of(stored.delivery.provider);
    }
    [[nodiscard]] std::string inflight() const {
        return ledger::inflight_of(stored.delivery.provider);
    }
};

// A refusal of the books here is our bug: the job fails as a whole and nothing is sent.
Outcome<ledger::Sequence> post(
    Books const& books, std::string_view kind, std::vector<ledger::Leg> legs) {
    for (std::string const& account :
         {books.payable(), books.withheld(), books.inflight(), ledger::suspense()}) {
        TRY(bool const is_known, ledger::open_account(books.transaction, account));
        if (!is_known)
            return fail(StoreError{StoreError::Kind::Other, "no such account: " + account});
    }
    ledger::Entry const entry{
        .kind = std::string{kind},
        .reference = books.stored.delivery.txn_id,
        .reverses = std::nullopt,
        .legs = std::move(legs)};
    TRY(auto const posted, ledger::post(books.transaction, entry, books.now));
    if (!posted)
        return fail(StoreError{
            StoreError::Kind::Other,
            "the ledger refuses " + entry.kind + " of " + entry.reference + ": " +
                std::string{ledger::name(posted.error().error)}});
    return posted->sequence;
}

Outcome<ledger::TransferId> hold_of(Books const& books) {
    TRY(auto const transfers,
        ledger::transfers_of(
            books.transaction, ledger::entry::forward, books.stored.delivery.txn_id));
    if (transfers.size() != 1)
        return fail(StoreError{
            StoreError::Kind::Shape, "there is no hold of " + books.stored.delivery.txn_id});
    return transfers.front();
}

// What the provider was charged of this payment: it goes with the payment when that is refused.
Outcome<Money> withheld_of(Books const& books) {
    std::string const account = ledger::fee_internal_of(books.stored.delivery.provider);
    TRY(auto const legs, ledger::history_of(books.transaction, books.stored.delivery.txn_id));
    for (ledger::HistoryLeg const& leg : legs)
        if (leg.kind == ledger::entry::payment && leg.credit == account)
            return leg.amount;
    return protocol::rub(0);
}

// What the effects of one step ask of the ledger, as at most one entry.
struct LedgerWork {
    bool hold = false;
    bool release = false;
    bool suspend = false;
};

Outcome<ledger::Sequence> keep_books(Books const& books, LedgerWork work) {
    Money const payable = books.stored.payable;
    bool const is_payable = payable.is_positive();
    std::vector<ledger::Leg> legs;
    if (work.hold && is_payable)
        legs.emplace_back(ledger::Hold{books.payable(), books.inflight(), payable});
    if (work.release && is_payable) {
        TRY(ledger::TransferId const hold, hold_of(books));
        legs.emplace_back(ledger::ReleaseHold{hold});
    }
    if (work.suspend && is_payable)
        legs.emplace_back(ledger::Post{books.payable(), ledger::suspense(), payable});
    if (work.suspend) {
        TRY(Money const withheld, withheld_of(books));
        if (withheld.is_positive())
            legs.emplace_back(ledger::Post{books.withheld(), ledger::suspense(), withheld});
    }
    if (legs.empty())
        return ledger::Sequence{0};
    std::string_view const kind = work.suspend ? ledger::entry::refusal
                                  : work.hold  ? ledger::entry::forward
                                               : ledger::entry::confirmation;
    return post(books, kind, std::move(legs));
}

} // namespace

Outcome<std::optional<Transition>> carry_out(
    Transaction& transaction, std::string_view txn_id, DeliveryEvent const& event, Now now,
    DeliveryLimits const& limits, RefusalListener const& on_refused) {
    TRY(auto stored, find_delivery(transaction, txn_id));
    if (!stored)
        return fail(StoreError{
            StoreError::Kind::Shape, "there is no outbox row of " + std::string{txn_id}});
    auto step = advance(stored->delivery, event, now, limits);
    if (!step)
        return std::optional<Transition>{};

    Transition transition{std::move(step->delivery), std::nullopt, std::nullopt};
    LedgerWork work;
    for (DeliveryEffect& effect : step->effects) {
        if (auto* check = std::get_if<AskCheck>(&effect))
            transition.check = std::move(*check);
        else if (auto* pay = std::get_if<SendPay>(&effect))
            transition.pay = std::move(*pay);
        else if (auto* told = std::get_if<Tell>(&effect))
            TRY_VOID(tell(transaction, stored->id, told->what, now.at));
        work.hold |= std::holds_alternative<Hold>(effect);
        work.release |= std::holds_alternative<VoidHold>(effect);
        work.suspend |= std::holds_alternative<MoveToSuspense>(effect);
    }
    stored->delivery = transition.delivery;
    TRY_VOID(save(transaction, *stored));
    TRY(ledger::Sequence const sequence, keep_books(Books{transaction, *stored, now.at}, work));
    if (work.suspend && on_refused)
        TRY_VOID(on_refused(transaction, transition.delivery, sequence, now.at));
    return std::optional{std::move(transition)};
}

} // namespace fleet::gateways
