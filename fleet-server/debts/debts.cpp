#include "fleet-server/debts/debts.hpp"

#include <algorithm>
#include <map>

#include "fleet-server/debts/payment_log.hpp"

namespace fleet::debts {

using protocol::fail;
using protocol::catalog::AccountState;
using protocol::catalog::ServiceLine;
using store::Outcome;

namespace {

struct AccountRow {
    std::int64_t id = 0;
    Money balance = protocol::rub(0);
    std::optional<std::int64_t> invoice;
};

Outcome<std::optional<AccountRow>> find_account(
    store::Reading const& reading, std::uint32_t provider, std::string_view account) {
    TRY(auto const row,
        (reading.one<std::int64_t, Money, std::optional<std::int64_t>>(
            "SELECT id, balance, invoice FROM debt_account WHERE provider = ? AND account = ?",
            {provider, account})));
    if (!row)
        return std::optional<AccountRow>{};
    auto const& [id, balance, invoice] = *row;
    return std::optional{AccountRow{id, balance, invoice}};
}

Outcome<AccountRow> open_account(
    store::Transaction& transaction, std::uint32_t provider, std::string_view account,
    std::string_view written) {
    TRY(auto const known, find_account(transaction, provider, account));
    if (known)
        return *known;
    TRY(auto const id,
        transaction.insert(
            "INSERT INTO debt_account (provider, account, written) VALUES (?, ?, ?)",
            {provider, account, written}));
    return AccountRow{id, protocol::rub(0), {}};
}

struct Change {
    MovementKind kind;
    std::int64_t kopecks; ///< Positive: the debt grows.
    std::string_view reference;
    std::int64_t ledger_sequence = 0; ///< 0: no entry moved money.
};

/// The balance and the line of the log that explains it. `paid_since` is not in the balance yet.
Outcome<void> move(
    store::Transaction& transaction, AccountRow const& account, std::int64_t paid_since,
    Change const& change, UtcTime now) {
    auto const balance = protocol::add(account.balance, protocol::rub(change.kopecks));
    auto const shown = balance ? protocol::add(*balance, protocol::rub(-paid_since)) : balance;
    if (!shown)
        return fail(store::StoreError{store::StoreError::Kind::Shape, "a debt that does not fit"});
    TRY(auto const after, last_paid(transaction));
    TRY_VOID(transaction.execute(
        "INSERT INTO debt_movement (account, kind, change, balance, reference, ledger_sequence, "
        "at_ms, after_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {account.id,
         static_cast<int>(change.kind),
         change.kopecks,
         *shown,
         change.reference,
         change.ledger_sequence == 0 ? store::Value{std::nullopt}
                                     : store::Value{change.ledger_sequence},
         now,
         after}));
    TRY_VOID(transaction.execute(
        "UPDATE debt_account SET balance = ? WHERE id = ?", {*balance, account.id}));
    return {};
}

/// Payments up to this ledger sequence are in the balances.
Outcome<std::int64_t> folded(store::Reading const& reading) {
    TRY(auto const upto, reading.value<std::int64_t>("SELECT upto FROM debt_fold"));
    return upto.value_or(0);
}

/// Payments that are not in the balance yet.
Outcome<std::int64_t> paid_since(
    store::Reading const& reading, std::uint32_t provider, std::string_view account) {
    TRY(auto const upto, folded(reading));
    TRY(auto const payments, paid_of(reading, provider, account, upto));
    std::int64_t sum = 0;
    for (PaidDebt const& paid : payments)
        sum += paid.credited.minor();
    return sum;
}

/// Takes all payments into the balances. Before invoices come: they change most of the accounts
/// anyhow, and a payment alone would dirty a page for every account.
Outcome<void> fold(store::Transaction& transaction) {
    constexpr std::size_t at_once = 100'000;
    TRY(auto upto, folded(transaction));
    TRY(auto const last, last_paid(transaction));
    while (upto < last) {
        std::map<std::pair<std::uint32_t, std::string>, std::int64_t> sums;
        std::size_t seen = 0;
        TRY_VOID(each_paid(transaction, upto, [&](PaidDebt const& paid) -> Outcome<bool> {
            sums[{paid.provider, paid.account}] += paid.credited.minor();
            upto = paid.ledger_sequence;
            return ++seen < at_once;
        }));
        for (auto const& [of, sum] : sums) {
            TRY(auto const row, open_account(transaction, of.first, of.second, of.second));
            TRY_VOID(transaction.execute(
                "UPDATE debt_account SET balance = balance - ? WHERE id = ?", {sum, row.id}));
        }
        TRY_VOID(transaction.execute("UPDATE debt_fold SET upto = ?", {upto}));
    }
    return {};
}

struct StoredInvoice {
    std::int64_t id = 0;
    std::string date;
    std::string number;
    Money to_pay = protocol::rub(0);
};

Outcome<std::optional<StoredInvoice>> find_invoice(
    store::Reading const& reading, std::optional<std::int64_t> id) {
    TRY(auto row,
        (reading.one<std::int64_t, std::string, std::string, Money>(
            "SELECT id, date, number, to_pay FROM debt_invoice WHERE id = ?", {id})));
    if (!row)
        return std::optional<StoredInvoice>{};
    auto& [found, date, number, to_pay] = *row;
    return std::optional{StoredInvoice{found, std::move(date), std::move(number), to_pay}};
}

/// Whether the last that was stored under this number says the same.
Outcome<bool> is_stored(
    store::Reading const& reading, std::int64_t account, Invoice const& invoice) {
    TRY(auto const row,
        (reading.one<Money, Money, Money>(
            "SELECT charged, balance, to_pay FROM debt_invoice "
            "WHERE account = ? AND date = ? AND number = ? ORDER BY id DESC LIMIT 1",
            {account, invoice.date, invoice.number})));
    return row && *row == std::tuple{invoice.charged, invoice.balance, invoice.to_pay};
}

Outcome<void> describe_payer(
    store::Transaction& transaction, std::int64_t account, Invoice const& invoice) {
    TRY_VOID(transaction.execute(
        "UPDATE debt_account SET written = ?, payer = CASE WHEN ?2 = '' THEN payer ELSE ?2 END, "
        "address = CASE WHEN ?3 = '' THEN address ELSE ?3 END WHERE id = ?4",
        {invoice.account_written, invoice.payer, invoice.address, account}));
    return {};
}

} // namespace

