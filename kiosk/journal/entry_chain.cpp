#include "kiosk/journal/entry_chain.hpp"

#include <openssl/evp.h>

#include <cassert>
#include <limits>
#include <string>

namespace kiosk::journal {

namespace {

constexpr std::string_view domain = "kiosk-journal-1";

template <class Number>
void add_big_endian(std::string& bytes, Number number) {
    for (std::size_t byte = sizeof number; byte > 0; --byte)
        bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(number >> (8 * (byte - 1)))));
}

void add_sized(std::string& bytes, std::string_view text) {
    assert(text.size() <= std::numeric_limits<std::uint32_t>::max());
    add_big_endian(bytes, static_cast<std::uint32_t>(text.size()));
    bytes += text;
}

} // namespace

Hash entry_hash(
    Hash const& previous, std::uint64_t number, std::int64_t at_ms, std::string_view kind,
    std::string_view payload) {
    assert(number > 0);
    std::string bytes{domain};
    bytes.append(previous.begin(), previous.end());
    add_big_endian(bytes, number);
    add_big_endian(bytes, static_cast<std::uint64_t>(at_ms));
    add_sized(bytes, kind);
    add_sized(bytes, payload);

    Hash hash;
    unsigned size = 0;
    bool const is_done =
        EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) == 1;
    assert(is_done);
    assert(size == hash.size());
    return hash;
}

} // namespace kiosk::journal
