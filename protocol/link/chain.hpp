#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"

/// The chain over a kiosk's outgoing records. Both ends compute it, so a record that was changed,
/// lost or written twice shows, and so does a copied or restored disk.
namespace protocol::link {

using Hash = std::array<std::uint8_t, 32>;

/// Of the sequence before the first record.
inline constexpr Hash chain_start{};

/// hash(n) = SHA-256("kiosk-record-1" | hash(n-1) | u64be(n) | u32be(size) | payload)
///
/// `sequence` counts from 1; a payload is below 4 GiB.
[[nodiscard]] Hash chain_next(Hash const& previous, std::uint64_t sequence, ByteView payload);

/// The hash after payloads first_sequence, first_sequence + 1, ...; `previous` is the hash before.
[[nodiscard]] Hash chain_over(
    Hash const& previous, std::uint64_t first_sequence, std::span<Bytes const> payloads);

/// A `bytes` field of a message; nullopt when it is not 32 bytes.
[[nodiscard]] std::optional<Hash> hash_from_wire(std::string_view field);
/// Of the head of a chain, where sequence 0 may be written as no bytes at all.
[[nodiscard]] std::optional<Hash> head_hash_from_wire(
    std::uint64_t sequence, std::string_view field);
[[nodiscard]] std::string to_wire(Hash const& hash);

} // namespace protocol::link
