#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fleet-server/ledger/verify.hpp"
#include "fleet-server/store/reading.hpp"
#include "protocol/money/money.hpp"

/// Payments as they were taken in: what the kiosk receipted, how it was divided, what was odd.
namespace fleet::intake {

using protocol::Money;

/// Where the credited sum went.
enum class Routing : std::uint8_t { Split, Suspense };
[[nodiscard]] std::string_view name(Routing routing);

struct PaymentPart {
    std::uint32_t receiver = 0; ///< A provider's number.
    Money gross = protocol::rub(0);
    Money withheld = protocol::rub(0);
    Money payable = protocol::rub(0);
    friend bool operator==(PaymentPart const&, PaymentPart const&) = default;
};

struct Note {
    Money value = protocol::rub(0);
    std::uint32_t count = 0;
    friend bool operator==(Note const&, Note const&) = default;
};

struct Payment {
    std::string txn_id;
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t sequence = 0;
    UtcTime kiosk_time; ///< As the kiosk's clock said.
    UtcTime received_at;
    std::uint32_t provider = 0;
    std::string account; ///< Canonical.
    std::string account_typed;
    std::uint32_t channel = 0;
    std::uint64_t tariff_version = 0;
    Money cash = protocol::rub(0);
    Money fee = protocol::rub(0);
    Money credited = protocol::rub(0);
    Money change = protocol::rub(0);
    Money debt_shown = protocol::rub(0);
    std::string debt_date;
    bool was_offline = false;
    std::uint32_t rule_version = 0; ///< 0 when not split.
    ledger::Sequence ledger_sequence = 0;
    Routing routing = Routing::Split;
    std::vector<Note> notes;
    std::vector<PaymentPart> parts;
    std::vector<std::string> flags; ///< Discrepancies: "server computes a fee of 1.00, ...".
};

/// A payment number is printed `<kiosk>-<sequence>`; the newest epoch that has it counts.
[[nodiscard]] store::Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::uint32_t kiosk, std::uint64_t sequence);
[[nodiscard]] store::Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::string_view txn_id);

/// What the record says and how it was posted, without flags. Nullopt: it is of no payment.
struct StoredRecord;
[[nodiscard]] store::Outcome<std::optional<Payment>> to_payment(StoredRecord const& record);

/// Payments whose entries are after `after`, up to `last`, in the ledger's order; without flags.
[[nodiscard]] store::Outcome<void> each_payment_posted(
    store::Reading const& reading, ledger::Sequence after, ledger::Sequence last,
    std::function<store::Outcome<void>(Payment const&)> const& visit);

struct PaymentFilter {
    std::optional<std::uint32_t> kiosk = {};
    std::optional<std::uint32_t> provider = {};
    std::string account = {};    ///< Canonical; empty: any.
    ledger::Sequence before = 0; ///< For paging; 0: from the newest.
    std::size_t count_max = 100; ///< At most 1000.
};
/// Newest first. Parts, notes and flags are filled in.
[[nodiscard]] store::Outcome<std::vector<Payment>> list_payments(
    store::Reading const& reading, PaymentFilter const& filter);

/// Something a person should look at. Raised at intake, append-only.
struct Discrepancy {
    std::int64_t id = 0;
    UtcTime at;
    std::uint32_t kiosk = 0;
    std::string txn_id;
    std::string
        kind; ///< "fee", "tariff-unknown", "unmatched", "sum", "rule-by-arrival", "fork", ...
    std::string explanation;
};
[[nodiscard]] store::Outcome<std::vector<Discrepancy>> discrepancies(
    store::Reading const& reading, std::int64_t after, std::size_t count_max);

struct RecordsVerification {
    std::int64_t records = 0;
    std::optional<ledger::Difference> difference; ///< The first one; none is good.
    /// What the ledger's cash accounts must show: all notes of payments and of unassigned cash.
    std::vector<ledger::Expectation> cash;
};
/// Everything that kiosks sent, once more: no gap, chains that recompute (I10, I11), payments that
/// add up (I2, I3, I4) and have their cash in the ledger, rules that divide them the same way and
/// remember the same (I6, I20). Reads everything: give it a Reader of its own.
[[nodiscard]] store::Outcome<RecordsVerification> verify_records(store::Reading const& reading);

} // namespace fleet::intake
