#include "fleet-server/ledger/ledger.hpp"

#include <algorithm>

#include "fleet-server/ledger/books.hpp"
#include "fleet-server/ledger/entries.hpp"
#include "fleet-server/ledger/reference.hpp"

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
    OpenAccount* debit = nullptr; ///< Nullptr: not open.
    OpenAccount* credit = nullptr;
    Money amount = protocol::rub(0);
    TransferId hold = 0;
};

template <class T>
using Checked = Outcome<Result<T, PostError>>;

/// The legs of one entry, moved in memory one after the other; a refusal moves them all back.
class Draft {
public:
    Draft(store::Transaction& transaction, Books& books)
        : transaction_{transaction}, books_{books} {}
    Draft(Draft const&) = delete;
    Draft& operator=(Draft const&) = delete;
    ~Draft();

    [[nodiscard]] Outcome<std::optional<PostError>> add(Leg const& leg);
    /// All legs are good: what was moved stays.
    void keep() { moved_.clear(); }
    [[nodiscard]] std::vector<Movement> const& movements() const { return movements_; }

private:
    [[nodiscard]] Checked<Movement> movement_of(Leg const& leg);
    [[nodiscard]] Outcome<Movement> between(
        TransferKind kind, std::string const& debit, std::string const& credit, Money amount);
    [[nodiscard]] Checked<Movement> resolve(TransferId hold, TransferKind kind);
    [[nodiscard]] std::optional<PostError> apply(Movement const& movement);
    void remember(OpenAccount& account);

    store::Transaction& transaction_;
    Books& books_;
    std::vector<Movement> movements_;
    std::vector<std::pair<OpenAccount*, Balance>> moved_; ///< As they were, the last one last.
};

Draft::~Draft() {
    for (auto moved = moved_.rbegin(); moved != moved_.rend(); ++moved)
        moved->first->account.balance = moved->second;
}

void Draft::remember(OpenAccount& account) {
    moved_.emplace_back(&account, account.account.balance);
}

Outcome<Movement> Draft::between(
    TransferKind kind, std::string const& debit, std::string const& credit, Money amount) {
    Movement movement{kind, nullptr, nullptr, amount, 0};
    TRY(movement.debit, books_.account(transaction_, debit));
    TRY(movement.credit, books_.account(transaction_, credit));
    return movement;
}

Checked<Movement> Draft::resolve(TransferId hold, TransferKind kind) {
    bool const is_resolved_here = std::any_of(
        movements_.begin(), movements_.end(), [&](Movement const& m) { return m.hold == hold; });
    if (hold > 0 && is_resolved_here)
        return Result<Movement, PostError>{fail(PostError::HoldResolved)};
    TRY(auto const row,
        (transaction_.one<std::string, std::string, Money>(
            "SELECT d.name, c.name, h.amount FROM ledger_open_hold h "
            "JOIN ledger_account d ON d.id = h.debit JOIN ledger_account c ON c.id = h.credit "
            "WHERE h.id = ?",
            {hold})));
    if (row) {
        auto const& [debit, credit, amount] = *row;
        TRY(auto movement, between(kind, debit, credit, amount));
        movement.hold = hold;
        return Result<Movement, PostError>{movement};
    }
    // Was there ever such a promise?
    bool was_made = false;
    if (hold > 0)
        TRY_VOID(each_entry(
            transaction_,
            hold / legs_a_number - 1,
            hold / legs_a_number,
            [&](StoredEntry const& entry) -> Outcome<bool> {
                auto const leg = static_cast<std::size_t>(hold % legs_a_number);
                was_made = leg < entry.legs.size() && entry.legs[leg].kind == TransferKind::Hold;
                return false;
            }));
    return Result<Movement, PostError>{
        fail(was_made ? PostError::HoldResolved : PostError::HoldUnknown)};
}

Checked<Movement> Draft::movement_of(Leg const& leg) {
    if (auto const* const settle = std::get_if<SettleHold>(&leg))
        return resolve(settle->hold, TransferKind::Settle);
    if (auto const* const release = std::get_if<ReleaseHold>(&leg))
        return resolve(release->hold, TransferKind::Release);
    if (auto const* const post = std::get_if<Post>(&leg)) {
        TRY(auto movement, between(TransferKind::Post, post->debit, post->credit, post->amount));
        return Result<Movement, PostError>{movement};
    }
    auto const& hold = std::get<Hold>(leg);
    TRY(auto movement, between(TransferKind::Hold, hold.debit, hold.credit, hold.amount));
    return Result<Movement, PostError>{movement};
}

