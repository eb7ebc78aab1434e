#include "fleet-server/ledger/ledger.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "fleet-server/ledger/accounts.hpp"
#include "fleet-server/ledger/chain.hpp"

namespace fleet::ledger {

using protocol::fail;
using protocol::Result;
using store::Outcome;

namespace {

constexpr std::size_t label_size_max = 100;
/// Of one counter: sums of two still fit into 64 bits, and it is 400 000 times all the roubles.
constexpr std::int64_t counter_max = std::int64_t{1} << 62;

/// What one leg does to the books, once the hold that it names is known.
struct Movement {
    TransferKind kind = TransferKind::Post;
    std::string debit;
    std::string credit;
    Money amount = protocol::rub(0);
    TransferId hold = 0;
};

template <class T>
using Checked = Outcome<Result<T, PostError>>;

/// Everything that one post() has touched, written down only when all legs are good.
class Draft {
public:
    explicit Draft(store::Reading const& reading) : reading_{reading} {}

    [[nodiscard]] Checked<Movement> movement_of(Leg const& leg);
    [[nodiscard]] Outcome<std::optional<PostError>> apply(Movement const& movement);
    [[nodiscard]] std::map<std::string, OpenAccount> const& accounts() const { return accounts_; }

private:
    [[nodiscard]] Checked<Movement> resolve(TransferId hold, TransferKind kind);
    [[nodiscard]] Outcome<OpenAccount*> account(std::string const& name);

