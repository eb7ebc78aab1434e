#include "kiosk/journal/database.hpp"

#include <sqlite3.h>

#include <array>

namespace kiosk::journal {

namespace {

using protocol::fail;

/// Only ever added to. Each runs in one transaction with the new user_version.
constexpr std::array migrations{// 1: everything.
                                R"sql(
CREATE TABLE meta (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    kiosk         INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,
    chain_version INTEGER NOT NULL
) STRICT;

CREATE TABLE entries (
    number  INTEGER PRIMARY KEY CHECK (number > 0),
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    payload TEXT NOT NULL,
    hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX entries_by_kind ON entries (kind, number);

CREATE TABLE outgoing (
    sequence     INTEGER PRIMARY KEY CHECK (sequence > 0),
    entry_number INTEGER NOT NULL UNIQUE REFERENCES entries (number),
    at_ms        INTEGER NOT NULL,
    cash         INTEGER NOT NULL CHECK (cash > 0),
    payload      BLOB NOT NULL,
    hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE acknowledged (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL
) STRICT;
INSERT INTO acknowledged VALUES (1, 0);

CREATE TABLE stop (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    clean INTEGER NOT NULL
) STRICT;
INSERT INTO stop VALUES (1, 1);

CREATE TRIGGER meta_stays BEFORE UPDATE ON meta
BEGIN SELECT RAISE(ABORT, 'a journal does not change hands'); END;
CREATE TRIGGER meta_remains BEFORE DELETE ON meta
BEGIN SELECT RAISE(ABORT, 'a journal does not change hands'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN NEW.number <> (SELECT ifnull(max(number), 0) + 1 FROM entries)
BEGIN SELECT RAISE(ABORT, 'entries follow without a gap'); END;
CREATE TRIGGER outgoing_stay BEFORE UPDATE ON outgoing
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER outgoing_remain BEFORE DELETE ON outgoing
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER outgoing_follow BEFORE INSERT ON outgoing
WHEN NEW.sequence <> (SELECT ifnull(max(sequence), 0) + 1 FROM outgoing)
BEGIN SELECT RAISE(ABORT, 'records follow without a gap'); END;
CREATE TRIGGER acknowledged_advances BEFORE UPDATE ON acknowledged
WHEN NEW.sequence < OLD.sequence
  OR NEW.sequence > (SELECT ifnull(max(sequence), 0) FROM outgoing)
BEGIN SELECT RAISE(ABORT, 'the acknowledgement goes forward, up to the last record'); END;
CREATE TRIGGER acknowledged_remains BEFORE DELETE ON acknowledged
BEGIN SELECT RAISE(ABORT, 'the acknowledgement goes forward, up to the last record'); END;
)sql"};

constexpr int chain_version = 1;

/// What durability rests on, as it must read back.
struct Setting {
    char const* set;
    char const* ask;
    char const* answer;
};
/// Before anything is read: a second kioskd is refused, and no shared memory file is needed beside
/// the log.
constexpr Setting alone{"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA locking_mode", "exclusive"};
constexpr std::array settings{
    Setting{"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
    Setting{"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
    Setting{"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    Setting{"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
    Setting{"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
    // The log's first page back into the file is a moment for the disk to fail at: not too often.
    Setting{"PRAGMA wal_autocheckpoint = 256", "PRAGMA wal_autocheckpoint", "256"},
};

std::string ask(SQLite::Database& database, char const* question) {
    SQLite::Statement statement{database, question};
    return statement.executeStep() ? statement.getColumn(0).getString() : std::string{};
}

std::int64_t ask_number(SQLite::Database& database, char const* question) {
    SQLite::Statement statement{database, question};
    return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

JournalResult<void> apply(SQLite::Database& database, Setting const& setting) {
    // Some answer with a row, which tells nothing that the question after it does not.
    SQLite::Statement set{database, setting.set};
    while (set.executeStep()) {
    }
    set.reset();
    if (auto const answer = ask(database, setting.ask); answer != setting.answer)
        return fail(JournalError{
            JournalProblem::SettingsRefused,
            std::string{setting.set} + " reads back as " + answer});
    return {};
}

JournalResult<void> migrate(SQLite::Database& database, Identity identity) {
    auto const version = ask_number(database, "PRAGMA user_version");
    if (version > static_cast<std::int64_t>(migrations.size()))
        return fail(JournalError{
            JournalProblem::TooNew,
            "its format is " + std::to_string(version) + ", this program's " +
                std::to_string(migrations.size())});
    for (auto next = static_cast<std::size_t>(version); next < migrations.size(); ++next) {
        SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
        database.exec(migrations.at(next));
        if (next == 0) {
            database.exec("PRAGMA application_id = " + std::to_string(application_id));
            SQLite::Statement meta{database, "INSERT INTO meta VALUES (1, ?, ?, ?)"};
            meta.bind(1, identity.kiosk);
            meta.bind(2, identity.epoch);
            meta.bind(3, chain_version);
            meta.exec();
        }
        database.exec("PRAGMA user_version = " + std::to_string(next + 1));
        transaction.commit();
    }
    return {};
}

JournalResult<void> check_identity(SQLite::Database& database, Identity identity) {
    SQLite::Statement meta{database, "SELECT kiosk, epoch, chain_version FROM meta"};
    if (!meta.executeStep())
        return fail(JournalError{JournalProblem::Damaged, "it belongs to nobody"});
    auto const kiosk = meta.getColumn(0).getInt64();
    auto const epoch = meta.getColumn(1).getInt64();
    if (kiosk != identity.kiosk || epoch != identity.epoch)
        return fail(JournalError{
            JournalProblem::OtherKiosk,
            "it belongs to kiosk " + std::to_string(kiosk) + ", epoch " + std::to_string(epoch) +
                "; this is kiosk " + std::to_string(identity.kiosk) + ", epoch " +
                std::to_string(identity.epoch)});
    if (meta.getColumn(2).getInt64() != chain_version)
        return fail(JournalError{JournalProblem::TooNew, "its chains are of another version"});
    return {};
}

JournalResult<void> check_kind_of_file(SQLite::Database& database) {
    auto const id = ask_number(database, "PRAGMA application_id");
    auto const tables = ask_number(database, "SELECT count(*) FROM sqlite_schema");
    bool const is_new = id == 0 && tables == 0;
    if (!is_new && id != application_id)
        return fail(JournalError{JournalProblem::NotAJournal, "a SQLite file of something else"});
    return {};
}

} // namespace

JournalError error_of(SQLite::Exception const& exception) {
    auto const problem = [&] {
        switch (exception.getErrorCode()) {
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY: return JournalProblem::CannotOpen;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return JournalProblem::InUse;
        case SQLITE_NOTADB: return JournalProblem::NotAJournal;
        case SQLITE_CORRUPT: return JournalProblem::Damaged;
        case SQLITE_FULL: return JournalProblem::DiskFull;
        default: return JournalProblem::Failed; // SQLite's codes are not ours to list.
        }
    }();
    return JournalError{
        problem,
        std::string{exception.what()} + " (" + std::to_string(exception.getExtendedErrorCode()) +
            ")"};
}

JournalResult<std::unique_ptr<SQLite::Database>> open_database(
    std::string const& path, Identity identity) {
    try {
        auto database =
            std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        TRY_VOID(apply(*database, alone));
        TRY_VOID(check_kind_of_file(*database));
        for (Setting const& setting : settings)
            TRY_VOID(apply(*database, setting));
        {
            // The lock is taken with the first write, and kept: now, not in a payment.
            SQLite::Transaction lock{*database, SQLite::TransactionBehavior::IMMEDIATE};
            lock.commit();
        }
        TRY_VOID(migrate(*database, identity));
        TRY_VOID(check_identity(*database, identity));
        return database;
    } catch (SQLite::Exception const& exception) {
        return fail(error_of(exception));
    }
}

std::string_view name_of(JournalProblem problem) {
    switch (problem) {
    case JournalProblem::CannotOpen: return "cannot-open";
    case JournalProblem::InUse: return "in-use";
    case JournalProblem::NotAJournal: return "not-a-journal";
    case JournalProblem::TooNew: return "too-new";
    case JournalProblem::OtherKiosk: return "other-kiosk";
    case JournalProblem::SettingsRefused: return "settings-refused";
    case JournalProblem::Damaged: return "damaged";
    case JournalProblem::DiskFull: return "disk-full";
    case JournalProblem::Failed: return "failed";
    case JournalProblem::Stopped: return "stopped";
    }
    return "unknown";
}

} // namespace kiosk::journal
