#pragma once

#include <cstdint>
#include <string_view>

#include "kiosk/link/link.hpp"

/// The chain over journal entries: an entry that was changed, lost or put in between shows.
namespace kiosk::journal {

using link::Hash;

/// Of the number before the first entry.
inline constexpr Hash entry_chain_start{};

/// hash(n) = SHA-256("kiosk-journal-1" | hash(n-1) | u64be(n) | u64be(at_ms)
///                   | u32be(size) kind | u32be(size) payload)
///
/// `number` counts from 1; kind and payload are below 4 GiB.
[[nodiscard]] Hash entry_hash(
    Hash const& previous, std::uint64_t number, std::int64_t at_ms, std::string_view kind,
    std::string_view payload);

} // namespace kiosk::journal
