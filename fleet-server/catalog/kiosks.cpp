#include "fleet-server/catalog/kiosks.hpp"

#include <algorithm>

#include "fleet-server/catalog/catalog.hpp"

namespace fleet::catalog {

using protocol::fail;
using protocol::Result;
using store::Outcome;

namespace {

Outcome<void> note_event(
    store::Transaction& transaction, std::uint32_t kiosk, UtcTime now, std::string_view what,
    std::string_view reason) {
    TRY_VOID(transaction.execute(
        "INSERT INTO kiosk_event (kiosk, at_ms, what, reason) VALUES (?, ?, ?, ?)",
        {kiosk, now, what, reason}));
    return {};
}

Outcome<std::vector<Kiosk>> select(
    store::Reading const& reading, char const* condition, store::Values values) {
    std::vector<Kiosk> kiosks;
    TRY_VOID((reading.each<
              std::uint32_t,
              std::string,
              std::uint32_t,
              std::uint8_t,
              std::string,
              std::optional<UtcTime>,
              std::uint64_t,
              protocol::Bytes>(
        std::string{"SELECT k.number, k.address, k.epoch, k.state, k.state_reason, k.heard_at, "
                    "e.last_sequence, e.head_hash FROM kiosk k "
                    "JOIN kiosk_epoch e ON e.kiosk = k.number AND e.epoch = k.epoch "} +
            condition,
        values,
        [&](std::uint32_t number,
            std::string address,
            std::uint32_t epoch,
            std::uint8_t state,
            std::string reason,
            std::optional<UtcTime>
                heard,
            std::uint64_t sequence,
            protocol::Bytes const& hash) {
            Kiosk kiosk{
                number,
                std::move(address),
                epoch,
                static_cast<KioskState>(state),
                std::move(reason),
                ChainHead{sequence, {}},
                heard};
            // The schema keeps hashes at 32 bytes.
            std::copy_n(
                hash.begin(),
                std::min(hash.size(), kiosk.head.hash.size()),
                kiosk.head.hash.begin());
            kiosks.push_back(std::move(kiosk));
        })));
    return kiosks;
}

Outcome<void> set_state(
    store::Transaction& transaction, std::uint32_t number, KioskState state,
    std::string_view reason) {
    TRY_VOID(transaction.execute(
        "UPDATE kiosk SET state = ?, state_reason = ? WHERE number = ?",
        {static_cast<int>(state), reason, number}));
    return {};
}

} // namespace

std::string_view name(KioskState state) {
    switch (state) {
    case KioskState::Active: return "active";
    case KioskState::Quarantined: return "quarantined";
    case KioskState::Retired: return "retired";
    }
    return "unknown";
}

Outcome<Result<std::uint32_t, EnrolError>> enrol(
    store::Transaction& transaction, std::uint32_t number, std::string_view address, UtcTime now) {
    using Answer = Result<std::uint32_t, EnrolError>;
    if (number == 0 || number > kiosk_number_max)
        return Answer{fail(EnrolError::NumberOutOfRange)};
    if (address.empty())
        return Answer{fail(EnrolError::AddressEmpty)};
    TRY(auto const known, find_kiosk(transaction, number));
    std::uint32_t const epoch = known ? known->epoch + 1 : 1;
    if (epoch > epoch_max)
        return Answer{fail(EnrolError::EpochsUsedUp)};
    TRY_VOID(transaction.execute(
        "INSERT INTO kiosk (number, address, epoch) VALUES (?, ?, ?) ON CONFLICT (number) "
        "DO UPDATE SET address = excluded.address, epoch = excluded.epoch, state = 0, "
        "state_reason = ''",
        {number, address, epoch}));
    TRY_VOID(transaction.execute(
        "INSERT INTO kiosk_epoch (kiosk, epoch, head_hash, opened_at) "
        "VALUES (?, ?, zeroblob(32), ?)",
        {number, epoch, now}));
    TRY_VOID(note_event(transaction, number, now, "enrolled", "epoch " + std::to_string(epoch)));
    if (known && known->address != address)
        TRY_VOID(raise_catalog_version(transaction)); // The address is shown and printed.
    return Answer{epoch};
}

Outcome<std::optional<Kiosk>> find_kiosk(store::Reading const& reading, std::uint32_t number) {
    TRY(auto found, select(reading, "WHERE k.number = ?", {number}));
    if (found.empty())
        return std::optional<Kiosk>{};
    return std::optional{std::move(found.front())};
}

Outcome<std::vector<Kiosk>> all_kiosks(store::Reading const& reading) {
    return select(reading, "ORDER BY k.number", {});
}

Outcome<void> quarantine(
    store::Transaction& transaction, std::uint32_t number, std::string_view reason, UtcTime now) {
    TRY_VOID(set_state(transaction, number, KioskState::Quarantined, reason));
    return note_event(transaction, number, now, "quarantined", reason);
}

Outcome<bool> release(store::Transaction& transaction, std::uint32_t number, UtcTime now) {
    TRY(auto const known, find_kiosk(transaction, number));
    if (!known || known->state != KioskState::Quarantined)
        return false;
    TRY_VOID(set_state(transaction, number, KioskState::Active, ""));
    TRY_VOID(note_event(transaction, number, now, "released", known->state_reason));
    return true;
}

Outcome<void> advance_chain(
    store::Transaction& transaction, std::uint32_t number, std::uint32_t epoch,
    ChainHead const& head, UtcTime now) {
    TRY(auto const changed,
        transaction.execute(
            "UPDATE kiosk_epoch SET last_sequence = ?, head_hash = ? "
            "WHERE kiosk = ? AND epoch = ? AND last_sequence < ?",
            {head.sequence, protocol::ByteView{head.hash}, number, epoch, head.sequence}));
    if (changed != 1)
        return fail(store::StoreError{
            store::StoreError::Kind::Shape,
            "the chain of kiosk " + std::to_string(number) + " cannot go back"});
    TRY_VOID(transaction.execute("UPDATE kiosk SET heard_at = ? WHERE number = ?", {now, number}));
    return {};
}

} // namespace fleet::catalog
