#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// The durable queue of payments that providers must be told of. A row is written in the very
/// transaction that accepts the payment, and never deleted.
namespace fleet::store {
class Transaction;
struct StoreError;
} // namespace fleet::store

namespace fleet::gateways {

/// Digits of a payment's number at every provider: kiosk(6) epoch(3) sequence(9). The same for
/// life. Nothing when a part does not fit: no such payment may be accepted.
[[nodiscard]] std::optional<std::string> transaction_id(
    std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t sequence);

struct Forwarding {
    std::string txn_id; ///< transaction_id()
    std::uint32_t provider = 0;
    std::string account; ///< Canonical.
    protocol::Money sum =
        protocol::rub(0); ///< What the provider credits: the payment's `credited`.
    protocol::Money payable =
        protocol::rub(0);            ///< What its ledger account was owed by this payment:
                                     ///< held while in flight, moved when refused.
    std::int64_t accepted_at_ms = 0; ///< When intake accepted it, UTC.
};

/// Inside intake's transaction. A txn_id that is already there is a Constraint error: intake is
/// what makes a payment happen once.
[[nodiscard]] protocol::Result<void, store::StoreError> enqueue(
    store::Transaction& transaction, Forwarding const& forwarding);

} // namespace fleet::gateways
