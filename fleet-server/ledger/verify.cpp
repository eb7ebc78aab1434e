#include "fleet-server/ledger/verify.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "fleet-server/ledger/accounts.hpp"
#include "fleet-server/ledger/chain.hpp"
#include "fleet-server/ledger/legs.hpp"
#include "fleet-server/ledger/reference.hpp"
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

/// An entry as it lies in its row.
struct EntryRow {
    Sequence sequence = 0;
    std::int64_t at_us = 0;
    std::int64_t kind = 0;
    std::string reference;
    Sequence reverses = 0;
    Bytes bytes;
    std::vector<PackedLeg> legs;
    bool is_readable = true;
};

/// The books lived through once more, from nothing.
class Replay {
public:
    Replay(
        std::vector<OpenAccount> const& accounts,
        std::unordered_map<std::int64_t, std::string> const& kinds)
        : kinds_{kinds} {
        for (OpenAccount const& open : accounts)
            rebuilt_.emplace(
                open.id, Account{open.account.name, open.account.rule, false, Balance{}});
    }

    void take(EntryRow const& row);
    /// The entries since the last link are one: this is its hash in the books.
    void end_link(Sequence last, Bytes const& stored);
    void compare(std::vector<OpenAccount> const& accounts);
    void compare(std::vector<Expectation> const& expectations);
    void compare_holds(
        std::int64_t id, std::int64_t debit, std::int64_t credit, std::int64_t amount);
    void compare_series(std::int64_t kind, std::int64_t series, std::int64_t last);
    void end_derived();
    /// Whether every entry so far is in a link.
    [[nodiscard]] bool is_linked() const { return link_.is_empty(); }
    void miss_link(Sequence last) {
        differ("link up to " + entry_place(last), "a link of the chain", "none");
    }
    [[nodiscard]] bool is_over() const { return verification_.difference.has_value(); }
    [[nodiscard]] Verification result(std::int64_t accounts) && {
        verification_.accounts = accounts;
        return std::move(verification_);
    }

private:
    struct OpenHold {
        std::int64_t debit = 0;
        std::int64_t credit = 0;
        std::int64_t amount = 0;
    };

    void differ(std::string place, std::string expected, std::string found) {
        if (!verification_.difference) // The first one explains the others.
            verification_.difference =
                Difference{std::move(place), std::move(expected), std::move(found)};
    }
    void take(PackedLeg const& leg, TransferId id, Sequence sequence);
    [[nodiscard]] bool is_repeated(EntryRow const& row);
    void shift(Account& account, Money Balance::*counter, std::int64_t by);
    [[nodiscard]] bool resolve(
        PackedLeg const& leg, Account& debit, Account& credit, std::string const& place);

