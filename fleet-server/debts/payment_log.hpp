#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/store/reading.hpp"

/// What payments take off debts, append-only. The payments of a commit are one row of bytes: a row
/// and two index entries for each would cost more than all the rest of a payment.
namespace fleet::debts {

struct PaidDebt {
    std::int64_t ledger_sequence = 0;
    std::uint32_t provider = 0;
    std::string account; ///< Canonical.
    protocol::Money credited = protocol::rub(0);
    std::string reference; ///< txn_id
    UtcTime at;
};

/// A sequence that is not above the last one is a Constraint error: an entry moves a debt once.
[[nodiscard]] store::Outcome<void> append_paid(store::Transaction& transaction, PaidDebt paid);
/// The last ledger sequence in the log; 0 for an empty one.
[[nodiscard]] store::Outcome<std::int64_t> last_paid(store::Transaction& transaction);

using PaidVisitor = std::function<store::Outcome<bool>(PaidDebt const&)>; ///< false: enough.
/// Payments of all accounts after that ledger sequence, in order.
[[nodiscard]] store::Outcome<void> each_paid(
    store::Reading const& reading, std::int64_t after, PaidVisitor const& visit);
/// Those of one account.
[[nodiscard]] store::Outcome<std::vector<PaidDebt>> paid_of(
    store::Reading const& reading, std::uint32_t provider, std::string_view account,
    std::int64_t after);

/// A row's bytes, as store::Packer writes them, each payment by its differences to the one before:
///   sequence | at_ms | provider | text account | kopecks | text reference, or empty and its number
[[nodiscard]] protocol::Bytes pack_paid(std::vector<PaidDebt> const& payments);
/// False: the bytes are not such a row.
[[nodiscard]] bool unpack_paid(protocol::ByteView bytes, std::vector<PaidDebt>& into);

} // namespace fleet::debts
