#include "fleet-server/store/sha256.hpp"

#include <openssl/sha.h>

namespace fleet::store {

Sha256 sha256(protocol::ByteView bytes) {
    Sha256 hash{};
    SHA256(bytes.data(), bytes.size(), hash.data());
    return hash;
}

std::string hex(std::span<std::uint8_t const> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::uint8_t const byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

} // namespace fleet::store
