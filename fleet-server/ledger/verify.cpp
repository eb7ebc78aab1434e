#include "fleet-server/ledger/verify.hpp"

#include <algorithm>
#include <map>

#include "fleet-server/ledger/accounts.hpp"
#include "fleet-server/ledger/chain.hpp"
#include "fleet-server/store/sha256.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::ledger {

using protocol::Bytes;
using store::hex;
using store::Outcome;

namespace {

std::string in_words(Balance const& b) {
    return "pending " + protocol::to_decimal(b.debits_pending) + "/" +
           protocol::to_decimal(b.credits_pending) + ", posted " +
           protocol::to_decimal(b.debits_posted) + "/" + protocol::to_decimal(b.credits_posted);
}

std::string entry_place(Sequence sequence) {
    return "entry " + std::to_string(sequence);
}

struct EntryRow {
    ChainEntry entry;
    Bytes hash;
};

/// The books lived through once more, from nothing.
class Replay {
public:
    explicit Replay(std::vector<Account> const& accounts) {
        for (Account const& account : accounts)
            rebuilt_.emplace(account.name, Account{account.name, account.rule, false, {}});
    }

    void take(EntryRow const& row);
    void compare(std::vector<Account> const& accounts);
    void compare(std::vector<Expectation> const& expectations);
    [[nodiscard]] Verification result(std::int64_t accounts) && {
        verification_.accounts = accounts;
        return std::move(verification_);
    }

private:
    struct OpenHold {
        std::string debit;
        std::string credit;
        std::int64_t amount = 0;
    };

    void differ(std::string place, std::string expected, std::string found) {
        if (!verification_.difference) // The first one explains the others.
            verification_.difference =
                Difference{std::move(place), std::move(expected), std::move(found)};
    }
    void take(ChainTransfer const& transfer, Sequence sequence);
    void shift(std::string const& account, Money Balance::*counter, std::int64_t by);
    [[nodiscard]] bool resolve(ChainTransfer const& transfer, std::string const& place);

