#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/ledger/balances.hpp"

/// Everything that the books say about one business event.
namespace fleet::ledger {

struct HistoryLeg {
    Sequence sequence = 0; ///< Of the entry.
    UtcTime at;
    std::string kind; ///< Of the entry: "payment", "forward", "confirm", "refusal".
    std::string debit;
    std::string credit;
    TransferState state = TransferState::Posted;
    Money amount = protocol::rub(0);
};

/// Every leg of every entry with this reference, in the order of posting.
[[nodiscard]] store::Outcome<std::vector<HistoryLeg>> history_of(
    store::Reading const& reading, std::string_view reference);

} // namespace fleet::ledger
