#include "fleet-server/ledger/entries.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "fleet-server/ledger/reference.hpp"

namespace fleet::ledger {

using log_index::Block;
using protocol::Bytes;
using protocol::fail;
using store::Outcome;

namespace {

constexpr std::size_t page = 64; ///< Blocks asked of the index at once.

/// Turns rows into entries; remembers the names that it has asked for.
class Decoder {
public:
    explicit Decoder(store::Reading const& reading) : reading_{reading} {}

    /// Rows of [first, last], in order. Stops, and says so, when the visitor has seen enough.
    Outcome<bool> each(Sequence first, Sequence last, EntryVisitor const& visit);

private:
    Outcome<std::string const*> name(char const* sql, std::int64_t id, auto& shelf);
    Outcome<std::vector<StoredLeg>> legs_of(Sequence sequence, Bytes const& bytes);

    store::Reading const& reading_;
    std::unordered_map<std::int64_t, std::string> accounts_;
    std::unordered_map<std::int64_t, std::string> kinds_;
};

Outcome<std::string const*> Decoder::name(char const* sql, std::int64_t id, auto& shelf) {
    auto known = shelf.find(id);
    if (known == shelf.end()) {
        TRY(auto found, reading_.value<std::string>(sql, {id}));
        if (!found)
            return fail(store::StoreError{
                store::StoreError::Kind::Shape,
                "an entry names row " + std::to_string(id) + ", which is not there"});
        known = shelf.emplace(id, std::move(*found)).first;
    }
    return &known->second;
}

Outcome<std::vector<StoredLeg>> Decoder::legs_of(Sequence sequence, Bytes const& bytes) {
    std::vector<PackedLeg> packed;
    if (!unpack_legs(bytes, packed))
        return fail(store::StoreError{
            store::StoreError::Kind::Shape,
            "the legs of entry " + std::to_string(sequence) + " cannot be read"});
    constexpr auto account_name = "SELECT name FROM ledger_account WHERE id = ?";
    std::vector<StoredLeg> legs;
    legs.reserve(packed.size());
    for (PackedLeg const& leg : packed) {
        TRY(std::string const* const debit, name(account_name, leg.debit, accounts_));
        TRY(std::string const* const credit, name(account_name, leg.credit, accounts_));
        legs.push_back({leg.kind, *debit, *credit, protocol::rub(leg.amount), leg.hold});
    }
    return legs;
}

Outcome<bool> Decoder::each(Sequence first, Sequence last, EntryVisitor const& visit) {
    bool goes_on = true;
    TRY_VOID((reading_.each<
              Sequence,
              std::int64_t,
              std::int64_t,
              std::optional<std::int64_t>,
              std::optional<std::string>,
              std::optional<Sequence>,
              Bytes>(
        "SELECT id, at_us, kind, number, reference, reverses, legs FROM ledger_entry "
        "WHERE id >= ? AND id <= ? ORDER BY id",
        {first, last},
        [&](Sequence sequence,
            std::int64_t at_us,
            std::int64_t kind,
            std::optional<std::int64_t>
                number,
            std::optional<std::string>
                reference,
            std::optional<Sequence>
                reverses,
            Bytes const& bytes) -> Outcome<void> {
            if (!goes_on)
                return {};
            StoredEntry entry{sequence, at_us, {}, {}, reverses.value_or(0), {}};
            TRY(std::string const* const kind_name,
                name("SELECT name FROM ledger_kind WHERE id = ?", kind, kinds_));
            entry.kind = *kind_name;
            entry.reference = number ? digits_of_number(*number) : reference.value_or("");
            TRY(entry.legs, legs_of(sequence, bytes));
            TRY(goes_on, visit(entry));
            return {};
        })));
    return goes_on;
}

bool has_leg_of(StoredEntry const& entry, std::vector<std::string> const& accounts) {
    return std::any_of(entry.legs.begin(), entry.legs.end(), [&](StoredLeg const& leg) {
        return std::find(accounts.begin(), accounts.end(), leg.debit) != accounts.end() ||
               std::find(accounts.begin(), accounts.end(), leg.credit) != accounts.end();
    });
}

/// The next blocks from `from` on that mention one of the keys.
Outcome<std::vector<Block>> blocks_of(
    store::Reading const& reading, std::vector<log_index::Key> const& keys, Block from) {
    std::vector<Block> blocks;
    Block until = log_index::block_end;
    for (log_index::Key const key : keys) {
        TRY(auto const found, log_index::oldest_blocks(reading, key, from, page));
        // Beyond a full page there may be more of this key.
        if (found.size() == page)
            until = std::min(until, found.back());
        blocks.insert(blocks.end(), found.begin(), found.end());
    }
    std::sort(blocks.begin(), blocks.end());
    blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
    blocks.erase(std::upper_bound(blocks.begin(), blocks.end(), until), blocks.end());
    return blocks;
}

} // namespace

UtcTime StoredEntry::at() const {
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{at_us}});
}

Outcome<void> each_entry(
    store::Reading const& reading, Sequence after, Sequence last, EntryVisitor const& visit) {
    TRY_VOID(Decoder{reading}.each(after + 1, last, visit));
    return {};
}

Outcome<void> each_entry_of(
    store::Reading const& reading, std::vector<std::string> const& accounts, Sequence after,
    Sequence last, EntryVisitor const& visit) {
    std::vector<log_index::Key> keys;
    for (std::string const& account : accounts) {
        TRY(auto const id,
            reading.value<std::int64_t>("SELECT id FROM ledger_account WHERE name = ?", {account}));
        if (id)
            keys.push_back(key_of_account(*id));
    }
    Decoder decoder{reading};
    auto const visit_own = [&](StoredEntry const& entry) -> Outcome<bool> {
        if (!has_leg_of(entry, accounts))
            return true; // Another's, in the same block.
        return visit(entry);
    };
    Sequence next = after + 1;
    while (next <= last) {
        TRY(auto const blocks,
            blocks_of(reading, keys, log_index::block_of(static_cast<std::uint64_t>(next))));
        if (blocks.empty())
            return {};
        for (Block const block : blocks) {
            auto const begin = static_cast<Sequence>(block * log_index::block_size);
            auto const end = begin + static_cast<Sequence>(log_index::block_size);
            TRY(bool const goes_on,
                decoder.each(std::max(next, begin), std::min(last, end - 1), visit_own));
            if (!goes_on)
                return {};
            next = end;
        }
    }
    return {};
}

Outcome<std::vector<StoredEntry>> entries_about(
    store::Reading const& reading, std::string_view reference) {
    std::vector<StoredEntry> found;
    TRY(auto const blocks,
        log_index::oldest_blocks(
            reading, key_of_reference(reference), 0, std::numeric_limits<std::size_t>::max()));
    Decoder decoder{reading};
    for (Block const block : blocks) {
        auto const begin = static_cast<Sequence>(block * log_index::block_size);
        auto const end = begin + static_cast<Sequence>(log_index::block_size);
        TRY_VOID(decoder.each(begin, end - 1, [&](StoredEntry const& entry) -> Outcome<bool> {
            if (entry.reference == reference)
                found.push_back(entry);
            return true;
        }));
    }
    return found;
}

} // namespace fleet::ledger
