#include "fleet-server/store/connection.hpp"

#include <sqlite3.h>

#include <array>

namespace fleet::store {

namespace {

/// Another process may be copying the file; nobody else writes. Longer than any checkpoint.
constexpr int busy_timeout_ms = 5'000;

struct Pragma {
    char const* name;
    char const* set;
    char const* wanted; ///< As it reads back.
};
// synchronous=FULL (2): in WAL mode a commit is then on the disk when it returns.
// recursive_triggers: INSERT OR REPLACE would delete append-only rows without firing their trigger.
constexpr std::array<Pragma, 6> pragmas = {{
    {"journal_mode", "PRAGMA journal_mode = WAL", "wal"},
    {"synchronous", "PRAGMA synchronous = FULL", "2"},
    {"foreign_keys", "PRAGMA foreign_keys = ON", "1"},
    {"trusted_schema", "PRAGMA trusted_schema = OFF", "0"},
    {"cell_size_check", "PRAGMA cell_size_check = ON", "1"},
    {"recursive_triggers", "PRAGMA recursive_triggers = ON", "1"},
}};

Outcome<void> set_pragmas(Connection& connection, Connection::Access access) {
    for (Pragma const& pragma : pragmas) {
        bool const is_journal = std::string_view{pragma.name} == "journal_mode";
        if (!is_journal || access == Connection::Access::Write)
            TRY_VOID(connection.ask(pragma.set));
        TRY(auto const value, connection.ask(std::string{"PRAGMA "} + pragma.name));
        if (value != pragma.wanted)
            return protocol::fail(StoreError{
                StoreError::Kind::CannotOpen,
                std::string{"PRAGMA "} + pragma.name + " stays " + value + ", " + pragma.wanted +
                    " is needed"});
    }
    return {};
}

} // namespace

StoreError to_store_error(SQLite::Exception const& exception) {
    using Kind = StoreError::Kind;
    auto const kind = [&] {
        switch (exception.getErrorCode() & 0xFF) { // The primary code of an extended one.
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Kind::Corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Kind::Busy;
        case SQLITE_FULL: return Kind::Full;
        case SQLITE_IOERR: return Kind::InputOutput;
        case SQLITE_CONSTRAINT: return Kind::Constraint;
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY: return Kind::CannotOpen;
        default: return Kind::Other;
        }
    }();
    return StoreError{kind, exception.what()};
}

Connection::Connection(std::filesystem::path const& file, int flags)
    : database_{file.string(), flags, busy_timeout_ms} {}

Outcome<std::unique_ptr<Connection>> Connection::open(
    std::filesystem::path const& file, Access access) {
    int const flags = access == Access::Write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                              : SQLite::OPEN_READONLY;
    try {
        std::unique_ptr<Connection> connection{new Connection{file, flags}};
        TRY_VOID(set_pragmas(*connection, access));
        return connection;
    } catch (SQLite::Exception const& exception) {
        auto error = to_store_error(exception);
        error.detail = file.string() + ": " + error.detail;
        return protocol::fail(std::move(error));
    }
}

Connection::Lease::~Lease() {
    if (!statement_)
        return;
    // The error of the last step is told already; reset only says it again.
    statement_->tryReset();
    statement_->clearBindings();
    shelf_.push_back(std::move(statement_));
}

Connection::Lease Connection::lease(std::string_view sql) {
    auto found = idle_.find(sql);
    if (found == idle_.end())
        found = idle_.emplace(std::string{sql}, Lease::Shelf{}).first;
    auto& shelf = found->second;
    if (shelf.empty())
        return Lease{shelf, std::make_unique<SQLite::Statement>(database_, found->first)};
    auto statement = std::move(shelf.back());
    shelf.pop_back();
    return Lease{shelf, std::move(statement)};
}

Outcome<void> Connection::run_script(std::string const& sql) {
    try {
        database_.exec(sql);
        return {};
    } catch (SQLite::Exception const& exception) {
        return protocol::fail(to_store_error(exception));
    }
}

Outcome<std::string> Connection::ask(std::string const& sql) {
    try {
        SQLite::Statement statement{database_, sql};
        if (!statement.executeStep())
            return std::string{};
        return statement.getColumn(0).getString();
    } catch (SQLite::Exception const& exception) {
        return protocol::fail(to_store_error(exception));
    }
}

bool Connection::is_in_transaction() {
    return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

} // namespace fleet::store
