#include "fleet-server/ledger/chain.hpp"

#include "fleet-server/store/sha256.hpp"

namespace fleet::ledger {

namespace {

class Canonical {
public:
    void put(std::int64_t number) {
        auto const bits = static_cast<std::uint64_t>(number);
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes_.push_back(static_cast<std::uint8_t>(bits >> static_cast<unsigned>(shift)));
    }
    void put(std::string_view text) {
        put(static_cast<std::int64_t>(text.size()));
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }
    void put(Hash const& hash) { bytes_.insert(bytes_.end(), hash.begin(), hash.end()); }
    [[nodiscard]] protocol::Bytes const& bytes() const { return bytes_; }

private:
    protocol::Bytes bytes_;
};

} // namespace

Hash chain_next(Hash const& previous, ChainEntry const& entry) {
    Canonical canonical;
    canonical.put(std::string_view{"kiosk-ledger-1"});
    canonical.put(previous);
    canonical.put(entry.sequence);
    canonical.put(to_ms(entry.at));
    canonical.put(std::string_view{entry.kind});
    canonical.put(std::string_view{entry.reference});
    canonical.put(entry.reverses);
    canonical.put(static_cast<std::int64_t>(entry.transfers.size()));
    for (ChainTransfer const& transfer : entry.transfers) {
        canonical.put(transfer.id);
        canonical.put(static_cast<std::int64_t>(transfer.kind));
        canonical.put(std::string_view{transfer.debit});
        canonical.put(std::string_view{transfer.credit});
        canonical.put(transfer.amount);
        canonical.put(transfer.hold);
    }
    return store::sha256(canonical.bytes());
}

} // namespace fleet::ledger
