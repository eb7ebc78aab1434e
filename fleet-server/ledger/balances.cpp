#include "fleet-server/ledger/balances.hpp"

#include <algorithm>
#include <limits>

#include "fleet-server/ledger/books.hpp"
#include "fleet-server/ledger/entries.hpp"

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

} // namespace

TransferState state_of(TransferKind kind) {
    switch (kind) {
    case TransferKind::Post: return TransferState::Posted;
    case TransferKind::Hold: return TransferState::Held;
    case TransferKind::Settle: return TransferState::Settled;
    case TransferKind::Release: return TransferState::Released;
    }
    return TransferState::Posted;
}

Money net(Account const& account) {
    Balance const& balance = account.balance;
    bool const is_debit_side =
        account.rule.kind == Kind::Asset || account.rule.kind == Kind::Expense;
    std::int64_t const difference = balance.debits_posted.minor() - balance.credits_posted.minor();
    return protocol::rub(is_debit_side ? difference : -difference);
}

Outcome<std::optional<Account>> find_account(store::Reading const& reading, std::string_view name) {
    auto const* const books = reading.companion<Books>();
    if (auto const* const open = books ? books->find(name) : nullptr)
        return std::optional{open->account};
    TRY(auto found, load_stored_account(reading, name));
    if (!found)
        return std::optional<Account>{};
    return std::optional{std::move(found->account)};
}

Outcome<TrialBalance> trial_balance(store::Reading const& reading) {
    TrialBalance trial;
    auto const* const books = reading.companion<Books>();
    TRY(auto stored, load_stored_accounts(reading));
    for (OpenAccount& open : stored) {
        auto const* const newer = books ? books->find(open.account.name) : nullptr;
        Account account = newer ? newer->account : std::move(open.account);
        TRY_VOID(add_to(trial.debits, account.balance.debits_posted));
        TRY_VOID(add_to(trial.credits, account.balance.credits_posted));
        trial.accounts.push_back(std::move(account));
    }
    trial.difference = protocol::rub(trial.debits.minor() - trial.credits.minor());
    return trial;
}

Outcome<std::vector<StatementLine>> statement(
    store::Reading const& reading, std::string_view account, Sequence after,
    std::size_t count_max) {
    std::vector<StatementLine> lines;
    std::size_t const enough = std::min(count_max, statement_lines_max);
    TRY_VOID(each_entry_of(
        reading,
        {std::string{account}},
        after,
        std::numeric_limits<Sequence>::max(),
        [&](StoredEntry const& entry) -> Outcome<bool> {
            for (StoredLeg const& leg : entry.legs) {
                if (leg.debit != account && leg.credit != account)
                    continue;
                bool const is_debit = leg.debit == account;
                StatementLine line{
                    entry.sequence,
                    entry.at(),
                    entry.kind,
                    entry.reference,
                    is_debit ? leg.credit : leg.debit,
                    state_of(leg.kind)};
                (is_debit ? line.debit : line.credit) = leg.amount;
                lines.push_back(std::move(line));
            }
            return lines.size() < enough; // Whole entries: the next page begins after this one.
        }));
    return lines;
}

} // namespace fleet::ledger
