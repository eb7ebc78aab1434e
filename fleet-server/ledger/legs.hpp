#pragma once

#include <vector>

#include "fleet-server/ledger/ledger.hpp"

/// An entry's legs as the bytes of one column. Pure.
namespace fleet::ledger {

enum class TransferKind : std::uint8_t { Post, Hold, Settle, Release };

/// One movement between two accounts, by their row numbers.
struct PackedLeg {
    TransferKind kind = TransferKind::Post;
    std::int64_t debit = 0;
    std::int64_t credit = 0;
    std::int64_t amount = 0; ///< Kopecks.
    TransferId hold = 0;     ///< What a Settle or Release resolves; 0: none.
    friend bool operator==(PackedLeg const&, PackedLeg const&) = default;
};

/// kind | debit | credit | amount | hold (Settle and Release only), all as store::Packer's numbers.
/// One way only: these bytes are what the chain is made of.
[[nodiscard]] protocol::Bytes pack_legs(std::vector<PackedLeg> const& legs);
/// False: the bytes are not legs.
[[nodiscard]] bool unpack_legs(protocol::ByteView bytes, std::vector<PackedLeg>& into);

/// A transfer's number says where it stands.
inline constexpr TransferId legs_a_number = 64;
[[nodiscard]] constexpr TransferId transfer_id(Sequence entry, std::size_t leg) {
    return entry * legs_a_number + static_cast<TransferId>(leg);
}

} // namespace fleet::ledger
