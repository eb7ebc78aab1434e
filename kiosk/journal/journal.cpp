#include "kiosk/journal/journal.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "kiosk/journal/database.hpp"
#include "kiosk/journal/entry_chain.hpp"
#include "kiosk/journal/entry_text.hpp"
#include "kiosk/journal/records.hpp"
#include "protocol/link/chain.hpp"

namespace kiosk::journal {

namespace {

using protocol::fail;

Hash hash_of(SQLite::Column const& column) {
    Hash hash{};
    auto const* bytes = static_cast<std::uint8_t const*>(column.getBlob());
    assert(column.getBytes() == static_cast<int>(hash.size())); // The table checks it.
    std::copy_n(bytes, hash.size(), hash.begin());
    return hash;
}

std::uint64_t number(SQLite::Column const& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

void bind_number(SQLite::Statement& statement, int place, std::uint64_t value) {
    statement.bind(place, static_cast<std::int64_t>(value));
}

void bind_hash(SQLite::Statement& statement, int place, Hash const& hash) {
    statement.bind(place, hash.data(), static_cast<int>(hash.size()));
}

} // namespace

/// The file and what is remembered of its ends. Its functions may throw SQLite::Exception; the
/// journal around it turns that into an error and stops.
class Journal::Store {
public:
    Store(std::unique_ptr<SQLite::Database> database, Identity identity)
        : identity_{identity}, database_{std::move(database)} {}

    /// Checks what was left behind, reads the ends of both chains, and marks the journal as open.
    JournalResult<void> begin();
    void end_cleanly() { database_->exec("UPDATE stop SET clean = 1"); }

    Appended append(payment::Entry const& entry, std::string const& text, payment::WallTime at);
    JournalResult<payment::Folded> fold();
    JournalResult<void> verify();
    payment::OfflineUse unacknowledged();
    std::optional<Hash> record_hash(std::uint64_t sequence);
    std::vector<protocol::Bytes> after(
        std::uint64_t sequence, std::size_t count_max, std::size_t size_max);
    void acknowledge(std::uint64_t sequence);

    /// Runs one of the above; a refusal of the disk stops the journal and gives the fallback.
    template <class Work, class Fallback>
    auto attempt(Work work, Fallback fallback) {
        if (!stopped) {
            try {
                return work();
            } catch (SQLite::Exception const& exception) {
                stopped = error_of(exception);
            }
        }
        return fallback();
    }

    std::optional<JournalError> stopped;
    Identity identity_;
    std::uint64_t entries = 0;
    link::Head head;
    std::uint64_t acknowledged = 0;
    payment::NoteCounts stacker;

private:
    JournalResult<void> read_ends();
    JournalResult<void> read_stacker();

