#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fleet-server/ledger/legs.hpp"

/// Entries as they were posted, for everybody who reads the books.
namespace fleet::ledger {

struct StoredLeg {
    TransferKind kind = TransferKind::Post;
    std::string debit;
    std::string credit;
    Money amount = protocol::rub(0);
    TransferId hold = 0; ///< What a Settle or Release resolves; 0: none.
};

struct StoredEntry {
    Sequence sequence = 0;
    std::int64_t at_us = 0; ///< Strictly rising from entry to entry.
    std::string kind;
    std::string reference;
    Sequence reverses = 0; ///< 0: none.
    std::vector<StoredLeg> legs;

    [[nodiscard]] UtcTime at() const;
};

using EntryVisitor = std::function<store::Outcome<bool>(StoredEntry const&)>; ///< false: enough.

/// After the entry `after` up to the entry `last`, in order.
[[nodiscard]] store::Outcome<void> each_entry(
    store::Reading const& reading, Sequence after, Sequence last, EntryVisitor const& visit);
/// The same, only those with a leg of one of the accounts. Names that are not open count as none.
[[nodiscard]] store::Outcome<void> each_entry_of(
    store::Reading const& reading, std::vector<std::string> const& accounts, Sequence after,
    Sequence last, EntryVisitor const& visit);
/// All with this reference, in order.
[[nodiscard]] store::Outcome<std::vector<StoredEntry>> entries_about(
    store::Reading const& reading, std::string_view reference);

} // namespace fleet::ledger
