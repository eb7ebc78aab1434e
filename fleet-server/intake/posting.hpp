#pragma once

#include <map>
#include <string>

#include "fleet-server/intake/fact.hpp"
#include "fleet-server/splitting/rule.hpp"

/// Puts one fact into the books: ledger, payment row, debt, outbox, flags.
namespace fleet::intake {

/// Which record it is.
struct Source {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t sequence = 0;
    std::string txn_id;
};

/// Rules are immutable, so what was read once stays good. Keyed by text.
using RuleShelf = std::map<std::string, splitting::Rule>;

/// The record itself is stored already. Money is never refused: what cannot be placed goes to
/// suspense with a flag. Fails only when the database does, or when the books refuse even suspense.
[[nodiscard]] store::Outcome<void> post_fact(
    store::Transaction& transaction, Source const& source, Fact const& fact, RuleShelf& rules,
    UtcTime now);

[[nodiscard]] store::Outcome<void> raise(
    store::Transaction& transaction, Source const& source, Flag const& flag, UtcTime now);

} // namespace fleet::intake
