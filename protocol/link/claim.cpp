#include "protocol/link/claim.hpp"

#include <cassert>

namespace protocol::link {

Claim judge(
    std::uint64_t sequence, std::string_view hash_field, std::uint64_t recorded,
    std::optional<Hash> const& hash_there) {
    auto const hash = head_hash_from_wire(sequence, hash_field);
    if (!hash)
        return Claim::Unreadable;
    if (sequence > recorded)
        return Claim::Ahead;
    if (sequence == 0)
        return Claim::Agrees;
    if (!hash_there)
        return Claim::Forgotten;
    return *hash == *hash_there ? Claim::Agrees : Claim::Differs;
}

std::string explain(Claim claim, std::uint64_t sequence, std::uint64_t recorded) {
    assert(claim != Claim::Agrees);
    std::string there = "the server has record " + std::to_string(sequence);
    switch (claim) {
    case Claim::Ahead:
        return there + ", this kiosk recorded only " + std::to_string(recorded) +
               ": its journal was restored or cleared";
    case Claim::Forgotten:
        return there + " as the last, this kiosk keeps it no longer: the server was restored";
    case Claim::Differs:
        return there + " with other content than this kiosk: one of the two was restored";
    case Claim::Unreadable: return there + " under a hash that is none";
    case Claim::Agrees: break;
    }
    return there;
}

} // namespace protocol::link
