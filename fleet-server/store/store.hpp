#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>

#include "fleet-server/store/reading.hpp"

/// The fleet server's database: one SQLite file in WAL mode with synchronous=FULL, so that a commit
/// that returned survives the loss of power. One connection writes; others read.
namespace fleet::store {

/// Read-only connection. Each read sees one moment of the database. May be shared by threads: they
/// take turns, so a long reading (a verification) opens a Reader of its own.
class Reader {
public:
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    /// work(Reading const&) -> Outcome<T>; what it gives is given back.
    template <class Work>
    [[nodiscard]] auto read(Work work) -> std::invoke_result_t<Work&, Reading const&> {
        std::invoke_result_t<Work&, Reading const&> answer =
            protocol::fail(StoreError{StoreError::Kind::Other, "the reading did not run"});
        if (auto ran = run([&](Reading const& reading) { answer = work(reading); }); !ran)
            return protocol::fail(std::move(ran).error());
        return answer;
    }

private:
    friend class Store;
    explicit Reader(std::unique_ptr<Connection> connection);
    [[nodiscard]] Outcome<void> run(std::function<void(Reading const&)> const& work);

    std::unique_ptr<Connection> connection_;
    std::unique_ptr<std::mutex> turn_; ///< A connection answers one thread at a time.
};

/// What was found when the database was opened; for the log.
struct OpeningReport {
    bool was_clean = true; ///< The last run closed it.
    int migrations_applied = 0;
    std::string pragmas; ///< As read back: "journal_mode=wal synchronous=2 ..."
};

/// The file and its writing connection. Used by one thread: in fleetd by the Writer only.
class Store {
public:
    /// Creates what is missing, applies migrations, and after an unclean stop checks every page.
    /// A folder must exist. ":memory:" does not work: readers could not see it.
    [[nodiscard]] static Outcome<Store> open(std::filesystem::path const& file);
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store(); ///< Without close(): the next open() takes it for an unclean stop.

    /// work(Transaction&) -> Outcome<T> inside BEGIN IMMEDIATE .. COMMIT. An error of the work or
    /// of the commit leaves nothing behind. Durable when it returns. A business refusal inside a
    /// good Outcome is committed: code that refuses writes only what must stay (a quarantine).
    template <class Work>
    [[nodiscard]] auto write(Work work) -> std::invoke_result_t<Work&, Transaction&> {
        std::invoke_result_t<Work&, Transaction&> answer =
            protocol::fail(StoreError{StoreError::Kind::Other, "the work did not run"});
        auto committed = commit_one([&](Transaction& transaction) -> Outcome<void> {
            answer = work(transaction);
            if (!answer)
                return protocol::fail(answer.error());
            return {};
        });
        if (!committed)
            return protocol::fail(std::move(committed).error());
        return answer;
    }

    [[nodiscard]] Outcome<Reader> open_reader() const;
    [[nodiscard]] OpeningReport const& report() const;
    [[nodiscard]] std::filesystem::path const& file() const;
    /// Set when a commit failed: only opening anew can tell what is on the disk.
    [[nodiscard]] std::optional<StoreError> const& failure() const;
    /// Marks a clean stop. Nothing can be written afterwards.
    [[nodiscard]] Outcome<void> close();

    using Work = std::function<Outcome<void>(Transaction&)>;
    /// All works in one commit, each in a savepoint of its own: one that fails leaves nothing and
    /// does not disturb the others. The outer error is the transaction's: then none of them
    /// happened, and when it is the commit's, nothing can be written until the store is reopened.
    [[nodiscard]] Outcome<std::vector<Outcome<void>>> commit_group(
        std::span<Work const* const> works);

private:
    struct State;
    explicit Store(std::unique_ptr<State> state);
    [[nodiscard]] Outcome<void> commit_one(Work const& work);

    std::unique_ptr<State> state_;
};

} // namespace fleet::store
