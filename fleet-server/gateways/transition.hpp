#pragma once

#include <functional>
#include <optional>

#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/ledger/ledger.hpp"

/// Carries out one step of a delivery in the books: the row, its ledger entry and its story in one
/// transaction. Nothing may be sent before that transaction is durable.
namespace fleet::gateways {

/// Called in the transaction of a final refusal: the payer's debt stands again.
using RefusalListener = std::function<store::Outcome<void>(
    store::Transaction&, Delivery const&, ledger::Sequence, UtcTime)>;

struct Transition {
    Delivery delivery;
    /// What to send once the transaction is durable.
    std::optional<AskCheck> check;
    std::optional<SendPay> pay;
};

/// nullopt: the event is out of place and nothing was changed (an answer to a question that a
/// restart has already given up, for example).
[[nodiscard]] store::Outcome<std::optional<Transition>> carry_out(
    store::Transaction& transaction, std::string_view txn_id, DeliveryEvent const& event, Now now,
    DeliveryLimits const& limits, RefusalListener const& on_refused);

} // namespace fleet::gateways
