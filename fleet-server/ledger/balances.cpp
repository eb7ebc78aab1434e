#include "fleet-server/ledger/balances.hpp"

#include <algorithm>

#include "fleet-server/ledger/accounts.hpp"
#include "fleet-server/ledger/chain.hpp"

namespace fleet::ledger {

using protocol::fail;
using store::Outcome;

namespace {

constexpr std::size_t statement_lines_max = 1'000;

Outcome<void> add_to(Money& total, Money amount) {
    auto const sum = protocol::add(total, amount);
    if (!sum)
        return fail(store::StoreError{store::StoreError::Kind::Shape, "a sum does not fit"});
    total = *sum;
    return {};
}

TransferState state_of(TransferKind kind) {
    switch (kind) {
    case TransferKind::Post: return TransferState::Posted;
    case TransferKind::Hold: return TransferState::Held;
    case TransferKind::Settle: return TransferState::Settled;
    case TransferKind::Release: return TransferState::Released;
    }
    return TransferState::Posted;
}

} // namespace

Money net(Account const& account) {
    Balance const& balance = account.balance;
    bool const is_debit_side =
        account.rule.kind == Kind::Asset || account.rule.kind == Kind::Expense;
    std::int64_t const difference = balance.debits_posted.minor() - balance.credits_posted.minor();
    return protocol::rub(is_debit_side ? difference : -difference);
}

Outcome<std::optional<Account>> find_account(store::Reading const& reading, std::string_view name) {
    TRY(auto found, load_account(reading, name));
    if (!found)
        return std::optional<Account>{};
    return std::optional{std::move(found->account)};
}

Outcome<TrialBalance> trial_balance(store::Reading const& reading) {
    TrialBalance trial;
    std::vector<std::string> names;
    TRY_VOID(reading.each<std::string>(
        "SELECT name FROM ledger_account ORDER BY name", {}, [&](std::string name) {
            names.push_back(std::move(name));
        }));
    for (std::string const& name : names) {
        TRY(auto account, find_account(reading, name));
        if (!account)
            return fail(store::StoreError{store::StoreError::Kind::Shape, "lost account " + name});
        TRY_VOID(add_to(trial.debits, account->balance.debits_posted));
        TRY_VOID(add_to(trial.credits, account->balance.credits_posted));
        trial.accounts.push_back(std::move(*account));
    }
    trial.difference = protocol::rub(trial.debits.minor() - trial.credits.minor());
    return trial;
}

Outcome<std::vector<StatementLine>> statement(
    store::Reading const& reading, std::string_view account, Sequence after,
    std::size_t count_max) {
    std::vector<StatementLine> lines;
    TRY_VOID((reading.each<
              Sequence,
              UtcTime,
              std::string,
              std::string,
              std::string,
              std::uint8_t,
              bool,
              Money>(
        "SELECT e.id, e.at_ms, e.kind, e.reference, o.name, t.kind, t.debit = a.id, "
        "t.amount FROM ledger_account a "
        "JOIN ledger_transfer t ON t.debit = a.id OR t.credit = a.id "
        "JOIN ledger_entry e ON e.id = t.entry "
        "JOIN ledger_account o ON o.id = t.debit + t.credit - a.id "
        "WHERE a.name = ? AND e.id > ? ORDER BY t.id LIMIT ?",
        {account, after, std::min(count_max, statement_lines_max)},
        [&](Sequence sequence,
            UtcTime at,
            std::string kind,
            std::string reference,
            std::string other,
            std::uint8_t transfer,
            bool is_debit,
            Money amount) {
            StatementLine line{
                sequence,
                at,
                std::move(kind),
                std::move(reference),
                std::move(other),
                state_of(static_cast<TransferKind>(transfer))};
            (is_debit ? line.debit : line.credit) = amount;
            lines.push_back(std::move(line));
        })));
    return lines;
}

} // namespace fleet::ledger