    store::Reading const& reading_;
    std::map<std::string, OpenAccount> accounts_;
    std::vector<TransferId> resolved_; ///< By earlier legs of this entry.
};

Checked<Movement> Draft::resolve(TransferId hold, TransferKind kind) {
    TRY(auto const row,
        (reading_.one<std::uint8_t, std::string, std::string, Money>(
            "SELECT t.kind, d.name, c.name, t.amount FROM ledger_transfer t "
            "JOIN ledger_account d ON d.id = t.debit JOIN ledger_account c ON c.id = t.credit "
            "WHERE t.id = ?",
            {hold})));
    if (!row || std::get<0>(*row) != static_cast<std::uint8_t>(TransferKind::Hold))
        return Result<Movement, PostError>{fail(PostError::HoldUnknown)};
    TRY(auto const resolver,
        reading_.value<std::int64_t>("SELECT id FROM ledger_transfer WHERE hold = ?", {hold}));
    bool const is_resolved_here =
        std::find(resolved_.begin(), resolved_.end(), hold) != resolved_.end();
    if (resolver || is_resolved_here)
        return Result<Movement, PostError>{fail(PostError::HoldResolved)};
    resolved_.push_back(hold);
    auto const& [hold_kind, debit, credit, amount] = *row;
    return Result<Movement, PostError>{Movement{kind, debit, credit, amount, hold}};
}

Checked<Movement> Draft::movement_of(Leg const& leg) {
    if (auto const* const settle = std::get_if<SettleHold>(&leg))
        return resolve(settle->hold, TransferKind::Settle);
    if (auto const* const release = std::get_if<ReleaseHold>(&leg))
        return resolve(release->hold, TransferKind::Release);
    if (auto const* const post = std::get_if<Post>(&leg))
        return Result<Movement, PostError>{
            Movement{TransferKind::Post, post->debit, post->credit, post->amount, 0}};
    auto const& hold = std::get<Hold>(leg);
    return Result<Movement, PostError>{
        Movement{TransferKind::Hold, hold.debit, hold.credit, hold.amount, 0}};
}

Outcome<OpenAccount*> Draft::account(std::string const& name) {
    if (auto const found = accounts_.find(name); found != accounts_.end())
        return &found->second;
    TRY(auto loaded, load_account(reading_, name));
    if (!loaded)
        return nullptr;
    return &accounts_.emplace(name, std::move(*loaded)).first->second;
}

void shift(Money& counter, std::int64_t by) {
    counter = Money::from_minor(counter.minor() + by, counter.currency());
}

Outcome<std::optional<PostError>> Draft::apply(Movement const& movement) {
    std::int64_t const amount = movement.amount.minor();
    if (amount <= 0 || amount > protocol::amount_minor_max)
        return PostError::AmountOutOfRange;
    if (movement.debit == movement.credit)
        return PostError::SameAccount;
    TRY(OpenAccount* const debit, account(movement.debit));
    TRY(OpenAccount* const credit, account(movement.credit));
    if (!debit || !credit)
        return PostError::UnknownAccount;
    if (debit->account.is_closed || credit->account.is_closed)
        return PostError::AccountClosed;
    auto const currency = protocol::code(movement.amount.currency());
    if (debit->currency != currency || credit->currency != currency)
        return PostError::CurrencyMixed;

    Balance& left = debit->account.balance;
    Balance& right = credit->account.balance;
    switch (movement.kind) {
    case TransferKind::Post:
        shift(left.debits_posted, amount);
        shift(right.credits_posted, amount);
        break;
    case TransferKind::Hold:
        shift(left.debits_pending, amount);
        shift(right.credits_pending, amount);
        break;
    case TransferKind::Settle:
        shift(left.debits_posted, amount);
        shift(right.credits_posted, amount);
        [[fallthrough]];
    case TransferKind::Release:
        shift(left.debits_pending, -amount);
        shift(right.credits_pending, -amount);
        break;
    }
    for (Money const counter :
         {left.debits_posted, left.debits_pending, right.credits_posted, right.credits_pending})
        if (counter.minor() > counter_max)
            return PostError::CounterOverflow;
    if (!is_within_limit(debit->account) || !is_within_limit(credit->account))
        return PostError::WouldGoNegative;
    return std::nullopt;
}

Outcome<std::optional<PostError>> check_entry(store::Reading const& reading, Entry const& entry) {
    auto const is_label = [](std::string const& text) {
        return !text.empty() && text.size() <= label_size_max;
    };
    if (entry.legs.empty())
        return PostError::NoLegs;
    if (entry.legs.size() > legs_max)
        return PostError::TooManyLegs;
    if (!is_label(entry.kind) || !is_label(entry.reference))
        return PostError::NameMalformed;
    TRY(auto const posted,
        reading.value<std::int64_t>(
            "SELECT id FROM ledger_entry WHERE reference = ? AND kind = ?",
            {entry.reference, entry.kind}));
    if (posted)
        return PostError::AlreadyPosted;
    if (entry.reverses) {
        TRY(auto const reversed,
            reading.value<std::int64_t>(
                "SELECT id FROM ledger_entry WHERE id = ?", {*entry.reverses}));
        if (!reversed)
            return PostError::ReversesUnknown;
    }
    return std::nullopt;
}

Outcome<void> write_accounts(store::Transaction& transaction, Draft const& draft) {
    for (auto const& [name, open] : draft.accounts()) {
        Balance const& balance = open.account.balance;
        TRY_VOID(transaction.execute(
            "UPDATE ledger_account SET debits_pending = ?, credits_pending = ?, debits_posted = ?, "
            "credits_posted = ? WHERE id = ?",
            {balance.debits_pending,
             balance.credits_pending,
             balance.debits_posted,
             balance.credits_posted,
             open.id}));
    }
    return {};
}

/// Transfers and the entry's link of the chain.
Outcome<Posted> write_entry(
    store::Transaction& transaction, Entry const& entry, std::vector<Movement> const& movements,
    Draft const& draft, UtcTime now) {
    TRY(Head const last, head(transaction));
    TRY(auto const last_transfer,
        transaction.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM ledger_transfer"));
    // Time never stands still between entries, whatever the clock does: it orders them too.
    UtcTime const at = std::max(now, last.at + std::chrono::milliseconds{1});
    Posted posted{last.sequence + 1, at, {}};
    ChainEntry link{
        posted.sequence, at, entry.kind, entry.reference, entry.reverses.value_or(0), {}};
    TransferId next = last_transfer.value_or(0);
    for (Movement const& movement : movements) {
        link.transfers.push_back(
            {++next,
             movement.kind,
             movement.debit,
             movement.credit,
             movement.amount.minor(),
             movement.hold});
        posted.transfers.push_back(next);
    }
    Hash const hash = chain_next(last.hash, link);
    TRY_VOID(transaction.execute(
        "INSERT INTO ledger_entry (id, at_ms, kind, reference, reverses, hash) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        {posted.sequence,
         at,
         entry.kind,
         entry.reference,
         entry.reverses,
         protocol::ByteView{hash}}));
    for (ChainTransfer const& transfer : link.transfers)
        TRY_VOID(transaction.execute(
            "INSERT INTO ledger_transfer (id, entry, kind, debit, credit, amount, hold) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            {transfer.id,
             posted.sequence,
             static_cast<int>(transfer.kind),
             draft.accounts().at(transfer.debit).id,
             draft.accounts().at(transfer.credit).id,
             transfer.amount,
             transfer.hold == 0 ? store::Value{std::nullopt} : store::Value{transfer.hold}}));
    return posted;
}

} // namespace

