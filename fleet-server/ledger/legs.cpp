#include "fleet-server/ledger/legs.hpp"

#include "fleet-server/store/packing.hpp"

namespace fleet::ledger {

static_assert(legs_max <= static_cast<std::size_t>(legs_a_number));

namespace {

bool has_hold(TransferKind kind) {
    return kind == TransferKind::Settle || kind == TransferKind::Release;
}

void put(store::Packer& packer, std::int64_t number) {
    packer.put(static_cast<std::uint64_t>(number)); // Never negative: rows and checked amounts.
}

} // namespace

protocol::Bytes pack_legs(std::vector<PackedLeg> const& legs) {
    store::Packer packer;
    for (PackedLeg const& leg : legs) {
        packer.put(static_cast<std::uint64_t>(leg.kind));
        put(packer, leg.debit);
        put(packer, leg.credit);
        put(packer, leg.amount);
        if (has_hold(leg.kind))
            put(packer, leg.hold);
    }
    return packer.bytes();
}

bool unpack_legs(protocol::ByteView bytes, std::vector<PackedLeg>& into) {
    store::Unpacker unpacker{bytes};
    while (!unpacker.is_at_end()) {
        std::uint64_t const kind = unpacker.number();
        if (kind > static_cast<std::uint64_t>(TransferKind::Release))
            return false;
        PackedLeg leg{static_cast<TransferKind>(kind)};
        leg.debit = static_cast<std::int64_t>(unpacker.number());
        leg.credit = static_cast<std::int64_t>(unpacker.number());
        leg.amount = static_cast<std::int64_t>(unpacker.number());
        if (has_hold(leg.kind))
            leg.hold = static_cast<std::int64_t>(unpacker.number());
        if (!unpacker.is_good() || into.size() == legs_max)
            return false;
        into.push_back(leg);
    }
    return true;
}

} // namespace fleet::ledger
