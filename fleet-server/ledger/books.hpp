#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fleet-server/ledger/accounts.hpp"
#include "fleet-server/ledger/chain.hpp"

/// The ledger's memory on the writing side: accounts with their counters, the last entry, the link
/// of the chain under way. Counters are written once a commit, not once a leg: a busy account (the
/// commission, a big provider) would otherwise be written thousands of times.
namespace fleet::ledger {

class Books : public store::Companion {
public:
    // --- Accounts

    /// Nullptr: not open. Stays valid until the commit's end.
    [[nodiscard]] store::Outcome<OpenAccount*> account(
        store::Reading const& reading, std::string_view name);
    /// Before its counters or its state change: keeps what they were, should the job be undone.
    void touch(OpenAccount& account);
    /// An account that this job has opened.
    void opened(std::string_view name) { opened_.emplace_back(name); }
    /// As it is now, where the database has only what it was at the last commit.
    [[nodiscard]] OpenAccount const* find(std::string_view name) const;

    // --- Entries

    struct Last {
        Sequence sequence = 0;
        std::int64_t at_us = 0;
        Hash hash{}; ///< Of the last link.
    };
    [[nodiscard]] store::Outcome<Last> last(store::Reading const& reading);
    /// Nullopt: no entry of such a kind was ever posted.
    [[nodiscard]] store::Outcome<std::optional<std::int64_t>> find_kind(
        store::Reading const& reading, std::string_view name);
    [[nodiscard]] store::Outcome<std::int64_t> open_kind(
        store::Transaction& transaction, std::string_view name);
    /// The greatest number posted of the kind in the series; 0 when none.
    [[nodiscard]] store::Outcome<std::int64_t> greatest(
        store::Reading const& reading, std::int64_t kind, std::int64_t series);
    [[nodiscard]] store::Outcome<void> posted_number(
        store::Reading const& reading, std::int64_t kind, std::int64_t number);
    /// The next entry: its legs name accounts that account() has given.
    void append(LinkEntry const& entry, std::vector<OpenAccount const*> const& accounts);

    /// Writes counters and the link now. After it the last entry's hash is that of the chain.
    [[nodiscard]] store::Outcome<void> seal(store::Transaction& transaction);

    void job_begins() override;
    void job_undone() override;
    [[nodiscard]] store::Outcome<void> write_down(store::Transaction& transaction) override;

private:
    struct Series {
        std::int64_t kind = 0;
        std::int64_t series = 0;
        std::int64_t last = 0;
        bool is_dirty = false;
    };
    struct OldAccount {
        OpenAccount* account;
        Balance balance;
        bool is_closed;
    };
    struct OldSeries {
        std::int64_t key;
        std::int64_t last;
        bool is_dirty;
    };
    /// What seal() in a job has put away; should the job be undone, it is to be written again.
    struct Sealed {
        Link link;
        std::vector<OpenAccount const*> mentioned;
        std::vector<OpenAccount*> accounts;
        std::vector<std::int64_t> series;
    };
    [[nodiscard]] store::Outcome<void> write_accounts(store::Transaction& transaction);
    [[nodiscard]] store::Outcome<void> write_link(store::Transaction& transaction);
    [[nodiscard]] store::Outcome<void> write_all(store::Transaction& transaction);
    void forget();

    std::unordered_map<std::string, std::unique_ptr<OpenAccount>> accounts_;
    std::vector<OpenAccount*> dirty_; ///< Whose counters are not written yet.
    std::unordered_map<std::string, std::int64_t> kinds_;
    std::unordered_map<std::int64_t, Series> series_;
    std::vector<std::int64_t> dirty_series_;
    bool is_loaded_ = false;
    Last last_;
    Link link_{Hash{}};
    std::vector<OpenAccount const*> mentioned_; ///< By the entries of the link.

    // What the job under way has changed.
    std::vector<OldAccount> touched_;
    std::vector<std::string> opened_;
    std::vector<std::string> new_kinds_;
    std::vector<OldSeries> old_series_;
    std::optional<Sealed> sealed_;
    Last last_before_;
    std::size_t link_before_ = 0;
    std::size_t mentioned_before_ = 0;
    std::uint64_t job_ = 1; ///< Numbers jobs, so that an account is kept once a job.
};

} // namespace fleet::ledger