std::string_view name(PostError error) {
    switch (error) {
    case PostError::NoLegs: return "no legs";
    case PostError::TooManyLegs: return "too many legs";
    case PostError::NameMalformed: return "kind or reference malformed";
    case PostError::AlreadyPosted: return "already posted";
    case PostError::ReversesUnknown: return "reverses an unknown entry";
    case PostError::AmountOutOfRange: return "amount out of range";
    case PostError::SameAccount: return "debit and credit are one account";
    case PostError::UnknownAccount: return "unknown account";
    case PostError::AccountClosed: return "account closed";
    case PostError::CurrencyMixed: return "currencies mixed";
    case PostError::WouldGoNegative: return "account would go negative";
    case PostError::CounterOverflow: return "counter overflow";
    case PostError::HoldUnknown: return "unknown hold";
    case PostError::HoldResolved: return "hold resolved already";
    }
    return "unknown";
}

Outcome<Result<Posted, PostRefusal>> post(
    store::Transaction& transaction, Entry const& entry, UtcTime now) {
    using Answer = Result<Posted, PostRefusal>;
    TRY(auto const wrong, check_entry(transaction, entry));
    if (wrong)
        return Answer{fail(PostRefusal{*wrong, 0})};
    // Nothing is written until every leg is good: a refusal needs no undoing.
    Draft draft{transaction};
    std::vector<Movement> movements;
    for (std::size_t leg = 0; leg < entry.legs.size(); ++leg) {
        TRY(auto movement, draft.movement_of(entry.legs[leg]));
        if (!movement)
            return Answer{fail(PostRefusal{movement.error(), leg})};
        TRY(auto const refused, draft.apply(*movement));
        if (refused)
            return Answer{fail(PostRefusal{*refused, leg})};
        movements.push_back(std::move(*movement));
    }
    assert(movements.size() == entry.legs.size());
    TRY(auto posted, write_entry(transaction, entry, movements, draft, now));
    TRY_VOID(write_accounts(transaction, draft));
    return Answer{std::move(posted)};
}

Outcome<std::vector<TransferId>> transfers_of(
    store::Reading const& reading, std::string_view kind, std::string_view reference) {
    std::vector<TransferId> transfers;
    TRY_VOID(reading.each<TransferId>(
        "SELECT t.id FROM ledger_transfer t JOIN ledger_entry e ON e.id = t.entry "
        "WHERE e.reference = ? AND e.kind = ? ORDER BY t.id",
        {reference, kind},
        [&](TransferId id) { transfers.push_back(id); }));
    return transfers;
}

Outcome<Head> head(store::Reading const& reading) {
    TRY(auto const row,
        (reading.one<Sequence, UtcTime, protocol::Bytes>(
            "SELECT id, at_ms, hash FROM ledger_entry ORDER BY id DESC LIMIT 1")));
    if (!row)
        return Head{};
    auto const& [sequence, at, bytes] = *row;
    Head last{sequence, {}, at};
    if (bytes.size() != last.hash.size())
        return fail(store::StoreError{store::StoreError::Kind::Shape, "a hash is not 32 bytes"});
    std::copy(bytes.begin(), bytes.end(), last.hash.begin());
    return last;
}

} // namespace fleet::ledger