    std::unique_ptr<SQLite::Database> database_;
    Hash entry_hash_{};
};

JournalResult<void> Journal::Store::begin() {
    SQLite::Statement stop{*database_, "SELECT clean FROM stop"};
    bool const was_clean = stop.executeStep() && stop.getColumn(0).getInt() == 1;
    stop.reset();
    TRY_VOID(read_ends());
    if (was_clean) {
        std::uint64_t const first = entries > tail_checked ? entries - tail_checked + 1 : 1;
        TRY_VOID(check_chains(*database_, first));
    } else {
        TRY_VOID(verify());
    }
    TRY_VOID(read_stacker());
    database_->exec("UPDATE stop SET clean = 0");
    return {};
}

JournalResult<void> Journal::Store::read_ends() {
    SQLite::Statement last{
        *database_, "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"};
    if (last.executeStep()) {
        entries = number(last.getColumn(0));
        entry_hash_ = hash_of(last.getColumn(1));
    }
    SQLite::Statement record{
        *database_, "SELECT sequence, hash FROM outgoing ORDER BY sequence DESC LIMIT 1"};
    if (record.executeStep())
        head = {number(record.getColumn(0)), hash_of(record.getColumn(1))};
    SQLite::Statement cursor{*database_, "SELECT sequence FROM acknowledged"};
    if (cursor.executeStep())
        acknowledged = number(cursor.getColumn(0));
    if (acknowledged > head.sequence)
        return fail(
            JournalError{JournalProblem::Damaged, "more was acknowledged than was ever recorded"});
    return {};
}

JournalResult<void> Journal::Store::read_stacker() {
    SQLite::Statement notes{
        *database_,
        "SELECT kind, payload FROM entries WHERE kind IN ('note-credited', 'unassigned-note')"};
    while (notes.executeStep()) {
        auto const entry =
            entry_from_text(notes.getColumn(0).getString(), notes.getColumn(1).getString());
        if (!entry)
            return fail(JournalError{JournalProblem::Damaged, "a note cannot be read"});
        if (auto const* credited = std::get_if<payment::NoteCredited>(&*entry))
            payment::add_note(stacker, credited->note.value);
        if (auto const* unassigned = std::get_if<payment::UnassignedNote>(&*entry))
            payment::add_note(stacker, unassigned->note.value);
    }
    return {};
}

Appended Journal::Store::append(
    payment::Entry const& entry, std::string const& text, payment::WallTime at) {
    auto const kind = kind_of(entry);
    auto const at_ms = static_cast<std::int64_t>(at.time_since_epoch().count());
    auto const record = record_of(entry, at);
    Appended appended{entries + 1, record ? head.sequence + 1 : 0};
    Hash const hash = entry_hash(entry_hash_, appended.number, at_ms, kind, text);
    link::Head next = head;

    SQLite::Transaction transaction{*database_, SQLite::TransactionBehavior::IMMEDIATE};
    SQLite::Statement insert{
        *database_,
        "INSERT INTO entries (number, at_ms, kind, payload, hash) VALUES (?, ?, ?, ?, ?)"};
    bind_number(insert, 1, appended.number);
    insert.bind(2, at_ms);
    insert.bind(3, std::string{kind});
    insert.bind(4, text);
    bind_hash(insert, 5, hash);
    insert.exec();
    if (record) {
        next = {
            appended.sequence,
            protocol::link::chain_next(head.hash, appended.sequence, record->payload)};
        SQLite::Statement send{
            *database_,
            "INSERT INTO outgoing (sequence, entry_number, at_ms, cash, payload, hash) "
            "VALUES (?, ?, ?, ?, ?, ?)"};
        bind_number(send, 1, appended.sequence);
        bind_number(send, 2, appended.number);
        send.bind(3, at_ms);
        send.bind(4, record->cash.minor());
        send.bind(5, record->payload.data(), static_cast<int>(record->payload.size()));
        bind_hash(send, 6, next.hash);
        send.exec();
    }
    transaction.commit();

    entries = appended.number;
    entry_hash_ = hash;
    head = next;
    if (auto const* credited = std::get_if<payment::NoteCredited>(&entry))
        payment::add_note(stacker, credited->note.value);
    if (auto const* unassigned = std::get_if<payment::UnassignedNote>(&entry))
        payment::add_note(stacker, unassigned->note.value);
    return appended;
}

/// A session is opened only when nothing of an earlier one is left, so the entries before the last
/// opening add nothing to where we are.
JournalResult<payment::Folded> Journal::Store::fold() {
    SQLite::Statement statement{
        *database_,
        "SELECT kind, entries.payload, ifnull(sequence, 0) FROM entries "
        "LEFT JOIN outgoing ON entry_number = number WHERE number >= "
        "(SELECT ifnull(max(number), 1) FROM entries WHERE kind = 'session-opened') "
        "ORDER BY number"};
    payment::Folded folded;
    while (statement.executeStep()) {
        auto const entry =
            entry_from_text(statement.getColumn(0).getString(), statement.getColumn(1).getString());
        if (!entry)
            return fail(JournalError{JournalProblem::Damaged, "an entry cannot be read"});
        folded = payment::fold(std::move(folded), *entry, number(statement.getColumn(2)));
    }
    return folded;
}

JournalResult<void> Journal::Store::verify() {
    TRY_VOID(check_structure(*database_));
    TRY_VOID(check_chains(*database_, 1));
    return {};
}

payment::OfflineUse Journal::Store::unacknowledged() {
    SQLite::Statement sums{
        *database_,
        "SELECT count(*), ifnull(sum(cash), 0), min(at_ms) FROM outgoing WHERE sequence > ?"};
    bind_number(sums, 1, acknowledged);
    payment::OfflineUse use;
    if (!sums.executeStep())
        return use;
    use.count = sums.getColumn(0).getUInt();
    use.total = protocol::rub(sums.getColumn(1).getInt64());
    if (!sums.getColumn(2).isNull())
        use.oldest = payment::WallTime{std::chrono::milliseconds{sums.getColumn(2).getInt64()}};
    return use;
}

std::optional<Hash> Journal::Store::record_hash(std::uint64_t sequence) {
    SQLite::Statement statement{*database_, "SELECT hash FROM outgoing WHERE sequence = ?"};
    bind_number(statement, 1, sequence);
    if (!statement.executeStep())
        return std::nullopt;
    return hash_of(statement.getColumn(0));
}

std::vector<protocol::Bytes> Journal::Store::after(
    std::uint64_t sequence, std::size_t count_max, std::size_t size_max) {
    SQLite::Statement statement{
        *database_, "SELECT payload FROM outgoing WHERE sequence > ? ORDER BY sequence LIMIT ?"};
    bind_number(statement, 1, sequence);
    bind_number(statement, 2, count_max);
    std::vector<protocol::Bytes> payloads;
    for (std::size_t size = 0; statement.executeStep();) {
        auto const column = statement.getColumn(0);
        auto const* bytes = static_cast<std::uint8_t const*>(column.getBlob());
        size += static_cast<std::size_t>(column.getBytes());
        if (size > size_max && !payloads.empty())
            break;
        payloads.emplace_back(bytes, bytes + column.getBytes());
    }
    return payloads;
}

void Journal::Store::acknowledge(std::uint64_t sequence) {
    SQLite::Statement statement{*database_, "UPDATE acknowledged SET sequence = ?"};
    bind_number(statement, 1, sequence);
    statement.exec();
    acknowledged = sequence;
}

JournalResult<std::unique_ptr<Journal>> Journal::open(std::string const& path, Identity identity) {
    TRY(auto database, open_database(path, identity));
    auto store = std::make_unique<Store>(std::move(database), identity);
    try {
        TRY_VOID(store->begin());
    } catch (SQLite::Exception const& exception) {
        return fail(error_of(exception));
    }
    return std::unique_ptr<Journal>{new Journal{std::move(store)}};
}

Journal::Journal(std::unique_ptr<Store> store) : store_{std::move(store)} {}

Journal::~Journal() {
    store_->attempt([this] { store_->end_cleanly(); }, [] {});
}

JournalResult<Appended> Journal::append(payment::Entry const& entry, payment::WallTime at) {
    if (store_->stopped)
        return fail(JournalError{JournalProblem::Stopped, store_->stopped->detail});
    auto const text = to_text(entry);
    assert(text.size() <= entry_size_max);
    return store_->attempt(
        [&] { return JournalResult<Appended>{store_->append(entry, text, at)}; },
        [&] { return JournalResult<Appended>{fail(*store_->stopped)}; });
}

JournalResult<payment::Folded> Journal::fold() const {
    return store_->attempt(
        [&] { return store_->fold(); },
        [&] { return JournalResult<payment::Folded>{fail(*store_->stopped)}; });
}

JournalResult<void> Journal::verify() const {
    return store_->attempt(
        [&] { return store_->verify(); },
        [&] { return JournalResult<void>{fail(*store_->stopped)}; });
}

payment::NoteCounts const& Journal::stacker() const {
    return store_->stacker;
}

payment::OfflineUse Journal::unacknowledged() const {
    return store_->attempt(
        [&] { return store_->unacknowledged(); }, [] { return payment::OfflineUse{}; });
}

std::uint64_t Journal::entries() const {
    return store_->entries;
}

bool Journal::stopped() const {
    return store_->stopped.has_value();
}

Identity Journal::identity() const {
    return store_->identity_;
}

link::Head Journal::head() const {
    return store_->head;
}

link::Head Journal::acknowledged() const {
    auto const sequence = store_->acknowledged;
    return {sequence, hash_at(sequence).value_or(protocol::link::chain_start)};
}

std::optional<link::Hash> Journal::hash_at(std::uint64_t sequence) const {
    if (sequence == 0)
        return protocol::link::chain_start;
    return store_->attempt(
        [&] { return store_->record_hash(sequence); }, [] { return std::optional<link::Hash>{}; });
}

std::vector<protocol::Bytes> Journal::after(
    std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const {
    return store_->attempt(
        [&] { return store_->after(sequence, count_max, size_max); },
        [] { return std::vector<protocol::Bytes>{}; });
}

void Journal::acknowledge(std::uint64_t sequence) {
    if (sequence <= store_->acknowledged || sequence > store_->head.sequence)
        return;
    store_->attempt([&] { store_->acknowledge(sequence); }, [] {});
}

} // namespace kiosk::journal
