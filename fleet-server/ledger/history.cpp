#include "fleet-server/ledger/history.hpp"

#include "fleet-server/ledger/entries.hpp"

namespace fleet::ledger {

store::Outcome<std::vector<HistoryLeg>> history_of(
    store::Reading const& reading, std::string_view reference) {
    TRY(auto const entries, entries_about(reading, reference));
    std::vector<HistoryLeg> legs;
    for (StoredEntry const& entry : entries)
        for (StoredLeg const& leg : entry.legs)
            legs.push_back(
                {entry.sequence,
                 entry.at(),
                 entry.kind,
                 leg.debit,
                 leg.credit,
                 state_of(leg.kind),
                 leg.amount});
    return legs;
}

} // namespace fleet::ledger
