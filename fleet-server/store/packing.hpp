#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"

/// How rows that are many are packed into few bytes: numbers as LEB128 (7 bits a byte, least first,
/// the top bit says that another follows), texts and bytes with their length before them.
namespace fleet::store {

class Packer {
public:
    void put(std::uint64_t number);
    /// For numbers that may be below 0: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
    void put_signed(std::int64_t number);
    void put(std::string_view text);

    [[nodiscard]] protocol::Bytes const& bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }
    /// Forgets what was put after the first `size` bytes.
    void truncate(std::size_t size) { bytes_.resize(size); }

private:
    protocol::Bytes bytes_;
};

/// Reads what a Packer wrote. After the first thing that is not there everything reads as nothing
/// and is_good() is false.
class Unpacker {
public:
    explicit Unpacker(protocol::ByteView bytes) : bytes_{bytes} {}

    [[nodiscard]] std::uint64_t number();
    [[nodiscard]] std::int64_t signed_number();
    /// A view into the bytes that were given.
    [[nodiscard]] std::string_view text();

    [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }
    [[nodiscard]] bool is_good() const { return is_good_; }

private:
    protocol::ByteView bytes_;
    std::size_t at_ = 0;
    bool is_good_ = true;
};

} // namespace fleet::store
