#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/store/reading.hpp"
#include "protocol/catalog/catalog.hpp"

/// What residents owe providers, as the providers said, less what was paid here since. These are
/// documents, not accounts of ours: the payer owes the provider. Every change of a balance is a
/// line of an append-only log, so that "why is my debt this?" always has an answer.
namespace fleet::debts {

using protocol::Money;

enum class MovementKind : std::uint8_t {
    Invoice,    ///< A newer invoice replaces the balance.
    Correction, ///< The same invoice came again with another sum.
    Payment,
    TakenBack, ///< A payment that the provider refused for good.
};
[[nodiscard]] std::string_view name(MovementKind kind);

/// A change of what the account owes: positive makes the debt greater.
struct Movement {
    std::int64_t id = 0;
    MovementKind kind = MovementKind::Invoice;
    Money change = protocol::rub(0);
    Money balance = protocol::rub(0); ///< Afterwards; negative is an advance.
    std::string reference;            ///< Invoice number, or txn_id.
    std::int64_t ledger_sequence = 0; ///< Of the posting, for a payment.
    UtcTime at;
};

/// One line of a charge register, account canonical.
struct Invoice {
    std::string account;
    std::string account_written;
    std::string date; ///< ISO: "2009-09-01".
    std::string number;
    Money charged = protocol::rub(0);
    Money balance = protocol::rub(0); ///< As the provider writes it: negative is a debt.
    Money to_pay = protocol::rub(0);
    std::string payer; ///< In full; leaves the server only masked.
    std::string address;
};
struct Line {
    std::string account;
    std::string account_written;
    std::string period; ///< "2009-09"
    protocol::catalog::ServiceLine line;
};

/// Stores the invoice. When it is the account's newest by date, `to_pay` becomes what the account
/// owes: the provider is taken to know of the payments before it. The invoice on which the debt
/// stands, come again with another sum, changes the debt by the difference, so that payments since
/// stay counted; an older one is only kept. False: known already, exactly so.
[[nodiscard]] store::Outcome<bool> put_invoice(
    store::Transaction& transaction, std::uint32_t provider, Invoice const& invoice,
    std::int64_t import, UtcTime now);

/// Replaces the service lines of these accounts and periods, in the order given.
[[nodiscard]] store::Outcome<void> put_lines(
    store::Transaction& transaction, std::uint32_t provider, std::vector<Line> const& lines,
    std::int64_t import);

/// A payment has reached the ledger. Beyond the debt it becomes an advance. Payments are kept in a
/// log of their own (payment_log.hpp) and are taken into the accounts' rows when invoices come.
[[nodiscard]] store::Outcome<void> record_payment(
    store::Transaction& transaction, std::uint32_t provider, std::string_view account,
    Money credited, std::string_view txn_id, std::int64_t ledger_sequence, UtcTime now);

/// A payment went back (the provider refused it for good).
[[nodiscard]] store::Outcome<void> take_back_payment(
    store::Transaction& transaction, std::uint32_t provider, std::string_view account,
    Money credited, std::string_view txn_id, std::int64_t ledger_sequence, UtcTime now);

/// What a kiosk may be told: the payer masked, the newest period's lines. nullopt: no register and
/// no payment ever named this account.
[[nodiscard]] store::Outcome<std::optional<protocol::catalog::AccountState>> state_of(
    store::Reading const& reading, std::uint32_t provider, std::string_view account);

/// Whether a register or a payment has named the account.
[[nodiscard]] store::Outcome<bool> is_known(
    store::Reading const& reading, std::uint32_t provider, std::string_view account);

/// Whether any register of this provider was imported: then it says which accounts there are.
[[nodiscard]] store::Outcome<bool> has_registers(
    store::Reading const& reading, std::uint32_t provider);

[[nodiscard]] store::Outcome<std::vector<Movement>> movements(
    store::Reading const& reading, std::uint32_t provider, std::string_view account);

/// The first account whose balance is not the sum of its movements; nullopt is good.
[[nodiscard]] store::Outcome<std::optional<std::string>> first_difference(
    store::Reading const& reading);

/// "Гильман Павел Семенович" -> "Гильман П. С."
[[nodiscard]] std::string mask_payer(std::string_view full_name);
/// "Мануринский проспект, д. 3, кв. 006" -> "Мануринский проспект, д. 3, кв. ***"
[[nodiscard]] std::string mask_address(std::string_view address);

} // namespace fleet::debts
