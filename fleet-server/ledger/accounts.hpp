#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/ledger/balances.hpp"

/// An account as the writing side keeps it in memory, see Books.
namespace fleet::ledger {

struct OpenAccount {
    std::int64_t id = 0;
    Account account;
    std::string currency; ///< ISO code.

    bool is_dirty = false;        ///< Its counters wait for the commit.
    std::uint64_t touched_by = 0; ///< The last job that changed it.
};

/// As the database has it: on the writing side that of the last commit.
[[nodiscard]] store::Outcome<std::optional<OpenAccount>> load_stored_account(
    store::Reading const& reading, std::string_view name);
/// All of them, by name.
[[nodiscard]] store::Outcome<std::vector<OpenAccount>> load_stored_accounts(
    store::Reading const& reading);

/// Whether the account's own side still covers the other, promises against it included.
[[nodiscard]] bool is_within_limit(Account const& account);

} // namespace fleet::ledger
