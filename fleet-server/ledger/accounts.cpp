#include "fleet-server/ledger/accounts.hpp"

#include "fleet-server/ledger/books.hpp"

namespace fleet::ledger {

using store::Outcome;

namespace {

Outcome<std::vector<OpenAccount>> select(
    store::Reading const& reading, std::string const& condition, store::Values values) {
    std::vector<OpenAccount> found;
    TRY_VOID((reading.each<
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
        "credits_pending, debits_posted, credits_posted FROM ledger_account " +
            condition,
        values,
        [&](std::int64_t id,
            std::string name,
            std::uint8_t kind,
            std::string currency,
            bool may_go_negative,
            bool is_closed,
            Money debits_pending,
            Money credits_pending,
            Money debits_posted,
            Money credits_posted) {
            AccountRule const rule{
                static_cast<Kind>(kind), may_go_negative ? Overdraft::Allowed : Overdraft::Refused};
            Balance const balance{debits_pending, credits_pending, debits_posted, credits_posted};
            OpenAccount& open = found.emplace_back();
            open.id = id;
            open.account = Account{std::move(name), rule, is_closed, balance};
            open.currency = std::move(currency);
        })));
    return found;
}

} // namespace

Outcome<std::optional<OpenAccount>> load_stored_account(
    store::Reading const& reading, std::string_view name) {
    TRY(auto found, select(reading, "WHERE name = ?", {name}));
    if (found.empty())
        return std::optional<OpenAccount>{};
    return std::optional{std::move(found.front())};
}

Outcome<std::vector<OpenAccount>> load_stored_accounts(store::Reading const& reading) {
    return select(reading, "ORDER BY name", {});
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
    auto& books = transaction.companion<Books>();
    if (books.find(name) != nullptr)
        return true;
    auto const rule = rule_of(name);
    if (!rule)
        return false;
    TRY(auto const opened,
        transaction.execute(
            "INSERT INTO ledger_account (name, kind, may_go_negative) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO NOTHING",
            {name, static_cast<int>(rule->kind), rule->overdraft == Overdraft::Allowed}));
    if (opened == 1)
        books.opened(name);
    TRY(OpenAccount const* const account, books.account(transaction, name));
    return account != nullptr;
}

Outcome<bool> close_account(store::Transaction& transaction, std::string_view name) {
    auto& books = transaction.companion<Books>();
    TRY(OpenAccount* const open, books.account(transaction, name));
    if (!open)
        return false;
    books.touch(*open);
    open->account.is_closed = true;
    return true;
}

} // namespace fleet::ledger
