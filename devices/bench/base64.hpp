#pragma once

#include <optional>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace devices::bench {

/// RFC 4648, with or without padding. Nothing when a character does not belong.
[[nodiscard]] std::optional<protocol::Bytes> from_base64(std::string_view text);

} // namespace devices::bench
