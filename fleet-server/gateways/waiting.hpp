#pragma once

#include <vector>

#include "fleet-server/gateways/outbox.hpp"

/// Payments that were accepted and that no gateway has looked at yet: those of a commit are one row
/// of bytes, so that accepting a payment costs no row and no index entry. A gateway takes them up
/// into the outbox, where each has a row of its own.
namespace fleet::gateways {

/// All of them, the oldest first.
[[nodiscard]] store::Outcome<std::vector<Forwarding>> waiting_forwardings(
    store::Reading const& reading);
[[nodiscard]] store::Outcome<std::int64_t> count_waiting(store::Reading const& reading);

/// Rows' bytes, as store::Packer writes them, each payment by its differences to the one before:
///   number | provider | text account | sum | payable | accepted_at_ms
[[nodiscard]] protocol::Bytes pack_forwardings(std::vector<Forwarding> const& forwardings);
/// False: the bytes are not such a row.
[[nodiscard]] bool unpack_forwardings(protocol::ByteView bytes, std::vector<Forwarding>& into);

} // namespace fleet::gateways