    std::unordered_map<std::int64_t, std::string> const& kinds_;
    std::unordered_map<std::int64_t, Account> rebuilt_;
    std::unordered_map<TransferId, OpenHold> open_holds_;
    /// Numbers posted of a kind and first nine digits: a bit each, as they are dense.
    struct Numbers {
        std::int64_t last = 0;
        std::vector<bool> seen;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Numbers> series_;
    std::set<std::pair<std::int64_t, std::string>> texts_;
    Link link_{Hash{}};
    std::vector<std::int64_t> mentioned_;
    std::int64_t last_at_us_ = 0;
    Verification verification_;
};

void Replay::shift(Account& account, Money Balance::*counter, std::int64_t by) {
    Money& money = account.balance.*counter;
    std::int64_t sum = 0;
    if (__builtin_add_overflow(money.minor(), by, &sum) || sum < 0)
        differ("account " + account.name, "counters that fit", "a counter that does not");
    else
        money = protocol::rub(sum);
}

bool Replay::resolve(
    PackedLeg const& leg, Account& debit, Account& credit, std::string const& place) {
    auto const hold = open_holds_.find(leg.hold);
    std::string const name = "hold " + std::to_string(leg.hold);
    if (hold == open_holds_.end()) {
        differ(place, name + " open until now (I15)", "it is unknown or resolved already");
        return false;
    }
    OpenHold const was = hold->second;
    bool const is_same =
        was.debit == leg.debit && was.credit == leg.credit && was.amount == leg.amount;
    if (!is_same)
        differ(place, "accounts and amount of " + name, "others");
    shift(debit, &Balance::debits_pending, -was.amount);
    shift(credit, &Balance::credits_pending, -was.amount);
    open_holds_.erase(hold);
    return is_same;
}

void Replay::take(PackedLeg const& leg, TransferId id, Sequence sequence) {
    ++verification_.transfers;
    auto const place = [&] { return entry_place(sequence) + ", transfer " + std::to_string(id); };
    if (leg.amount <= 0 || leg.amount > protocol::amount_minor_max)
        differ(place(), "an amount above 0 and in range (I5)", std::to_string(leg.amount));
    auto const debit = rebuilt_.find(leg.debit);
    auto const credit = rebuilt_.find(leg.credit);
    if (debit == rebuilt_.end() || credit == rebuilt_.end() || debit == credit)
        return differ(place(), "two accounts of the books", "an account that is not there");
    Account& from = debit->second;
    Account& to = credit->second;
    mentioned_.push_back(leg.debit);
    mentioned_.push_back(leg.credit);
    switch (leg.kind) {
    case TransferKind::Hold:
        shift(from, &Balance::debits_pending, leg.amount);
        shift(to, &Balance::credits_pending, leg.amount);
        open_holds_[id] = {leg.debit, leg.credit, leg.amount};
        break;
    case TransferKind::Release: (void)resolve(leg, from, to, place()); break;
    case TransferKind::Settle:
        if (!resolve(leg, from, to, place()))
            break;
        [[fallthrough]];
    case TransferKind::Post:
        shift(from, &Balance::debits_posted, leg.amount);
        shift(to, &Balance::credits_posted, leg.amount);
        break;
    }
    for (Account const* const account : {&from, &to})
        if (!is_within_limit(*account))
            differ(place(), account->name + " not below nothing (I7)", in_words(account->balance));
}

bool Replay::is_repeated(EntryRow const& row) {
    auto const number = number_of_digits(row.reference);
    if (!number)
        return !texts_.emplace(row.kind, row.reference).second;
    Numbers& numbers = series_[{row.kind, *number / numbers_a_series}];
    numbers.last = std::max(numbers.last, *number);
    auto const place = static_cast<std::size_t>(*number % numbers_a_series);
    if (place >= numbers.seen.size())
        numbers.seen.resize(place + 1);
    bool const was_seen = numbers.seen[place];
    numbers.seen[place] = true;
    return was_seen;
}

void Replay::take(EntryRow const& row) {
    if (verification_.difference)
        return;
    if (row.sequence != ++verification_.entries)
        differ(entry_place(row.sequence), entry_place(verification_.entries), "a gap");
    if (verification_.entries > 1 && row.at_us <= last_at_us_)
        differ(
            entry_place(row.sequence),
            "a time after " + std::to_string(last_at_us_) + " µs (I22)",
            std::to_string(row.at_us));
    last_at_us_ = row.at_us;
    if (!row.is_readable || row.legs.empty())
        differ(entry_place(row.sequence), "legs that can be read", "none");
    std::size_t position = 0;
    for (PackedLeg const& leg : row.legs)
        take(leg, transfer_id(row.sequence, position++), row.sequence);
    auto const kind = kinds_.find(row.kind);
    if (kind == kinds_.end())
        return differ(
            entry_place(row.sequence), "a kind that has a name", std::to_string(row.kind));
    if (is_repeated(row))
        differ(entry_place(row.sequence), "an event posted once", row.reference + " again");
    link_.add({row.sequence, row.at_us, kind->second, row.reference, row.reverses, row.bytes});
}

void Replay::end_link(Sequence last, Bytes const& stored) {
    if (verification_.difference)
        return;
    std::sort(mentioned_.begin(), mentioned_.end());
    mentioned_.erase(std::unique(mentioned_.begin(), mentioned_.end()), mentioned_.end());
    std::vector<LinkAccount> accounts;
    for (std::int64_t const id : mentioned_)
        accounts.push_back({id, rebuilt_.at(id).name});
    verification_.head = link_.hash(accounts);
    if (!std::equal(
            stored.begin(), stored.end(), verification_.head.begin(), verification_.head.end()))
        differ("link up to " + entry_place(last), "hash " + hex(verification_.head), hex(stored));
    link_ = Link{verification_.head};
    mentioned_.clear();
}

void Replay::compare_holds(
    std::int64_t id, std::int64_t debit, std::int64_t credit, std::int64_t amount) {
    auto const hold = open_holds_.find(id);
    bool const is_same = hold != open_holds_.end() && hold->second.debit == debit &&
                         hold->second.credit == credit && hold->second.amount == amount;
    if (!is_same)
        differ("open hold " + std::to_string(id), "what its entry says", "another");
    else
        open_holds_.erase(hold);
}

void Replay::compare_series(std::int64_t kind, std::int64_t series, std::int64_t last) {
    auto const found = series_.find({kind, series});
    if (found == series_.end() || found->second.last != last)
        differ(
            "greatest number of series " + std::to_string(series),
            "that of its entries",
            std::to_string(last));
    else
        series_.erase(found);
}

void Replay::end_derived() {
    if (!open_holds_.empty())
        differ("open hold " + std::to_string(open_holds_.begin()->first), "a row for it", "none");
    if (!series_.empty())
        differ(
            "greatest number of series " + std::to_string(series_.begin()->first.second),
            "a row for it",
            "none");
}

void Replay::compare(std::vector<OpenAccount> const& accounts) {
    // 128 bits: the sum of all counters need not fit where each of them does.
    __extension__ using Sum = __int128;
    Sum posted = 0;
    Sum pending = 0;
    for (OpenAccount const& open : accounts) {
        Account const& account = open.account;
        std::string const place = "account " + account.name;
        auto const rule = rule_of(account.name);
        if (!rule || !(*rule == account.rule))
            differ(place, "kind and limit of the chart", "others");
        Balance const& rebuilt = rebuilt_.at(open.id).balance;
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
    std::map<std::string_view, Account const*> by_name;
    for (auto const& [id, account] : rebuilt_)
        by_name.emplace(account.name, &account);
    for (Expectation const& expectation : expectations) {
        auto const found = by_name.find(expectation.account);
        Money const shows =
            found == by_name.end() ? protocol::rub(0) : shown(*found->second, expectation.side);
        if (!(shows == expectation.amount))
            differ(
                "account " + expectation.account,
                protocol::to_decimal(expectation.amount) + " by " + expectation.source,
                protocol::to_decimal(shows));
    }
    for (auto const& [name, account] : by_name) {
        bool const is_watched = name.starts_with("cash.kiosk.") || name.starts_with("inflight.");
        bool const is_expected = std::any_of(
            expectations.begin(), expectations.end(), [&name = name](Expectation const& e) {
                return e.account == name;
            });
        if (is_watched && !is_expected &&
            (!net(*account).is_zero() || !account->balance.credits_pending.is_zero()))
            differ(
                "account " + account->name,
                "nothing: nobody tells of it",
                in_words(account->balance));
    }
}

/// Rows in order, with the links of the chain where they end.
Outcome<void> each_entry(store::Reading const& reading, Replay& replay) {
    EntryRow row;
    Sequence link_end = 0;
    Bytes link_hash;
    auto const next_link = [&]() -> Outcome<void> {
        TRY(auto link,
            (reading.one<Sequence, Bytes>(
                "SELECT last, hash FROM ledger_link WHERE last > ? ORDER BY last LIMIT 1",
                {link_end})));
        link_end = link ? std::get<0>(*link) : std::numeric_limits<Sequence>::max();
        link_hash = link ? std::get<1>(*std::move(link)) : Bytes{};
        return {};
    };
    TRY_VOID(next_link());
    TRY_VOID((reading.each<
              Sequence,
              std::int64_t,
              std::int64_t,
              std::optional<std::int64_t>,
              std::optional<std::string>,
              std::optional<Sequence>,
              Bytes>(
        "SELECT id, at_us, kind, number, reference, reverses, legs FROM ledger_entry ORDER BY id",
        {},
        [&](Sequence sequence,
            std::int64_t at_us,
            std::int64_t kind,
            std::optional<std::int64_t>
                number,
            std::optional<std::string>
                reference,
            std::optional<Sequence>
                reverses,
            Bytes bytes) -> Outcome<void> {
            if (replay.is_over())
                return {};
            row.sequence = sequence;
            row.at_us = at_us;
            row.kind = kind;
            row.reference = number ? digits_of_number(*number) : reference.value_or("");
            row.reverses = reverses.value_or(0);
            row.bytes = std::move(bytes);
            row.legs.clear();
            row.is_readable = unpack_legs(row.bytes, row.legs);
            replay.take(row);
            while (sequence >= link_end) {
                replay.end_link(link_end, link_hash);
                TRY_VOID(next_link());
            }
            return {};
        })));
    if (row.sequence != 0 && !replay.is_over() && !replay.is_linked())
        replay.miss_link(row.sequence);
    return {};
}

Outcome<void> compare_derived(store::Reading const& reading, Replay& replay) {
    if (replay.is_over())
        return {};
    TRY_VOID((reading.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
        "SELECT id, debit, credit, amount FROM ledger_open_hold ORDER BY id",
        {},
        [&](std::int64_t id, std::int64_t debit, std::int64_t credit, std::int64_t amount) {
            replay.compare_holds(id, debit, credit, amount);
        })));
    TRY_VOID((reading.each<std::int64_t, std::int64_t, std::int64_t>(
        "SELECT kind, series, last FROM ledger_series ORDER BY kind, series",
        {},
        [&](std::int64_t kind, std::int64_t series, std::int64_t last) {
            replay.compare_series(kind, series, last);
        })));
    replay.end_derived();
    return {};
}

} // namespace

std::string to_string(Difference const& difference) {
    return difference.place + ": expected " + difference.expected + ", found " + difference.found;
}

Outcome<Verification> verify(
    store::Reading const& reading, std::vector<Expectation> const& expectations) {
    TRY(auto const accounts, load_stored_accounts(reading));
    std::unordered_map<std::int64_t, std::string> kinds;
    TRY_VOID((reading.each<std::int64_t, std::string>(
        "SELECT id, name FROM ledger_kind", {}, [&](std::int64_t id, std::string name) {
            kinds.emplace(id, std::move(name));
        })));
    Replay replay{accounts, kinds};
    TRY_VOID(each_entry(reading, replay));
    replay.compare(accounts);
    TRY_VOID(compare_derived(reading, replay));
    replay.compare(expectations);
    return std::move(replay).result(static_cast<std::int64_t>(accounts.size()));
}

} // namespace fleet::ledger
