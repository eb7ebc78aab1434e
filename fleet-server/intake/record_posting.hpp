#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fleet-server/intake/payments.hpp"
#include "protocol/base/bytes.hpp"

/// How a record was posted, as the bytes of one column. Pure.
namespace fleet::intake {

/// What the record itself does not say.
struct RecordPosting {
    ledger::Sequence ledger_sequence = 0; ///< 0: there was no money in it.
    Routing routing = Routing::Suspense;
    std::uint32_t rule_version = 0; ///< 0 when not split.
    std::string account;            ///< Canonical; empty: as the kiosk wrote it.
    std::vector<PaymentPart> parts;
    friend bool operator==(RecordPosting const&, RecordPosting const&) = default;
};

/// sequence | routing | version | text account | (receiver | gross | withheld)*, all as
/// store::Packer writes them. What is payable is gross - withheld (I4).
[[nodiscard]] protocol::Bytes pack_posting(RecordPosting const& posting);
/// Nullopt: the bytes are not a posting.
[[nodiscard]] std::optional<RecordPosting> unpack_posting(protocol::ByteView bytes);

} // namespace fleet::intake
