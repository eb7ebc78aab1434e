#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"

namespace tests {

/// "02 03 06" to bytes, so that a test shows the line as a logic analyser does.
inline protocol::Bytes hex(std::string_view text) {
    protocol::Bytes bytes;
    int digits = 0;
    unsigned value = 0;
    for (char const c : text) {
        if (c == ' ')
            continue;
        assert((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
        value = value << 4U | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10);
        if (++digits % 2 == 0) {
            bytes.push_back(static_cast<std::uint8_t>(value));
            value = 0;
        }
    }
    assert(digits % 2 == 0);
    return bytes;
}

/// Bytes to "02 03 06", for messages.
inline std::string to_hex(protocol::ByteView bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (std::uint8_t const byte : bytes) {
        if (!text.empty())
            text.push_back(' ');
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 0xFU]);
    }
    return text;
}

/// The bytes of a text, as they are.
inline protocol::Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

} // namespace tests
