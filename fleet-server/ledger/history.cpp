#include "fleet-server/ledger/history.hpp"

#include "fleet-server/ledger/chain.hpp"

namespace fleet::ledger {

namespace {

TransferState state_of(TransferKind kind) {
    switch (kind) {
    case TransferKind::Post: return TransferState::Posted;
    case TransferKind::Hold: return TransferState::Held;
    case TransferKind::Settle: return TransferState::Settled;
    case TransferKind::Release: return TransferState::Released;
    }
    return TransferState::Posted;
}

} // namespace

store::Outcome<std::vector<HistoryLeg>> history_of(
    store::Reading const& reading, std::string_view reference) {
    TRY(auto rows,
        (reading.all<Sequence, UtcTime, std::string, std::string, std::string, std::uint8_t, Money>(
            "SELECT e.id, e.at_ms, e.kind, d.name, c.name, t.kind, t.amount FROM ledger_entry e "
            "JOIN ledger_transfer t ON t.entry = e.id "
            "JOIN ledger_account d ON d.id = t.debit JOIN ledger_account c ON c.id = t.credit "
            "WHERE e.reference = ? ORDER BY t.id",
            {reference})));
    std::vector<HistoryLeg> legs;
    legs.reserve(rows.size());
    for (auto& [sequence, at, kind, debit, credit, transfer, amount] : rows)
        legs.push_back(
            {sequence,
             at,
             std::move(kind),
             std::move(debit),
             std::move(credit),
             state_of(static_cast<TransferKind>(transfer)),
             amount});
    return legs;
}

} // namespace fleet::ledger
