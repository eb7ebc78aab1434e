#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/ledger/ledger.hpp"

/// What the books say: balances, the trial balance, an account's statement.
namespace fleet::ledger {

struct Balance {
    Money debits_pending = protocol::rub(0);
    Money credits_pending = protocol::rub(0);
    Money debits_posted = protocol::rub(0);
    Money credits_posted = protocol::rub(0);
    friend bool operator==(Balance const&, Balance const&) = default;
};

struct Account {
    std::string name;
    AccountRule rule;
    bool is_closed = false;
    Balance balance;
    friend bool operator==(Account const&, Account const&) = default;
};

/// Posted only, positive on the account's own side: debits - credits for assets and expenses.
[[nodiscard]] Money net(Account const& account);

[[nodiscard]] store::Outcome<std::optional<Account>> find_account(
    store::Reading const& reading, std::string_view name);

struct TrialBalance {
    std::vector<Account> accounts; ///< By name.
    Money debits = protocol::rub(0);
    Money credits = protocol::rub(0);
    /// Zero, or the books are wrong.
    Money difference = protocol::rub(0);
};
[[nodiscard]] store::Outcome<TrialBalance> trial_balance(store::Reading const& reading);

enum class TransferState : std::uint8_t { Posted, Held, Settled, Released };
enum class TransferKind : std::uint8_t;
[[nodiscard]] TransferState state_of(TransferKind kind);

struct StatementLine {
    Sequence sequence = 0;
    UtcTime at;
    std::string kind;
    std::string reference;
    std::string counterpart;
    TransferState state = TransferState::Posted;
    Money debit = protocol::rub(0); ///< One of the two is zero.
    Money credit = protocol::rub(0);
};
/// Lines after the entry `after`, oldest first: `count_max` of them, and the rest of the last
/// entry.
[[nodiscard]] store::Outcome<std::vector<StatementLine>> statement(
    store::Reading const& reading, std::string_view account, Sequence after, std::size_t count_max);

} // namespace fleet::ledger
