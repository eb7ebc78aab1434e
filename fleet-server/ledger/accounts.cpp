#include "fleet-server/ledger/accounts.hpp"

namespace fleet::ledger {

using store::Outcome;

namespace {

using AccountRow = std::tuple<
    std::int64_t, std::string, std::uint8_t, std::string, bool, bool, Money, Money, Money, Money>;

std::optional<OpenAccount> to_account(std::optional<AccountRow> row) {
    if (!row)
        return std::nullopt;
    auto& [id, name, kind, currency, may_go_negative, is_closed, debits_pending, credits_pending, debits_posted, credits_posted] =
        *row;
    return OpenAccount{
        id,
        Account{
            std::move(name),
            AccountRule{
                static_cast<Kind>(kind), may_go_negative ? Overdraft::Allowed : Overdraft::Refused},
            is_closed,
            Balance{debits_pending, credits_pending, debits_posted, credits_posted}},
        std::move(currency)};
}

} // namespace

Outcome<std::optional<OpenAccount>> load_account(
    store::Reading const& reading, std::string_view name) {
    TRY(auto row,
        reading.one<
            std::int64_t,
            std::string,
            std::uint8_t,
            std::string,
            bool,
            bool,
            Money,
            Money,
            Money,
            Money>(
            "SELECT id, name, kind, currency, may_go_negative, is_closed, debits_pending, "
            "credits_pending, debits_posted, credits_posted FROM ledger_account WHERE name = ?",
            {name}));
    return to_account(std::move(row));
}

bool is_within_limit(Account const& account) {
    if (account.rule.overdraft == Overdraft::Allowed)
        return true;
    // Each counter is at most 2^62, see ledger.cpp, so the sums fit.
    Balance const& b = account.balance;
    bool const is_debit_side =
        account.rule.kind == Kind::Asset || account.rule.kind == Kind::Expense;
    return is_debit_side
               ? b.credits_posted.minor() + b.credits_pending.minor() <= b.debits_posted.minor()
               : b.debits_posted.minor() + b.debits_pending.minor() <= b.credits_posted.minor();
}

Outcome<bool> open_account(store::Transaction& transaction, std::string_view name) {
    auto const rule = rule_of(name);
    if (!rule)
        return false;
    TRY_VOID(transaction.execute(
        "INSERT INTO ledger_account (name, kind, may_go_negative) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO NOTHING",
        {name, static_cast<int>(rule->kind), rule->overdraft == Overdraft::Allowed}));
    return true;
}

Outcome<bool> close_account(store::Transaction& transaction, std::string_view name) {
    TRY(auto const changed,
        transaction.execute("UPDATE ledger_account SET is_closed = 1 WHERE name = ?", {name}));
    return changed == 1;
}

} // namespace fleet::ledger
