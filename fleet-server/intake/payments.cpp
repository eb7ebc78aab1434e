#include "fleet-server/intake/payments.hpp"

#include <algorithm>

#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/intake/fact.hpp"
#include "fleet-server/intake/records.hpp"

namespace fleet::intake {

using store::Outcome;

namespace {

constexpr std::size_t count_most = 1'000;

Outcome<void> add_flags(store::Reading const& reading, Payment& payment) {
    return reading.each<std::string, std::string>(
        "SELECT kind, explanation FROM discrepancy WHERE txn_id = ? ORDER BY id",
        {payment.txn_id},
        [&](std::string const& kind, std::string const& explanation) {
            payment.flags.push_back(kind + ": " + explanation);
        });
}

store::StoreError unreadable(RecordId id) {
    return {
        store::StoreError::Kind::Corrupt,
        "record " + std::to_string(id) + " cannot be read; verify the books"};
}

/// Nullopt: the record is of no payment.
Outcome<std::optional<Payment>> payment_with_flags(
    store::Reading const& reading, StoredRecord const& record) {
    TRY(auto payment, to_payment(record));
    if (payment)
        TRY_VOID(add_flags(reading, *payment));
    return payment;
}

/// The first record that was posted as the entry or later: records are in the ledger's order, and
/// those without money have no entry.
Outcome<RecordId> first_record_from(store::Reading const& reading, ledger::Sequence sequence) {
    TRY(auto const count, count_records(reading));
    RecordId low = 1;
    RecordId high = count + 1;
    while (low < high) {
        RecordId const middle = low + (high - low) / 2;
        RecordId seen = middle;
        ledger::Sequence posted = 0;
        TRY_VOID(each_record(
            reading,
            middle,
            high - 1,
            RecordOrder::OldestFirst,
            [&](StoredRecord const& record) -> Outcome<bool> {
                auto const posting = unpack_posting(record.posting);
                if (!posting)
                    return protocol::fail(unreadable(record.id));
                seen = record.id;
                posted = posting->ledger_sequence;
                return posted == 0;
            }));
        if (posted == 0 || posted >= sequence)
            high = middle;
        else
            low = seen + 1;
    }
    return low;
}

bool matches(Payment const& payment, PaymentFilter const& filter) {
    return (!filter.kiosk || payment.kiosk == *filter.kiosk) &&
           (!filter.provider || payment.provider == *filter.provider) &&
           (filter.account.empty() || payment.account == filter.account);
}

} // namespace

std::string_view name(Routing routing) {
    switch (routing) {
    case Routing::Split: return "split";
    case Routing::Suspense: return "suspense";
    }
    return "unknown";
}

Outcome<std::optional<Payment>> to_payment(StoredRecord const& record) {
    auto fact = read_fact(record.payload);
    auto posting = unpack_posting(record.posting);
    if (!fact || !posting)
        return protocol::fail(unreadable(record.id));
    if (!fact->payment)
        return std::optional<Payment>{};
    PaymentFact& paid = *fact->payment;
    auto const& [kiosk, epoch, sequence] = record.key;
    Payment payment;
    payment.txn_id = gateways::transaction_id(kiosk, epoch, sequence).value_or("");
    payment.kiosk = kiosk;
    payment.epoch = epoch;
    payment.sequence = sequence;
    payment.kiosk_time = fact->at;
    payment.received_at = record.received_at;
    payment.provider = paid.provider;
    payment.account =
        posting->account.empty() ? std::move(paid.account) : std::move(posting->account);
    payment.account_typed = std::move(paid.account_typed);
    payment.channel = paid.channel;
    payment.tariff_version = paid.tariff_version;
    payment.cash = paid.cash;
    payment.fee = paid.fee;
    payment.credited = paid.credited;
    payment.change = paid.change;
    payment.debt_shown = paid.debt_shown;
    payment.debt_date = std::move(paid.debt_date);
    payment.was_offline = paid.was_offline;
    payment.rule_version = posting->rule_version;
    payment.ledger_sequence = posting->ledger_sequence;
    payment.routing = posting->routing;
    payment.notes = std::move(fact->notes);
    std::reverse(payment.notes.begin(), payment.notes.end()); // The greatest first.
    payment.parts = std::move(posting->parts);
    return std::optional{std::move(payment)};
}

Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::uint32_t kiosk, std::uint64_t sequence) {
    std::vector<std::uint32_t> epochs;
    TRY_VOID(reading.each<std::uint32_t>(
        "SELECT epoch FROM kiosk_epoch WHERE kiosk = ? AND last_sequence >= ? ORDER BY epoch DESC",
        {kiosk, sequence},
        [&](std::uint32_t epoch) { epochs.push_back(epoch); }));
    for (std::uint32_t const epoch : epochs) {
        TRY(auto const record, find_record(reading, {kiosk, epoch, sequence}));
        if (!record)
            continue;
        TRY(auto payment, payment_with_flags(reading, *record));
        if (payment)
            return payment;
    }
    return std::optional<Payment>{};
}

Outcome<std::optional<Payment>> find_payment(
    store::Reading const& reading, std::string_view txn_id) {
    auto const key = gateways::record_of(txn_id);
    if (!key)
        return std::optional<Payment>{};
    TRY(auto const record, find_record(reading, {key->kiosk, key->epoch, key->sequence}));
    if (!record)
        return std::optional<Payment>{};
    return payment_with_flags(reading, *record);
}

Outcome<std::vector<Payment>> list_payments(
    store::Reading const& reading, PaymentFilter const& filter) {
    std::vector<Payment> found;
    auto const enough = std::min(filter.count_max, count_most);
    TRY(auto const count, count_records(reading));
    RecordId before = count + 1;
    if (filter.before != 0) {
        TRY(before, first_record_from(reading, filter.before));
    }
    auto const visit = [&](StoredRecord const& record) -> Outcome<bool> {
        TRY(auto payment, to_payment(record));
        if (payment && matches(*payment, filter)) {
            TRY_VOID(add_flags(reading, *payment));
            found.push_back(std::move(*payment));
        }
        return found.size() < enough;
    };
    if (!filter.account.empty() || filter.kiosk || filter.provider) {
        // By what is the rarest.
        auto const subject = !filter.account.empty() ? Subject::Account
                             : filter.kiosk          ? Subject::Kiosk
                                                     : Subject::Provider;
        auto const number = filter.kiosk ? *filter.kiosk : filter.provider.value_or(0);
        TRY_VOID(each_record_about(reading, subject, number, filter.account, before, visit));
    } else {
        TRY_VOID(each_record(reading, 1, before - 1, RecordOrder::NewestFirst, visit));
    }
    return found;
}

Outcome<void> each_payment_posted(
    store::Reading const& reading, ledger::Sequence after, ledger::Sequence last,
    std::function<Outcome<void>(Payment const&)> const& visit) {
    TRY(auto const first, first_record_from(reading, after + 1));
    TRY(auto const count, count_records(reading));
    return each_record(
        reading,
        first,
        count,
        RecordOrder::OldestFirst,
        [&](StoredRecord const& record) -> Outcome<bool> {
            TRY(auto const payment, to_payment(record));
            if (!payment || payment->ledger_sequence == 0)
                return true;
            if (payment->ledger_sequence > last)
                return false;
            TRY_VOID(visit(*payment));
            return true;
        });
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

} // namespace fleet::intake