    std::map<std::string, Account, std::less<>> rebuilt_;
    std::map<TransferId, OpenHold> open_holds_;
    UtcTime last_at_;
    Verification verification_;
};

void Replay::shift(std::string const& account, Money Balance::*counter, std::int64_t by) {
    Money& money = rebuilt_.at(account).balance.*counter;
    std::int64_t sum = 0;
    if (__builtin_add_overflow(money.minor(), by, &sum) || sum < 0)
        differ("account " + account, "counters that fit", "a counter that does not");
    else
        money = protocol::rub(sum);
}

bool Replay::resolve(ChainTransfer const& transfer, std::string const& place) {
    auto const hold = open_holds_.find(transfer.hold);
    std::string const name = "hold " + std::to_string(transfer.hold);
    if (hold == open_holds_.end()) {
        differ(place, name + " open until now (I15)", "it is unknown or resolved already");
        return false;
    }
    bool const is_same = hold->second.debit == transfer.debit &&
                         hold->second.credit == transfer.credit &&
                         hold->second.amount == transfer.amount;
    if (!is_same)
        differ(place, "accounts and amount of " + name, "others");
    shift(transfer.debit, &Balance::debits_pending, -hold->second.amount);
    shift(transfer.credit, &Balance::credits_pending, -hold->second.amount);
    open_holds_.erase(hold);
    return is_same;
}

void Replay::take(ChainTransfer const& transfer, Sequence sequence) {
    std::string const place = entry_place(sequence) + ", transfer " + std::to_string(transfer.id);
    if (transfer.id != ++verification_.transfers)
        differ(place, "transfer " + std::to_string(verification_.transfers), "a gap");
    if (transfer.amount <= 0 || transfer.amount > protocol::amount_minor_max)
        differ(place, "an amount above 0 and in range (I5)", std::to_string(transfer.amount));
    if (!rebuilt_.contains(transfer.debit) || !rebuilt_.contains(transfer.credit))
        return differ(place, "accounts of the books", "an account that is not there");
    switch (transfer.kind) {
    case TransferKind::Hold:
        shift(transfer.debit, &Balance::debits_pending, transfer.amount);
        shift(transfer.credit, &Balance::credits_pending, transfer.amount);
        open_holds_[transfer.id] = {transfer.debit, transfer.credit, transfer.amount};
        break;
    case TransferKind::Release: (void)resolve(transfer, place); break;
    case TransferKind::Settle:
        if (!resolve(transfer, place))
            break;
        [[fallthrough]];
    case TransferKind::Post:
        shift(transfer.debit, &Balance::debits_posted, transfer.amount);
        shift(transfer.credit, &Balance::credits_posted, transfer.amount);
        break;
    }
    for (std::string const& account : {transfer.debit, transfer.credit})
        if (!is_within_limit(rebuilt_.at(account)))
            differ(
                place, account + " not below nothing (I7)", in_words(rebuilt_.at(account).balance));
}

void Replay::take(EntryRow const& row) {
    ChainEntry const& entry = row.entry;
    if (verification_.difference)
        return;
    if (entry.sequence != ++verification_.entries)
        differ(entry_place(entry.sequence), entry_place(verification_.entries), "a gap");
    if (verification_.entries > 1 && entry.at <= last_at_)
        differ(
            entry_place(entry.sequence),
            "a time after " + std::to_string(to_ms(last_at_)) + " (I22)",
            std::to_string(to_ms(entry.at)));
    last_at_ = entry.at;
    if (entry.transfers.empty())
        differ(entry_place(entry.sequence), "transfers", "none");
    for (ChainTransfer const& transfer : entry.transfers)
        take(transfer, entry.sequence);
    verification_.head = chain_next(verification_.head, entry);
    if (!std::equal(
            row.hash.begin(), row.hash.end(), verification_.head.begin(), verification_.head.end()))
        differ(entry_place(entry.sequence), "hash " + hex(verification_.head), hex(row.hash));
}

void Replay::compare(std::vector<Account> const& accounts) {
    // 128 bits: the sum of all counters need not fit where each of them does.
    __extension__ using Sum = __int128;
    Sum posted = 0;
    Sum pending = 0;
    for (Account const& account : accounts) {
        std::string const place = "account " + account.name;
        auto const rule = rule_of(account.name);
        if (!rule || !(*rule == account.rule))
            differ(place, "kind and limit of the chart", "others");
        Balance const& rebuilt = rebuilt_.at(account.name).balance;
        if (!(rebuilt == account.balance))
            differ(place, in_words(rebuilt) + " (I8)", in_words(account.balance));
        posted += account.balance.debits_posted.minor();
        posted -= account.balance.credits_posted.minor();
        pending += account.balance.debits_pending.minor();
        pending -= account.balance.credits_pending.minor();
    }
    if (posted != 0)
        differ("all accounts", "debits posted = credits posted (I1)", "a difference");
    if (pending != 0)
        differ("all accounts", "debits pending = credits pending (I1)", "a difference");
}

void Replay::compare(std::vector<Expectation> const& expectations) {
    if (expectations.empty())
        return;
    auto const shown = [](Account const& account, Expectation::Side side) {
        switch (side) {
        case Expectation::Side::PostedNet: return net(account);
        case Expectation::Side::PendingCredit: return account.balance.credits_pending;
        }
        return protocol::rub(0);
    };
    for (Expectation const& expectation : expectations) {
        auto const found = rebuilt_.find(expectation.account);
        Money const shows =
            found == rebuilt_.end() ? protocol::rub(0) : shown(found->second, expectation.side);
        if (!(shows == expectation.amount))
            differ(
                "account " + expectation.account,
                protocol::to_decimal(expectation.amount) + " by " + expectation.source,
                protocol::to_decimal(shows));
    }
    for (auto const& [name, account] : rebuilt_) {
        bool const is_watched = name.starts_with("cash.kiosk.") || name.starts_with("inflight.");
        bool const is_expected = std::any_of(
            expectations.begin(), expectations.end(), [&name = name](Expectation const& e) {
                return e.account == name;
            });
        if (is_watched && !is_expected &&
            (!net(account).is_zero() || !account.balance.credits_pending.is_zero()))
            differ("account " + name, "nothing: nobody tells of it", in_words(account.balance));
    }
}

/// Entries with their transfers, in order.
Outcome<void> each_entry(
    store::Reading const& reading, std::function<void(EntryRow const&)> const& visit) {
    EntryRow row;
    TRY_VOID((reading.each<
              Sequence,
              UtcTime,
              std::string,
              std::string,
              std::optional<Sequence>,
              Bytes,
              std::optional<TransferId>,
              std::optional<std::uint8_t>,
              std::optional<std::string>,
              std::optional<std::string>,
              std::optional<std::int64_t>,
              std::optional<TransferId>>(
        "SELECT e.id, e.at_ms, e.kind, e.reference, e.reverses, e.hash, t.id, t.kind, d.name, "
        "c.name, t.amount, t.hold FROM ledger_entry e "
        "LEFT JOIN ledger_transfer t ON t.entry = e.id "
        "LEFT JOIN ledger_account d ON d.id = t.debit "
        "LEFT JOIN ledger_account c ON c.id = t.credit ORDER BY e.id, t.id",
        {},
        [&](Sequence sequence,
            UtcTime at,
            std::string kind,
            std::string reference,
            std::optional<Sequence>
                reverses,
            Bytes hash,
            std::optional<TransferId>
                transfer,
            std::optional<std::uint8_t>
                transfer_kind,
            std::optional<std::string> const& debit,
            std::optional<std::string> const& credit,
            std::optional<std::int64_t>
                amount,
            std::optional<TransferId>
                hold) {
            if (row.entry.sequence != sequence) {
                if (row.entry.sequence != 0)
                    visit(row);
                row = EntryRow{
                    {sequence, at, std::move(kind), std::move(reference), reverses.value_or(0), {}},
                    std::move(hash)};
            }
            if (transfer)
                row.entry.transfers.push_back(
                    {*transfer,
                     static_cast<TransferKind>(transfer_kind.value_or(0)),
                     debit.value_or(""),
                     credit.value_or(""),
                     amount.value_or(0),
                     hold.value_or(0)});
        })));
    if (row.entry.sequence != 0)
        visit(row);
    return {};
}

} // namespace

std::string to_string(Difference const& difference) {
    return difference.place + ": expected " + difference.expected + ", found " + difference.found;
}

Outcome<Verification> verify(
    store::Reading const& reading, std::vector<Expectation> const& expectations) {
    TRY(auto const trial, trial_balance(reading));
    Replay replay{trial.accounts};
    TRY_VOID(each_entry(reading, [&](EntryRow const& row) { replay.take(row); }));
    replay.compare(trial.accounts);
    replay.compare(expectations);
    return std::move(replay).result(static_cast<std::int64_t>(trial.accounts.size()));
}

} // namespace fleet::ledger