void shift(Money& counter, std::int64_t by) {
    counter = Money::from_minor(counter.minor() + by, counter.currency());
}

std::optional<PostError> Draft::apply(Movement const& movement) {
    OpenAccount& debit = *movement.debit;
    OpenAccount& credit = *movement.credit;
    std::int64_t const amount = movement.amount.minor();
    Balance& left = debit.account.balance;
    Balance& right = credit.account.balance;
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
    if (!is_within_limit(debit.account) || !is_within_limit(credit.account))
        return PostError::WouldGoNegative;
    return std::nullopt;
}

Outcome<std::optional<PostError>> Draft::add(Leg const& leg) {
    auto const refuse_amount = [](Money amount) {
        return amount.minor() <= 0 || amount.minor() > protocol::amount_minor_max;
    };
    TRY(auto const checked, movement_of(leg));
    if (!checked)
        return checked.error();
    Movement const& movement = *checked;
    if (refuse_amount(movement.amount))
        return PostError::AmountOutOfRange;
    // Of two accounts that are not there it is not said that they are one.
    auto const names_of = [&](auto const& named) { return named.debit == named.credit; };
    if (auto const* const post = std::get_if<Post>(&leg); post && names_of(*post))
        return PostError::SameAccount;
    if (auto const* const hold = std::get_if<Hold>(&leg); hold && names_of(*hold))
        return PostError::SameAccount;
    if (!movement.debit || !movement.credit)
        return PostError::UnknownAccount;
    if (movement.debit->account.is_closed || movement.credit->account.is_closed)
        return PostError::AccountClosed;
    auto const currency = protocol::code(movement.amount.currency());
    if (movement.debit->currency != currency || movement.credit->currency != currency)
        return PostError::CurrencyMixed;
    books_.touch(*movement.debit);
    books_.touch(*movement.credit);
    remember(*movement.debit);
    remember(*movement.credit);
    movements_.push_back(movement);
    return apply(movement);
}

/// Whether an entry of this kind and reference is in the books.
Outcome<bool> is_posted(store::Transaction& transaction, Books& books, Entry const& entry) {
    TRY(auto const kind, books.find_kind(transaction, entry.kind));
    if (!kind)
        return false;
    if (auto const number = number_of_digits(entry.reference)) {
        TRY(auto const greatest, books.greatest(transaction, *kind, *number / numbers_a_series));
        if (*number > greatest)
            return false;
    }
    TRY(auto const about, entries_about(transaction, entry.reference));
    return std::any_of(about.begin(), about.end(), [&](StoredEntry const& known) {
        return known.kind == entry.kind;
    });
}

std::optional<PostError> check_form(Entry const& entry) {
    auto const is_label = [](std::string const& text) {
        return !text.empty() && text.size() <= label_size_max;
    };
    if (entry.legs.empty())
        return PostError::NoLegs;
    if (entry.legs.size() > legs_max)
        return PostError::TooManyLegs;
    if (!is_label(entry.kind) || !is_label(entry.reference))
        return PostError::NameMalformed;
    return std::nullopt;
}

/// Holds that are made and resolved, beside the entry that does it.
Outcome<void> write_holds(
    store::Transaction& transaction, Sequence sequence, std::vector<Movement> const& movements) {
    for (std::size_t leg = 0; leg < movements.size(); ++leg) {
        Movement const& movement = movements[leg];
        if (movement.kind == TransferKind::Hold)
            TRY_VOID(transaction.execute(
                "INSERT INTO ledger_open_hold (id, debit, credit, amount) VALUES (?, ?, ?, ?)",
                {transfer_id(sequence, leg),
                 movement.debit->id,
                 movement.credit->id,
                 movement.amount}));
        if (movement.hold != 0)
            TRY_VOID(
                transaction.execute("DELETE FROM ledger_open_hold WHERE id = ?", {movement.hold}));
    }
    return {};
}

