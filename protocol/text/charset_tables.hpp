#pragma once

#include <array>

#include "protocol/text/charset.hpp"

namespace protocol::text {

/// What the bytes 0x80 to 0xFF mean; 0 for a byte without a meaning.
using UpperHalf = std::array<char16_t, 128>;

/// Of a single-byte encoding: not of Utf8.
/// Sources: unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1251.TXT, RFC 1489,
/// .../MICSFT/PC/CP866.TXT. The tests compare every byte with libc's iconv.
[[nodiscard]] UpperHalf const& upper_half(Encoding encoding);

} // namespace protocol::text
