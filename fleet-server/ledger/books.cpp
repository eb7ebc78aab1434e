#include "fleet-server/ledger/books.hpp"

#include <algorithm>

#include "fleet-server/ledger/reference.hpp"

namespace fleet::ledger {

using store::Outcome;

namespace {

/// Accounts kept in memory from one commit to the next: payers' change makes many, used once.
constexpr std::size_t accounts_kept = 100'000;

std::int64_t series_key(std::int64_t kind, std::int64_t series) {
    constexpr unsigned series_bits = 32;
    return kind << series_bits | series;
}

} // namespace

Outcome<OpenAccount*> Books::account(store::Reading const& reading, std::string_view name) {
    std::string key{name};
    auto const known = accounts_.find(key);
    if (known != accounts_.end())
        return known->second.get();
    TRY(auto loaded, load_stored_account(reading, name));
    if (!loaded)
        return nullptr;
    auto const kept =
        accounts_.emplace(std::move(key), std::make_unique<OpenAccount>(std::move(*loaded)));
    return kept.first->second.get();
}

OpenAccount const* Books::find(std::string_view name) const {
    auto const known = accounts_.find(std::string{name});
    return known == accounts_.end() ? nullptr : known->second.get();
}

void Books::touch(OpenAccount& account) {
    if (account.touched_by == job_)
        return;
    account.touched_by = job_;
    touched_.push_back({&account, account.account.balance, account.account.is_closed});
    if (!account.is_dirty) {
        account.is_dirty = true;
        dirty_.push_back(&account);
    }
}

Outcome<Books::Last> Books::last(store::Reading const& reading) {
    if (is_loaded_)
        return last_;
    TRY(auto const row,
        (reading.one<Sequence, std::int64_t>(
            "SELECT id, at_us FROM ledger_entry ORDER BY id DESC LIMIT 1")));
    TRY(auto const stored, head(reading));
    last_ = Last{};
    last_.hash = stored.hash;
    if (row)
        std::tie(last_.sequence, last_.at_us) = *row;
    link_ = Link{last_.hash};
    last_before_ = last_;
    link_before_ = link_.size();
    is_loaded_ = true;
    return last_;
}

Outcome<std::optional<std::int64_t>> Books::find_kind(
    store::Reading const& reading, std::string_view name) {
    std::string key{name};
    auto const known = kinds_.find(key);
    if (known != kinds_.end())
        return std::optional{known->second};
    TRY(auto const id,
        reading.value<std::int64_t>("SELECT id FROM ledger_kind WHERE name = ?", {name}));
    if (id)
        kinds_.emplace(std::move(key), *id);
    return id;
}

Outcome<std::int64_t> Books::open_kind(store::Transaction& transaction, std::string_view name) {
    TRY(auto const known, find_kind(transaction, name));
    if (known)
        return *known;
    TRY(auto const id, transaction.insert("INSERT INTO ledger_kind (name) VALUES (?)", {name}));
    new_kinds_.emplace_back(name);
    kinds_.emplace(name, id);
    return id;
}

Outcome<std::int64_t> Books::greatest(
    store::Reading const& reading, std::int64_t kind, std::int64_t series) {
    auto const key = series_key(kind, series);
    auto const known = series_.find(key);
    if (known != series_.end())
        return known->second.last;
    TRY(auto const stored,
        reading.value<std::int64_t>(
            "SELECT last FROM ledger_series WHERE kind = ? AND series = ?", {kind, series}));
    auto const last = stored.value_or(0);
    series_.emplace(key, Series{kind, series, last});
    return last;
}

Outcome<void> Books::posted_number(
    store::Reading const& reading, std::int64_t kind, std::int64_t number) {
    std::int64_t const series = number / numbers_a_series;
    TRY(auto const last, greatest(reading, kind, series));
    if (number <= last)
        return {};
    auto const key = series_key(kind, series);
    Series& known = series_.at(key);
    old_series_.push_back({key, known.last, known.is_dirty});
    known.last = number;
    if (!known.is_dirty)
        dirty_series_.push_back(key);
    known.is_dirty = true;
    return {};
}

void Books::append(LinkEntry const& entry, std::vector<OpenAccount const*> const& accounts) {
    last_.sequence = entry.sequence;
    last_.at_us = entry.at_us;
    link_.add(entry);
    mentioned_.insert(mentioned_.end(), accounts.begin(), accounts.end());
}

Outcome<void> Books::write_accounts(store::Transaction& transaction) {
    for (OpenAccount* const open : dirty_) {
        Balance const& balance = open->account.balance;
        TRY_VOID(transaction.execute(
            "UPDATE ledger_account SET debits_pending = ?, credits_pending = ?, debits_posted = ?, "
            "credits_posted = ?, is_closed = ? WHERE id = ?",
            {balance.debits_pending,
             balance.credits_pending,
             balance.debits_posted,
             balance.credits_posted,
             open->account.is_closed,
             open->id}));
        open->is_dirty = false;
    }
    dirty_.clear();
    for (std::int64_t const key : dirty_series_) {
        Series& series = series_.at(key);
        TRY_VOID(transaction.execute(
            "INSERT INTO ledger_series (kind, series, last) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET last = excluded.last",
            {series.kind, series.series, series.last}));
        series.is_dirty = false;
    }
    dirty_series_.clear();
    return {};
}

Outcome<void> Books::write_link(store::Transaction& transaction) {
    auto const by_id = [](auto const* a, auto const* b) { return a->id < b->id; };
    std::sort(mentioned_.begin(), mentioned_.end(), by_id);
    mentioned_.erase(std::unique(mentioned_.begin(), mentioned_.end()), mentioned_.end());
    std::vector<LinkAccount> accounts;
    accounts.reserve(mentioned_.size());
    for (OpenAccount const* const open : mentioned_)
        accounts.push_back({open->id, open->account.name});
    last_.hash = link_.hash(accounts);
    TRY_VOID(transaction.execute(
        "INSERT INTO ledger_link (last, hash) VALUES (?, ?)",
        {last_.sequence, protocol::ByteView{last_.hash}}));
    link_ = Link{last_.hash};
    mentioned_.clear();
    return {};
}

Outcome<void> Books::write_all(store::Transaction& transaction) {
    TRY_VOID(write_accounts(transaction));
    if (is_loaded_ && !link_.is_empty())
        TRY_VOID(write_link(transaction));
    return {};
}

Outcome<void> Books::seal(store::Transaction& transaction) {
    if (!sealed_)
        sealed_ = Sealed{link_, mentioned_, dirty_, dirty_series_};
    return write_all(transaction);
}

void Books::job_begins() {
    ++job_;
    touched_.clear();
    opened_.clear();
    new_kinds_.clear();
    old_series_.clear();
    sealed_.reset();
    last_before_ = last_;
    link_before_ = link_.size();
    mentioned_before_ = mentioned_.size();
}

void Books::job_undone() {
    if (sealed_) {
        link_ = std::move(sealed_->link);
        mentioned_ = std::move(sealed_->mentioned);
        dirty_ = std::move(sealed_->accounts);
        for (OpenAccount* const account : dirty_)
            account->is_dirty = true;
        dirty_series_ = std::move(sealed_->series);
        for (std::int64_t const key : dirty_series_)
            series_.at(key).is_dirty = true;
        sealed_.reset();
    }
    last_ = last_before_;
    link_.truncate(link_before_);
    mentioned_.resize(mentioned_before_);
    for (OldAccount const& old : touched_) {
        old.account->account.balance = old.balance;
        old.account->account.is_closed = old.is_closed;
    }
    for (std::string const& name : opened_)
        if (auto const found = accounts_.find(name); found != accounts_.end()) {
            std::erase(dirty_, found->second.get());
            accounts_.erase(found);
        }
    for (std::string const& name : new_kinds_)
        kinds_.erase(name);
    for (auto old = old_series_.rbegin(); old != old_series_.rend(); ++old) {
        Series& series = series_.at(old->key);
        series.last = old->last;
        series.is_dirty = old->is_dirty;
        if (!old->is_dirty)
            std::erase(dirty_series_, old->key); // Or a row for nothing would be written.
    }
}

Outcome<void> Books::write_down(store::Transaction& transaction) {
    TRY_VOID(write_all(transaction));
    forget();
    return {};
}

void Books::forget() {
    if (accounts_.size() > accounts_kept)
        accounts_.clear();
    if (series_.size() > accounts_kept)
        series_.clear();
    touched_.clear();
    sealed_.reset();
}

} // namespace fleet::ledger
