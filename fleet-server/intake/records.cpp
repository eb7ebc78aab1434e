#include "fleet-server/intake/records.hpp"

#include <algorithm>
#include <limits>

#include "fleet-server/log-index/log_index.hpp"

namespace fleet::intake {

using log_index::Block;
using log_index::Frequency;
using log_index::Key;
using protocol::Bytes;
using protocol::link::Hash;
using store::Outcome;

namespace {

/// Kiosk (20 bits), epoch (10 bits) and sequence (30 bits) fit into one number; sixteen records in
/// a row share a key, as they mostly arrive together.
Key key_of(RecordKey const& key) {
    std::uint64_t const number =
        (std::uint64_t{key.kiosk} << 40U) ^ (std::uint64_t{key.epoch} << 30U) ^ key.sequence;
    return log_index::key_of(Frequency::Rare, "record", number / log_index::block_size);
}

Key key_of(Subject subject, std::uint32_t number, std::string_view account) {
    switch (subject) {
    case Subject::Kiosk: return log_index::key_of(Frequency::Often, "kiosk", std::uint64_t{number});
    case Subject::Provider:
        return log_index::key_of(Frequency::Often, "provider", std::uint64_t{number});
    case Subject::Account: break;
    }
    return log_index::key_of(Frequency::Rare, "paid account", account);
}

std::optional<Hash> to_hash(std::optional<Bytes> const& bytes) {
    Hash hash{};
    if (!bytes || bytes->size() != hash.size())
        return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), hash.begin());
    return hash;
}

RecordId first_of(Block block) {
    return static_cast<RecordId>(block * log_index::block_size);
}
RecordId last_of(Block block) {
    return first_of(block) + static_cast<RecordId>(log_index::block_size) - 1;
}

} // namespace

Outcome<void> append_record(
    store::Transaction& transaction, StoredRecord const& record, RecordSubject const& subject) {
    std::optional<protocol::ByteView> hash;
    if (record.hash)
        hash = protocol::ByteView{*record.hash};
    TRY(auto const id,
        transaction.insert(
            "INSERT INTO intake_record (kiosk, epoch, sequence, received_at, hash, payload, "
            "posting) VALUES (?, ?, ?, ?, ?, ?, ?)",
            {record.key.kiosk,
             record.key.epoch,
             record.key.sequence,
             record.received_at,
             hash,
             record.payload,
             record.posting}));
    auto const position = static_cast<std::uint64_t>(id);
    log_index::mention(transaction, key_of(record.key), position);
    log_index::mention(transaction, key_of(Subject::Kiosk, record.key.kiosk, {}), position);
    if (subject.provider != 0) {
        log_index::mention(transaction, key_of(Subject::Provider, subject.provider, {}), position);
        log_index::mention(transaction, key_of(Subject::Account, 0, subject.account), position);
    }
    return {};
}

Outcome<void> each_record(
    store::Reading const& reading, RecordId first, RecordId last, RecordOrder order,
    RecordVisitor const& visit) {
    bool goes_on = true;
    std::string const sql =
        std::string{
            "SELECT id, kiosk, epoch, sequence, received_at, hash, payload, posting "
            "FROM intake_record WHERE id >= ? AND id <= ? ORDER BY id "} +
        (order == RecordOrder::NewestFirst ? "DESC" : "ASC");
    return reading.each<
        RecordId,
        std::uint32_t,
        std::uint32_t,
        std::uint64_t,
        UtcTime,
        std::optional<Bytes>,
        Bytes,
        Bytes>(
        sql,
        {first, last},
        [&](RecordId id,
            std::uint32_t kiosk,
            std::uint32_t epoch,
            std::uint64_t sequence,
            UtcTime received_at,
            std::optional<Bytes> const& hash,
            Bytes payload,
            Bytes posting) -> Outcome<void> {
            if (!goes_on)
                return {};
            TRY(goes_on,
                visit(
                    {id,
                     {kiosk, epoch, sequence},
                     received_at,
                     to_hash(hash),
                     std::move(payload),
                     std::move(posting)}));
            return {};
        });
}

Outcome<void> each_record_about(
    store::Reading const& reading, Subject subject, std::uint32_t number, std::string_view account,
    RecordId before, RecordVisitor const& visit) {
    constexpr std::size_t page = 64;
    Block next = log_index::block_of(static_cast<std::uint64_t>(before)) + 1;
    bool goes_on = true;
    while (goes_on) {
        TRY(auto const blocks,
            log_index::newest_blocks(reading, key_of(subject, number, account), next, page));
        for (Block const block : blocks) {
            TRY_VOID(each_record(
                reading,
                first_of(block),
                std::min(last_of(block), before - 1),
                RecordOrder::NewestFirst,
                [&](StoredRecord const& record) -> Outcome<bool> {
                    TRY(goes_on, visit(record));
                    return goes_on;
                }));
            if (!goes_on)
                return {};
            next = block;
        }
        goes_on = blocks.size() == page;
    }
    return {};
}

Outcome<RecordId> count_records(store::Reading const& reading) {
    TRY(auto const last, reading.value<RecordId>("SELECT coalesce(max(id), 0) FROM intake_record"));
    return last.value_or(0);
}

Outcome<std::optional<StoredRecord>> find_record(store::Reading const& reading, RecordKey key) {
    std::optional<StoredRecord> found;
    TRY(auto const blocks,
        log_index::newest_blocks(
            reading, key_of(key), log_index::block_end, std::numeric_limits<std::size_t>::max()));
    for (Block const block : blocks) {
        TRY_VOID(each_record(
            reading,
            first_of(block),
            last_of(block),
            RecordOrder::OldestFirst,
            [&](StoredRecord const& record) -> Outcome<bool> {
                if (record.key == key)
                    found = record;
                return !found;
            }));
        if (found)
            break;
    }
    return found;
}

Outcome<std::optional<StoredRecord>> RecordWalk::at(std::uint64_t sequence) {
    RecordKey const key{kiosk_, epoch_, sequence};
    std::optional<StoredRecord> found;
    if (last_ != 0)
        TRY_VOID(each_record(
            reading_,
            last_ + 1,
            last_ + 1,
            RecordOrder::OldestFirst,
            [&](StoredRecord const& record) -> Outcome<bool> {
                if (record.key == key)
                    found = record;
                return false;
            }));
    if (!found) {
        TRY(found, find_record(reading_, key));
    }
    last_ = found ? found->id : 0;
    return found;
}

Outcome<std::optional<Hash>> chain_hash_at(store::Reading const& reading, RecordKey key) {
    if (key.sequence == 0)
        return std::optional{protocol::link::chain_start};
    std::uint64_t const anchor = key.sequence / anchor_distance * anchor_distance;
    RecordWalk walk{reading, key.kiosk, key.epoch};
    std::optional<Hash> hash = protocol::link::chain_start;
    if (anchor > 0) {
        TRY(auto const record, walk.at(anchor));
        hash = record ? record->hash : std::nullopt;
    }
    for (std::uint64_t sequence = anchor + 1; hash && sequence <= key.sequence; ++sequence) {
        TRY(auto const record, walk.at(sequence));
        if (!record)
            return std::optional<Hash>{};
        hash = protocol::link::chain_next(*hash, sequence, record->payload);
    }
    return hash;
}

} // namespace fleet::intake
