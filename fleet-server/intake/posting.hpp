#pragma once

#include <string>

#include "fleet-server/intake/fact.hpp"
#include "fleet-server/intake/record_posting.hpp"

/// Puts one fact into the books: ledger, debt, outbox, flags.
namespace fleet::intake {

/// Which record it is.
struct Source {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t sequence = 0;
    std::string txn_id;
};

/// Money is never refused: what cannot be placed goes to suspense with a flag. Gives what the
/// record's row is to remember. Fails only when the database does, or when the books refuse even
/// suspense.
[[nodiscard]] store::Outcome<RecordPosting> post_fact(
    store::Transaction& transaction, Source const& source, Fact const& fact, UtcTime now);

[[nodiscard]] store::Outcome<void> raise(
    store::Transaction& transaction, Source const& source, Flag const& flag, UtcTime now);

} // namespace fleet::intake