std::string_view name(MovementKind kind) {
    switch (kind) {
    case MovementKind::Invoice: return "invoice";
    case MovementKind::Correction: return "correction";
    case MovementKind::Payment: return "payment";
    case MovementKind::TakenBack: return "taken back";
    }
    return "unknown";
}

Outcome<bool> put_invoice(
    store::Transaction& transaction, std::uint32_t provider, Invoice const& invoice,
    std::int64_t import, UtcTime now) {
    TRY_VOID(fold(transaction));
    TRY(auto const account,
        open_account(transaction, provider, invoice.account, invoice.account_written));
    TRY_VOID(describe_payer(transaction, account.id, invoice));
    TRY(bool const known, is_stored(transaction, account.id, invoice));
    if (known)
        return false;
    TRY(auto const id,
        transaction.insert(
            "INSERT INTO debt_invoice (account, date, number, charged, balance, to_pay, import, "
            "imported_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            {account.id,
             invoice.date,
             invoice.number,
             invoice.charged,
             invoice.balance,
             invoice.to_pay,
             import,
             now}));
    TRY(auto const standing, find_invoice(transaction, account.invoice));
    bool const is_same =
        standing && standing->date == invoice.date && standing->number == invoice.number;
    // Two invoices of one day: the later in the file counts, as in the provider's own list.
    bool const is_newest = !standing || standing->date <= invoice.date;
    if (!is_same && !is_newest)
        return true;
    Change const change = is_same
        ? Change{MovementKind::Correction, invoice.to_pay.minor() - standing->to_pay.minor(),
              invoice.number, 0}
        : Change{MovementKind::Invoice, invoice.to_pay.minor() - account.balance.minor(),
              invoice.number, 0};
    TRY_VOID(move(transaction, account, 0, change, now));
    TRY_VOID(
        transaction.execute("UPDATE debt_account SET invoice = ? WHERE id = ?", {id, account.id}));
    return true;
}

