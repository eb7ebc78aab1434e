#include "fleet-server/intake/payments.hpp"

#include <algorithm>

namespace fleet::intake {

using store::Outcome;

namespace {

constexpr std::size_t count_most = 1'000;

/// What stands in tables of its own.
Outcome<void> complete(store::Reading const& reading, std::int64_t id, Payment& payment) {
    TRY_VOID((reading.each<Money, std::uint32_t>(
        "SELECT value, count FROM intake_note WHERE kiosk = ? AND epoch = ? AND sequence = ? "
        "ORDER BY value DESC",
        {payment.kiosk, payment.epoch, payment.sequence},
        [&](Money value, std::uint32_t count) {
            payment.notes.push_back({value, count});
        })));
    TRY_VOID((reading.each<std::uint32_t, Money, Money, Money>(
        "SELECT receiver, gross, withheld, payable FROM payment_part WHERE payment = ? "
        "ORDER BY position",
        {id},
        [&](std::uint32_t receiver, Money gross, Money withheld, Money payable) {
            payment.parts.push_back({receiver, gross, withheld, payable});
        })));
    return reading.each<std::string, std::string>(
        "SELECT kind, explanation FROM discrepancy WHERE txn_id = ? ORDER BY id",
        {payment.txn_id},
        [&](std::string const& kind, std::string const& explanation) {
            payment.flags.push_back(kind + ": " + explanation);
        });
}

Outcome<std::vector<Payment>> select(
    store::Reading const& reading, std::string const& condition, store::Values values) {
    std::vector<std::pair<std::int64_t, Payment>> found;
    TRY_VOID((reading.each<
              std::int64_t,
              std::uint8_t,
              std::string,
              std::uint32_t,
              std::uint32_t,
              std::uint64_t,
              UtcTime,
              UtcTime,
              std::uint32_t,
              std::string,
              std::string,
              std::uint32_t,
              std::uint64_t,
              Money,
              Money,
              Money,
              Money,
              Money,
              std::string,
              bool,
              std::uint32_t,
              ledger::Sequence>(
        // In the order of Payment's fields; how it was routed stands before them.
        "SELECT id, routing, txn_id, kiosk, epoch, sequence, kiosk_at, received_at, provider, "
        "account, account_typed, channel, tariff_version, cash, fee, credited, change, debt_shown, "
        "debt_date, was_offline, coalesce(rule_version, 0), coalesce(ledger_sequence, 0) "
        "FROM payment " +
            condition,
        values,
        [&](std::int64_t id, std::uint8_t routing, auto... fields) {
            found.emplace_back(
                id, Payment{std::move(fields)..., static_cast<Routing>(routing), {}, {}, {}});
        })));
    std::vector<Payment> payments;
    for (auto& [id, payment] : found) {
        TRY_VOID(complete(reading, id, payment));
        payments.push_back(std::move(payment));
    }
    return payments;
}

std::optional<Payment> first_of(std::vector<Payment> found) {
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

} // namespace

std::string_view name(Routing routing) {
    switch (routing) {
    case Routing::Split: return "split";
    case Routing::Suspense: return "suspense";
    }
    return "unknown";
}

Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::uint32_t kiosk, std::uint64_t sequence) {
    TRY(auto found,
        select(
            reading,
            "WHERE kiosk = ? AND sequence = ? ORDER BY epoch DESC LIMIT 1",
            {kiosk, sequence}));
    return first_of(std::move(found));
}

Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::string_view txn_id) {
    TRY(auto found, select(reading, "WHERE txn_id = ?", {txn_id}));
    return first_of(std::move(found));
}

Outcome<std::vector<Payment>> list_payments(
    store::Reading const& reading, PaymentFilter const& filter) {
    std::optional<std::string> const account =
        filter.account.empty() ? std::nullopt : std::optional{filter.account};
    std::optional<ledger::Sequence> const before =
        filter.before == 0 ? std::nullopt : std::optional{filter.before};
    return select(
        reading,
        "WHERE (?1 IS NULL OR kiosk = ?1) AND (?2 IS NULL OR provider = ?2) "
        "AND (?3 IS NULL OR account = ?3) AND (?4 IS NULL OR ledger_sequence < ?4) "
        "ORDER BY id DESC LIMIT ?5",
        {filter.kiosk, filter.provider, account, before, std::min(filter.count_max, count_most)});
}

Outcome<std::vector<Discrepancy>> discrepancies(
    store::Reading const& reading, std::int64_t after, std::size_t count_max) {
    std::vector<Discrepancy> found;
    TRY_VOID(
        (reading.each<std::int64_t, UtcTime, std::uint32_t, std::string, std::string, std::string>(
            "SELECT id, at_ms, kiosk, txn_id, kind, explanation FROM discrepancy "
            "WHERE id > ? ORDER BY id LIMIT ?",
            {after, std::min(count_max, count_most)},
            [&](std::int64_t id,
                UtcTime at,
                std::uint32_t kiosk,
                std::string txn,
                std::string kind,
                std::string explanation) {
                found.push_back(
                    {id, at, kiosk, std::move(txn), std::move(kind), std::move(explanation)});
            })));
    return found;
}

Outcome<std::vector<ledger::Expectation>> expected_cash(store::Reading const& reading) {
    std::vector<ledger::Expectation> expected;
    TRY_VOID((reading.each<std::uint32_t, Money>(
        "SELECT kiosk, sum(value * count) FROM intake_note GROUP BY kiosk ORDER BY kiosk",
        {},
        [&](std::uint32_t kiosk, Money sum) {
            expected.push_back(
                {ledger::cash_of(kiosk),
                 ledger::Expectation::Side::PostedNet,
                 sum,
                 "notes of payments and of unassigned cash"});
        })));
    return expected;
}

} // namespace fleet::intake
