#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace protocol {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<std::uint8_t const>;

/// The bytes of a text, not copied: `decode(Encoding::Windows1251, byte_view(file))`.
[[nodiscard]] inline ByteView byte_view(std::string_view text) {
    // char and unsigned char may look at the same object.
    return ByteView{reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

} // namespace protocol