Outcome<void> put_lines(
    store::Transaction& transaction, std::uint32_t provider, std::vector<Line> const& lines,
    std::int64_t import) {
    // Position by account and period; the first line of each clears what was there.
    std::map<std::pair<std::int64_t, std::string>, int> positions;
    for (Line const& line : lines) {
        TRY(auto const account,
            open_account(transaction, provider, line.account, line.account_written));
        auto& position = positions[{account.id, line.period}];
        if (position == 0)
            TRY_VOID(transaction.execute(
                "DELETE FROM debt_line WHERE account = ? AND period = ?",
                {account.id, line.period}));
        TRY_VOID(transaction.execute(
            "INSERT INTO debt_line (account, period, position, service, unit, tariff, quantity, "
            "amount, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {account.id,
             line.period,
             ++position,
             line.line.service,
             line.line.unit,
             line.line.tariff,
             line.line.quantity,
             line.line.amount,
             import}));
    }
    return {};
}

Outcome<void> record_payment(
    store::Transaction& transaction, std::uint32_t provider, std::string_view account,
    Money credited, std::string_view txn_id, std::int64_t ledger_sequence, UtcTime now) {
    return append_paid(
        transaction,
        {ledger_sequence, provider, std::string{account}, credited, std::string{txn_id}, now});
}

Outcome<void> take_back_payment(
    store::Transaction& transaction, std::uint32_t provider, std::string_view account,
    Money credited, std::string_view txn_id, std::int64_t ledger_sequence, UtcTime now) {
    TRY(auto const row, open_account(transaction, provider, account, account));
    TRY(auto const since, paid_since(transaction, provider, account));
    return move(
        transaction,
        row,
        since,
        {MovementKind::TakenBack, credited.minor(), txn_id, ledger_sequence},
        now);
}

Outcome<std::optional<AccountState>> state_of(
    store::Reading const& reading, std::uint32_t provider, std::string_view account) {
    TRY(auto row, find_account(reading, provider, account));
    TRY(auto const upto, folded(reading));
    TRY(auto const since, paid_of(reading, provider, account, upto));
    if (!row && since.empty())
        return std::optional<AccountState>{};
    if (!row)
        row = AccountRow{}; // Paid for, and in no register.
    std::int64_t owed = row->balance.minor();
    for (PaidDebt const& paid : since)
        owed -= paid.credited.minor();
    AccountState state;
    state.provider_id = provider;
    state.account = account;
    TRY(auto const payer,
        (reading.one<std::string, std::string>(
            "SELECT payer, address FROM debt_account WHERE id = ?", {row->id})));
    if (payer) {
        state.payer_masked = mask_payer(std::get<0>(*payer));
        state.address_masked = mask_address(std::get<1>(*payer));
    }
    state.debt = protocol::rub(std::max<std::int64_t>(owed, 0));
    state.advance = protocol::rub(std::max<std::int64_t>(-owed, 0));
    TRY(auto const invoice, find_invoice(reading, row->invoice));
    if (invoice)
        state.debt_date = invoice->date;
    TRY(auto const period,
        reading.value<std::string>(
            "SELECT period FROM debt_line WHERE account = ? "
            "ORDER BY period DESC LIMIT 1",
            {row->id}));
    constexpr std::size_t month_size = 7; // "2009-09"
    state.period = period.value_or(state.debt_date.substr(0, month_size));
    TRY_VOID((reading.each<std::string, std::string, std::string, std::string, Money>(
        "SELECT service, unit, tariff, quantity, amount FROM debt_line "
        "WHERE account = ? AND period = ? ORDER BY position",
        {row->id, state.period},
        [&](std::string service,
            std::string unit,
            std::string tariff,
            std::string quantity,
            Money amount) {
            state.lines.push_back(ServiceLine{
                std::move(service),
                std::move(unit),
                std::move(tariff),
                std::move(quantity),
                amount});
        })));
    return std::optional{std::move(state)};
}

