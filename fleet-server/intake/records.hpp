#pragma once

#include <functional>
#include <optional>

#include "fleet-server/intake/record_posting.hpp"
#include "protocol/link/chain.hpp"

/// The log of records: what kiosks sent, byte for byte, and how each was posted, in the order of
/// arrival.
namespace fleet::intake {

using RecordId = std::int64_t; ///< Dense from 1.

/// The record's place in its kiosk's own order.
struct RecordKey {
    std::uint32_t kiosk = 0;
    std::uint32_t epoch = 0;
    std::uint64_t sequence = 0;
    friend bool operator==(RecordKey const&, RecordKey const&) = default;
};

struct StoredRecord {
    RecordId id = 0;
    RecordKey key;
    UtcTime received_at;
    std::optional<protocol::link::Hash> hash; ///< With every anchor_distance-th.
    protocol::Bytes payload;
    protocol::Bytes posting; ///< pack_posting()
};

/// The hash of the kiosk's chain is stored with every 64th record; between them it is counted anew
/// from the payloads.
inline constexpr std::uint64_t anchor_distance = 64;

/// What the record is found by.
struct RecordSubject {
    std::uint32_t provider = 0; ///< 0: no payment.
    std::string_view account;   ///< Canonical.
};
[[nodiscard]] store::Outcome<void> append_record(
    store::Transaction& transaction, StoredRecord const& record, RecordSubject const& subject);

using RecordVisitor = std::function<store::Outcome<bool>(StoredRecord const&)>; ///< false: enough.
enum class RecordOrder : std::uint8_t { OldestFirst, NewestFirst };
/// Records with first <= id <= last.
[[nodiscard]] store::Outcome<void> each_record(
    store::Reading const& reading, RecordId first, RecordId last, RecordOrder order,
    RecordVisitor const& visit);
/// Newest first, with ids below `before`: candidates only, who asks looks at the record itself.
enum class Subject : std::uint8_t { Kiosk, Provider, Account };
[[nodiscard]] store::Outcome<void> each_record_about(
    store::Reading const& reading, Subject subject, std::uint32_t number, std::string_view account,
    RecordId before, RecordVisitor const& visit);

/// The number of records, which is the last one's id.
[[nodiscard]] store::Outcome<RecordId> count_records(store::Reading const& reading);

[[nodiscard]] store::Outcome<std::optional<StoredRecord>> find_record(
    store::Reading const& reading, RecordKey key);

/// Records of one kiosk's epoch one after the other: those of a drained queue stand side by side.
class RecordWalk {
public:
    RecordWalk(store::Reading const& reading, std::uint32_t kiosk, std::uint32_t epoch)
        : reading_{reading}, kiosk_{kiosk}, epoch_{epoch} {}
    [[nodiscard]] store::Outcome<std::optional<StoredRecord>> at(std::uint64_t sequence);

private:
    store::Reading const& reading_;
    std::uint32_t kiosk_;
    std::uint32_t epoch_;
    RecordId last_ = 0;
};

/// The chain's hash with the record in it; nullopt when a record on the way to it is gone.
[[nodiscard]] store::Outcome<std::optional<protocol::link::Hash>> chain_hash_at(
    store::Reading const& reading, RecordKey key);

} // namespace fleet::intake
