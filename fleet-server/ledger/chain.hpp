#pragma once

#include <vector>

#include "fleet-server/ledger/ledger.hpp"

/// The hash chain over entries. An entry's bytes are written in one way only: numbers as 8 bytes
/// big-endian, texts with their length before them, accounts by name.
///
///   hash(n) = SHA-256(text "kiosk-ledger-1" | hash(n-1) | n | at_ms | text kind | text reference
///             | reverses or 0 | number of transfers | transfers)
///   transfer = id | kind | text debit | text credit | kopecks | hold or 0
///   text     = length | bytes;  hash(0) = 32 zero bytes
namespace fleet::ledger {

enum class TransferKind : std::uint8_t { Post, Hold, Settle, Release };

struct ChainTransfer {
    TransferId id = 0;
    TransferKind kind = TransferKind::Post;
    std::string debit;
    std::string credit;
    std::int64_t amount = 0;
    TransferId hold = 0; ///< 0: none.
};

struct ChainEntry {
    Sequence sequence = 0;
    UtcTime at;
    std::string kind;
    std::string reference;
    Sequence reverses = 0; ///< 0: none.
    std::vector<ChainTransfer> transfers;
};

[[nodiscard]] Hash chain_next(Hash const& previous, ChainEntry const& entry);

} // namespace fleet::ledger