Outcome<bool> has_registers(store::Reading const& reading, std::uint32_t provider) {
    TRY(auto const any,
        reading.value<std::int64_t>(
            "SELECT 1 FROM debt_account WHERE provider = ? AND invoice IS NOT NULL LIMIT 1",
            {provider}));
    return any.has_value();
}

Outcome<bool> is_known(
    store::Reading const& reading, std::uint32_t provider, std::string_view account) {
    TRY(auto const row, find_account(reading, provider, account));
    if (row)
        return true;
    TRY(auto const paid, paid_of(reading, provider, account, 0));
    return !paid.empty();
}

Outcome<std::vector<Movement>> movements(
    store::Reading const& reading, std::uint32_t provider, std::string_view account) {
    std::vector<std::pair<std::int64_t, Movement>> found; // By where it stands among payments.
    TRY_VOID((reading.each<
              std::int64_t,
              std::uint8_t,
              Money,
              Money,
              std::string,
              std::optional<std::int64_t>,
              UtcTime,
              std::int64_t>(
        "SELECT m.id, m.kind, m.change, m.balance, m.reference, m.ledger_sequence, m.at_ms, "
        "m.after_sequence FROM debt_movement m JOIN debt_account a ON a.id = m.account "
        "WHERE a.provider = ? AND a.account = ? ORDER BY m.id",
        {provider, account},
        [&](std::int64_t id,
            std::uint8_t kind,
            Money change,
            Money balance,
            std::string reference,
            std::optional<std::int64_t>
                sequence,
            UtcTime at,
            std::int64_t after) {
            found.emplace_back(
                after,
                Movement{
                    id,
                    static_cast<MovementKind>(kind),
                    change,
                    balance,
                    std::move(reference),
                    sequence.value_or(0),
                    at});
        })));
    TRY(auto const payments, paid_of(reading, provider, account, 0));
    for (PaidDebt const& paid : payments)
        found.emplace_back(
            paid.ledger_sequence,
            Movement{
                0,
                MovementKind::Payment,
                protocol::rub(-paid.credited.minor()),
                protocol::rub(0),
                paid.reference,
                paid.ledger_sequence,
                paid.at});
    // A movement stands after the payment that was the last before it.
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) {
        return std::pair{a.first, a.second.id} < std::pair{b.first, b.second.id};
    });
    std::vector<Movement> movements;
    std::int64_t balance = 0;
    for (auto& [place, movement] : found) {
        balance += movement.change.minor();
        movement.balance = protocol::rub(balance);
        movements.push_back(std::move(movement));
    }
    return movements;
}

Outcome<std::optional<std::string>> first_difference(store::Reading const& reading) {
    TRY(auto const upto, folded(reading));
    std::map<std::pair<std::uint32_t, std::string>, std::int64_t> paid;
    TRY_VOID(each_paid(reading, 0, [&](PaidDebt const& one) -> Outcome<bool> {
        if (one.ledger_sequence > upto)
            return false;
        paid[{one.provider, one.account}] += one.credited.minor();
        return true;
    }));
    std::optional<std::string> difference;
    auto const differ = [&](std::uint32_t provider, std::string const& account) {
        if (!difference)
            difference = account + " of provider " + std::to_string(provider);
    };
    TRY_VOID((reading.each<std::uint32_t, std::string, std::int64_t, std::int64_t>(
        "SELECT a.provider, a.account, a.balance, coalesce(sum(m.change), 0) FROM debt_account a "
        "LEFT JOIN debt_movement m ON m.account = a.id GROUP BY a.id ORDER BY a.id",
        {},
        [&](std::uint32_t provider,
            std::string const& account,
            std::int64_t balance,
            std::int64_t movements) {
            auto const own = paid.find({provider, account});
            std::int64_t const taken = own == paid.end() ? 0 : own->second;
            if (balance != movements - taken)
                differ(provider, account);
            if (own != paid.end())
                paid.erase(own);
        })));
    for (auto const& [of, sum] : paid) // Folded into an account that is not there.
        differ(of.first, of.second);
    return difference;
}

} // namespace fleet::debts
