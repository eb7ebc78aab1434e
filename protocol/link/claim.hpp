#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/link/chain.hpp"

/// Whether what the server says it has is a beginning of what this kiosk recorded. When it is not,
/// one of the two was restored from a copy, and whichever went on would lose somebody's money.
namespace protocol::link {

enum class Claim : std::uint8_t {
    Agrees,
    Unreadable, ///< No hash at all.
    Ahead,      ///< More than the kiosk ever recorded.
    Forgotten,  ///< A place that the kiosk keeps no longer, so that nothing can be compared.
    Differs,
};

/// `hash_there` is the kiosk's own at `sequence`, nullopt when it has none.
[[nodiscard]] Claim judge(
    std::uint64_t sequence, std::string_view hash_field, std::uint64_t recorded,
    std::optional<Hash> const& hash_there);

/// For the technician who reads the kiosk's screen of the fault. Not for Agrees.
[[nodiscard]] std::string explain(Claim claim, std::uint64_t sequence, std::uint64_t recorded);

} // namespace protocol::link
