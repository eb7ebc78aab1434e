#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "protocol/base/bytes.hpp"

/// SHA-256 for what is stored and compared later: files, registers, entries.
namespace fleet::store {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(protocol::ByteView bytes);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::span<std::uint8_t const> bytes);

} // namespace fleet::store
