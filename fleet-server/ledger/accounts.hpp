#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fleet-server/ledger/balances.hpp"

/// An account while an entry is being posted: its counters are moved here first, so that a refusal
/// at the last leg has written nothing.
namespace fleet::ledger {

struct OpenAccount {
    std::int64_t id = 0;
    Account account;
    std::string currency; ///< ISO code.
};

[[nodiscard]] store::Outcome<std::optional<OpenAccount>> load_account(
    store::Reading const& reading, std::string_view name);

/// Whether the account's own side still covers the other, promises against it included.
[[nodiscard]] bool is_within_limit(Account const& account);

} // namespace fleet::ledger
