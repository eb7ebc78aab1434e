#include "fleet-server/ledger/chain.hpp"

#include <array>
#include <cassert>

#include "fleet-server/store/sha256.hpp"

namespace fleet::ledger {

namespace {

constexpr std::string_view domain = "kiosk-ledger-2";

void put(protocol::Bytes& bytes, std::int64_t number) {
    std::array<std::uint8_t, sizeof number> big_endian{};
    auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t place = big_endian.size(); place > 0; bits >>= 8U)
        big_endian[--place] = static_cast<std::uint8_t>(bits);
    bytes.insert(bytes.end(), big_endian.begin(), big_endian.end());
}

void put(protocol::Bytes& bytes, protocol::ByteView text) {
    put(bytes, static_cast<std::int64_t>(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
}

} // namespace

Link::Link(Hash const& before) {
    put(bytes_, protocol::byte_view(domain));
    bytes_.insert(bytes_.end(), before.begin(), before.end());
    assert(is_empty());
}

void Link::add(LinkEntry const& entry) {
    put(bytes_, entry.sequence);
    put(bytes_, entry.at_us);
    put(bytes_, protocol::byte_view(entry.kind));
    put(bytes_, protocol::byte_view(entry.reference));
    put(bytes_, entry.reverses);
    put(bytes_, entry.legs);
}

Hash Link::hash(std::span<LinkAccount const> accounts) const {
    protocol::Bytes whole = bytes_;
    put(whole, static_cast<std::int64_t>(accounts.size()));
    for (LinkAccount const& account : accounts) {
        put(whole, account.id);
        put(whole, protocol::byte_view(account.name));
    }
    return store::sha256(whole);
}

} // namespace fleet::ledger
