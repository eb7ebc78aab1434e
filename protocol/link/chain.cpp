#include "protocol/link/chain.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <memory>

namespace protocol::link {

namespace {

// Other uses of SHA-256 in this system begin with other words, so that no record can pass as one
// of them.
constexpr std::string_view domain = "kiosk-record-1";

class Sha256 {
public:
    Sha256() {
        bool const is_ready =
            context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
        assert(is_ready);
    }

    void add(void const* data, std::size_t size) {
        bool const is_added = EVP_DigestUpdate(context_.get(), data, size) == 1;
        assert(is_added);
    }

    template <class Number>
    void add_big_endian(Number number) {
        std::array<std::uint8_t, sizeof number> bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::uint8_t>(number >> (8 * (bytes.size() - 1 - i)));
        add(bytes.data(), bytes.size());
    }

    [[nodiscard]] Hash finish() {
        Hash hash;
        unsigned size = 0;
        bool const is_done = EVP_DigestFinal_ex(context_.get(), hash.data(), &size) == 1;
        assert(is_done);
        assert(size == hash.size());
        return hash;
    }

private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

} // namespace

Hash chain_next(Hash const& previous, std::uint64_t sequence, ByteView payload) {
    assert(sequence > 0);
    assert(payload.size() <= std::numeric_limits<std::uint32_t>::max());
    Sha256 digest;
    digest.add(domain.data(), domain.size());
    digest.add(previous.data(), previous.size());
    digest.add_big_endian(sequence);
    digest.add_big_endian(static_cast<std::uint32_t>(payload.size()));
    digest.add(payload.data(), payload.size());
    return digest.finish();
}

Hash chain_over(
    Hash const& previous, std::uint64_t first_sequence, std::span<Bytes const> payloads) {
    Hash hash = previous;
    for (std::uint64_t sequence = first_sequence; Bytes const& payload : payloads)
        hash = chain_next(hash, sequence++, payload);
    return hash;
}

std::optional<Hash> hash_from_wire(std::string_view field) {
    Hash hash;
    if (field.size() != hash.size())
        return std::nullopt;
    std::ranges::transform(
        field, hash.begin(), [](char byte) { return static_cast<std::uint8_t>(byte); });
    return hash;
}

std::optional<Hash> head_hash_from_wire(std::uint64_t sequence, std::string_view field) {
    if (sequence != 0)
        return hash_from_wire(field);
    if (field.empty() || hash_from_wire(field) == chain_start)
        return chain_start;
    return std::nullopt;
}

std::string to_wire(Hash const& hash) {
    return {hash.begin(), hash.end()};
}

} // namespace protocol::link
