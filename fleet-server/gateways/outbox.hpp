#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fleet-server/gateways/delivery.hpp"
#include "fleet-server/store/reading.hpp"
#include "protocol/money/money.hpp"

/// The durable queue of payments that providers must be told of. What is accepted is written in the
/// very transaction that accepts the payment; a gateway takes it up as a row, which is never
/// deleted.
namespace fleet::gateways {

/// Digits of a payment's number at every provider: kiosk(6) epoch(3) sequence(9). The same for
/// life. Nothing when a part does not fit: no such payment may be accepted.
[[nodiscard]] std::optional<std::string> transaction_id(
    std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t sequence);

/// The parts of a payment's number at providers; nothing when it is not 18 digits.
struct TransactionParts {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t sequence = 0;
};
[[nodiscard]] std::optional<TransactionParts> record_of(std::string_view txn_id);

struct Forwarding {
    std::string txn_id; ///< transaction_id()
    std::uint32_t provider = 0;
    std::string account; ///< Canonical.
    protocol::Money sum =
        protocol::rub(0); ///< What the provider credits: the payment's `credited`.
    /// What the payment put into the provider's `payable` account: held while in flight, moved to
    /// suspense when refused. May be zero, when a rule gives the provider nothing.
    protocol::Money payable = protocol::rub(0);
    std::int64_t accepted_at_ms = 0; ///< When intake accepted it, UTC.
};

/// Inside intake's transaction, which is what makes a payment happen once. A txn_id that is not one
/// is a Constraint error.
[[nodiscard]] store::Outcome<void> enqueue(
    store::Transaction& transaction, Forwarding const& forwarding);

/// What was accepted becomes rows of the outbox, the oldest first, until there are `enough`. Gives
/// their number. A txn_id that is already there is a Constraint error.
[[nodiscard]] store::Outcome<std::size_t> take_up_waiting(
    store::Transaction& transaction, std::size_t enough);
/// One of them.
[[nodiscard]] store::Outcome<void> put_into_outbox(
    store::Transaction& transaction, Forwarding const& forwarding);

/// A delivery as stored, with what only the books need.
struct StoredDelivery {
    std::int64_t id = 0; ///< In order of acceptance.
    Delivery delivery;
    Money payable = protocol::rub(0);
};

/// Also one that waits to be taken up: NEW, with the id that it will have.
[[nodiscard]] store::Outcome<std::optional<StoredDelivery>> find_delivery(
    store::Reading const& reading, std::string_view txn_id);

/// Whose time has come, oldest first. Payments of one account go one after the other: one that
/// waits for an earlier one is not due, unless a person has been called for the earlier one.
[[nodiscard]] store::Outcome<std::vector<StoredDelivery>> due_deliveries(
    store::Reading const& reading, std::uint32_t provider, UtcTime now, std::size_t count_max);
[[nodiscard]] store::Outcome<std::vector<std::uint32_t>> providers_with_due(
    store::Reading const& reading, UtcTime now);
/// txn_ids of what was in flight when the last process ended.
[[nodiscard]] store::Outcome<std::vector<std::string>> left_in_flight(
    store::Reading const& reading);

[[nodiscard]] store::Outcome<void> save(
    store::Transaction& transaction, StoredDelivery const& stored);

struct StoryLine {
    UtcTime at;
    std::string what;
};
/// Keeps the first and the last lines; the middle of a very long story is told once.
[[nodiscard]] store::Outcome<void> tell(
    store::Transaction& transaction, std::int64_t id, std::string_view what, UtcTime now);
[[nodiscard]] store::Outcome<std::vector<StoryLine>> story_of(
    store::Reading const& reading, std::string_view txn_id);

struct DeliveryFilter {
    std::optional<DeliveryState> state;
    bool only_for_person = false;
    std::int64_t before = 0;     ///< For paging by id; 0: from the newest.
    std::size_t count_max = 100; ///< At most 1000.
};
[[nodiscard]] store::Outcome<std::vector<StoredDelivery>> list_deliveries(
    store::Reading const& reading, DeliveryFilter const& filter);
/// Every state is there, with zero where there is none.
[[nodiscard]] store::Outcome<std::map<DeliveryState, std::int64_t>> count_by_state(
    store::Reading const& reading);

/// What must stand pending in `inflight` of each provider: all that is sent and not final.
[[nodiscard]] store::Outcome<std::map<std::uint32_t, Money>> under_way(
    store::Reading const& reading);

} // namespace fleet::gateways