/// The row, the link of the chain and the index.
Outcome<Posted> write_entry(
    store::Transaction& transaction, Books& books, Entry const& entry,
    std::vector<Movement> const& movements, UtcTime now) {
    TRY(auto const kind, books.open_kind(transaction, entry.kind));
    TRY(auto const last, books.last(transaction));
    // Time never stands still between entries, whatever the clock does: it orders them too.
    std::int64_t const at_us =
        std::max(std::chrono::microseconds{now.time_since_epoch()}.count(), last.at_us + 1);
    Sequence const sequence = last.sequence + 1;
    std::vector<PackedLeg> packed;
    std::vector<OpenAccount const*> accounts;
    Posted posted{sequence, {}, {}};
    for (Movement const& m : movements) {
        posted.transfers.push_back(transfer_id(sequence, packed.size()));
        packed.push_back({m.kind, m.debit->id, m.credit->id, m.amount.minor(), m.hold});
        accounts.push_back(m.debit);
        accounts.push_back(m.credit);
    }
    auto const legs = pack_legs(packed);
    auto const number = number_of_digits(entry.reference);
    TRY_VOID(transaction.execute(
        "INSERT INTO ledger_entry (id, at_us, kind, number, reference, reverses, legs) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        {sequence,
         at_us,
         kind,
         number,
         number ? store::Value{std::nullopt} : store::Value{entry.reference},
         entry.reverses,
         legs}));
    TRY_VOID(write_holds(transaction, sequence, movements));
    if (number)
        TRY_VOID(books.posted_number(transaction, kind, *number));
    LinkEntry const link{
        sequence, at_us, entry.kind, entry.reference, entry.reverses.value_or(0), legs};
    books.append(link, accounts);
    auto const position = static_cast<std::uint64_t>(sequence);
    log_index::mention(transaction, key_of_reference(entry.reference), position);
    for (OpenAccount const* const account : accounts)
        log_index::mention(transaction, key_of_account(account->id), position);
    posted.at = StoredEntry{sequence, at_us, {}, {}, 0, {}}.at();
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
    if (auto const wrong = check_form(entry))
        return Answer{fail(PostRefusal{*wrong, 0})};
    auto& books = transaction.companion<Books>();
    TRY(bool const is_known, is_posted(transaction, books, entry));
    if (is_known)
        return Answer{fail(PostRefusal{PostError::AlreadyPosted, 0})};
    TRY(auto const last, books.last(transaction));
    if (entry.reverses && (*entry.reverses < 1 || *entry.reverses > last.sequence))
        return Answer{fail(PostRefusal{PostError::ReversesUnknown, 0})};
    // Nothing is written until every leg is good: a refusal needs no undoing in the database.
    Draft draft{transaction, books};
    for (std::size_t leg = 0; leg < entry.legs.size(); ++leg) {
        TRY(auto const refused, draft.add(entry.legs[leg]));
        if (refused)
            return Answer{fail(PostRefusal{*refused, leg})};
    }
    TRY(auto posted, write_entry(transaction, books, entry, draft.movements(), now));
    draft.keep();
    return Answer{std::move(posted)};
}

Outcome<std::vector<TransferId>> transfers_of(
    store::Reading const& reading, std::string_view kind, std::string_view reference) {
    std::vector<TransferId> transfers;
    TRY(auto const entries, entries_about(reading, reference));
    for (StoredEntry const& entry : entries)
        for (std::size_t leg = 0; entry.kind == kind && leg < entry.legs.size(); ++leg)
            transfers.push_back(transfer_id(entry.sequence, leg));
    return transfers;
}

Outcome<Head> head(store::Reading const& reading) {
    Head last;
    TRY(auto const entry,
        (reading.one<Sequence, std::int64_t>(
            "SELECT id, at_us FROM ledger_entry ORDER BY id DESC LIMIT 1")));
    if (entry) {
        last.sequence = std::get<0>(*entry);
        last.at = StoredEntry{0, std::get<1>(*entry), {}, {}, 0, {}}.at();
    }
    TRY(last.hash, hash_at(reading, last.sequence));
    return last;
}

Outcome<Hash> hash_at(store::Reading const& reading, Sequence sequence) {
    TRY(auto const bytes,
        reading.value<protocol::Bytes>(
            "SELECT hash FROM ledger_link WHERE last <= ? ORDER BY last DESC LIMIT 1", {sequence}));
    Hash hash{};
    if (!bytes)
        return hash;
    if (bytes->size() != hash.size())
        return fail(store::StoreError{store::StoreError::Kind::Shape, "a hash is not 32 bytes"});
    std::copy(bytes->begin(), bytes->end(), hash.begin());
    return hash;
}

Outcome<void> seal(store::Transaction& transaction) {
    return transaction.companion<Books>().seal(transaction);
}

} // namespace fleet::ledger
