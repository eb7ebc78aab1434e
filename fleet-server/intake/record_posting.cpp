#include "fleet-server/intake/record_posting.hpp"

#include <limits>

#include "fleet-server/store/packing.hpp"

namespace fleet::intake {

using protocol::rub;

protocol::Bytes pack_posting(RecordPosting const& posting) {
    store::Packer packer;
    packer.put(static_cast<std::uint64_t>(posting.ledger_sequence));
    packer.put(static_cast<std::uint64_t>(posting.routing));
    packer.put(std::uint64_t{posting.rule_version});
    packer.put(std::string_view{posting.account});
    for (PaymentPart const& part : posting.parts) {
        packer.put(std::uint64_t{part.receiver});
        packer.put(static_cast<std::uint64_t>(part.gross.minor()));
        packer.put(static_cast<std::uint64_t>(part.withheld.minor()));
    }
    return packer.bytes();
}

std::optional<RecordPosting> unpack_posting(protocol::ByteView bytes) {
    store::Unpacker unpacker{bytes};
    constexpr auto amount_max = static_cast<std::uint64_t>(protocol::amount_minor_max);
    constexpr std::uint64_t number_max = std::numeric_limits<std::uint32_t>::max();
    constexpr auto sequence_max =
        static_cast<std::uint64_t>(std::numeric_limits<ledger::Sequence>::max());
    RecordPosting posting;
    std::uint64_t const sequence = unpacker.number();
    std::uint64_t const routing = unpacker.number();
    std::uint64_t const version = unpacker.number();
    posting.account = unpacker.text();
    if (!unpacker.is_good() || sequence > sequence_max ||
        routing > static_cast<std::uint64_t>(Routing::Suspense) || version > number_max)
        return std::nullopt;
    posting.ledger_sequence = static_cast<ledger::Sequence>(sequence);
    posting.routing = static_cast<Routing>(routing);
    posting.rule_version = static_cast<std::uint32_t>(version);
    while (!unpacker.is_at_end()) {
        std::uint64_t const receiver = unpacker.number();
        std::uint64_t const gross = unpacker.number();
        std::uint64_t const withheld = unpacker.number();
        if (!unpacker.is_good() || receiver > number_max || gross > amount_max || withheld > gross)
            return std::nullopt;
        posting.parts.push_back(
            {static_cast<std::uint32_t>(receiver),
             rub(static_cast<std::int64_t>(gross)),
             rub(static_cast<std::int64_t>(withheld)),
             rub(static_cast<std::int64_t>(gross - withheld))});
    }
    return posting;
}

} // namespace fleet::intake
