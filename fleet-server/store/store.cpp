#include "fleet-server/store/store.hpp"

#include <cassert>

#include "fleet-server/store/connection.hpp"
#include "fleet-server/store/migrations.hpp"

namespace fleet::store {

namespace {

using protocol::fail;

/// "KFLT" in the file's header: another program's database is not taken for ours.
constexpr char const* application_id = "1263947860";

/// The last run's mark. Not a migration: it must be readable before any of them.
constexpr char const* make_run_state =
    "CREATE TABLE IF NOT EXISTS run_state (id INTEGER PRIMARY KEY CHECK (id = 1), "
    "is_clean INTEGER NOT NULL CHECK (is_clean IN (0, 1))) STRICT; "
    "INSERT OR IGNORE INTO run_state (id, is_clean) VALUES (1, 1);";

StoreError error(StoreError::Kind kind, std::string detail) {
    return StoreError{kind, std::move(detail)};
}

Outcome<void> claim(Connection& connection) {
    TRY(auto const id, connection.ask("PRAGMA application_id"));
    if (id == application_id)
        return {};
    TRY(auto const tables, connection.ask("SELECT count(*) FROM sqlite_schema"));
    if (id != "0" || tables != "0")
        return fail(error(
            StoreError::Kind::CannotOpen,
            "the file is a database of another program; name the fleet server's own"));
    return connection.run_script(std::string{"PRAGMA application_id = "} + application_id);
}

Outcome<void> check_pages(Connection& connection) {
    TRY(auto const damage, connection.ask("PRAGMA integrity_check(1)"));
    if (damage != "ok")
        return fail(error(StoreError::Kind::Corrupt, damage));
    TRY(auto const orphan, connection.ask("PRAGMA foreign_key_check"));
    if (!orphan.empty())
        return fail(
            error(StoreError::Kind::Corrupt, "a row of " + orphan + " has lost its parent"));
    return {};
}

Outcome<int> migrate(Connection& connection) {
    TRY(auto const text, connection.ask("PRAGMA user_version"));
    auto const all = migrations();
    auto const had = static_cast<std::size_t>(std::stoul(text)); // SQLite's own integer.
    if (had > all.size())
        return fail(error(
            StoreError::Kind::TooNew,
            "the database has " + text + " migrations, this program knows " +
                std::to_string(all.size()) + "; install the newer program again"));
    for (std::size_t next = had; next < all.size(); ++next) {
        auto const done = connection.run_script(
            "BEGIN IMMEDIATE; " + std::string{all[next].sql} +
            "; PRAGMA user_version = " + std::to_string(next + 1) + "; COMMIT;");
        if (!done)
            return fail(error(
                done.error().kind,
                "migration " + std::string{all[next].name} + ": " + done.error().detail));
    }
    return static_cast<int>(all.size() - had);
}

Outcome<std::string> read_back(Connection& connection) {
    std::string text;
    for (char const* name :
         {"journal_mode",
          "synchronous",
          "foreign_keys",
          "trusted_schema",
          "cell_size_check",
          "recursive_triggers"}) {
        TRY(auto const value, connection.ask(std::string{"PRAGMA "} + name));
        text += (text.empty() ? "" : " ") + std::string{name} + "=" + value;
    }
    return text;
}

} // namespace

// --- Store ---------------------------------------------------------------------------------------

struct Store::State {
    std::filesystem::path file;
    std::unique_ptr<Connection> connection;
    OpeningReport report;
    std::optional<StoreError> broken; ///< After a failed commit nobody knows what is on the disk.
};

Store::Store(std::unique_ptr<State> state) : state_{std::move(state)} {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Outcome<Store> Store::open(std::filesystem::path const& file) {
    auto state = std::make_unique<State>();
    state->file = file;
    TRY(state->connection, Connection::open(file, Connection::Access::Write));
    auto& connection = *state->connection;
    TRY_VOID(claim(connection));
    TRY_VOID(connection.run_script(make_run_state));
    TRY(auto const clean, connection.ask("SELECT is_clean FROM run_state"));
    state->report.was_clean = clean == "1";
    if (!state->report.was_clean)
        TRY_VOID(check_pages(connection));
    TRY(state->report.migrations_applied, migrate(connection));
    TRY_VOID(connection.run_script("UPDATE run_state SET is_clean = 0"));
    TRY(state->report.pragmas, read_back(connection));
    return Store{std::move(state)};
}

OpeningReport const& Store::report() const {
    return state_->report;
}
std::filesystem::path const& Store::file() const {
    return state_->file;
}
std::optional<StoreError> const& Store::failure() const {
    return state_->broken;
}

Outcome<void> Store::close() {
    if (state_->broken)
        return fail(*state_->broken);
    state_->broken = error(StoreError::Kind::Stopped, "the database is closed");
    TRY_VOID(state_->connection->run_script("UPDATE run_state SET is_clean = 1"));
    TRY_VOID(state_->connection->ask("PRAGMA wal_checkpoint(TRUNCATE)"));
    return {};
}

Outcome<Reader> Store::open_reader() const {
    TRY(auto connection, Connection::open(state_->file, Connection::Access::Read));
    return Reader{std::move(connection)};
}

Outcome<std::vector<Outcome<void>>> Store::commit_group(std::span<Work const* const> works) {
    if (state_->broken)
        return fail(*state_->broken);
    auto& connection = *state_->connection;
    // Nothing has begun: a BEGIN that fails (another process writes) may be tried again.
    TRY_VOID(connection.run_script("BEGIN IMMEDIATE"));
    auto const give_up = [&](StoreError reason) {
        if (connection.is_in_transaction())
            (void)connection.run_script("ROLLBACK"); // Reopening rolls back as well.
        state_->broken = reason;
        return fail(std::move(reason));
    };

    std::vector<Outcome<void>> outcomes;
    outcomes.reserve(works.size());
    Transaction transaction{connection};
    for (Work const* work : works) {
        if (auto begun = connection.run_script("SAVEPOINT job"); !begun)
            return give_up(begun.error());
        for (auto const& [type, companion] : connection.companions())
            companion->job_begins();
        outcomes.push_back((*work)(transaction));
        // A full disk or an I/O error can make SQLite roll back everything by itself. What follows
        // would then run outside any transaction.
        if (!connection.is_in_transaction())
            return give_up(
                outcomes.back() ? error(StoreError::Kind::Other, "the transaction is gone")
                                : outcomes.back().error());
        char const* const end = outcomes.back() ? "RELEASE job" : "ROLLBACK TO job; RELEASE job";
        if (auto ended = connection.run_script(end); !ended)
            return give_up(ended.error());
        if (!outcomes.back())
            for (auto const& [type, companion] : connection.companions())
                companion->job_undone();
    }
    for (auto const& [type, companion] : connection.companions())
        if (auto written = companion->write_down(transaction); !written)
            return give_up(written.error());
    if (auto committed = connection.run_script("COMMIT"); !committed)
        return give_up(committed.error());
    return outcomes;
}

Outcome<void> Store::commit_one(Work const& work) {
    Work const* const works[] = {&work};
    TRY(auto outcomes, commit_group(works));
    return std::move(outcomes.front());
}

// --- Reader --------------------------------------------------------------------------------------

Reader::Reader(std::unique_ptr<Connection> connection)
    : connection_{std::move(connection)}, turn_{std::make_unique<std::mutex>()} {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Outcome<void> Reader::run(std::function<void(Reading const&)> const& work) {
    std::lock_guard const turn{*turn_};
    TRY_VOID(connection_->run_script("BEGIN"));
    work(Reading{*connection_});
    return connection_->run_script("COMMIT");
}

} // namespace fleet::store
