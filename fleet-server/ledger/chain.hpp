#pragma once

#include <span>
#include <string_view>

#include "fleet-server/ledger/ledger.hpp"

/// The hash chain: one link a commit, over all its entries. Everything is written in one way only:
/// numbers as 8 bytes big-endian, texts with their length before them, legs as they are stored.
///
///   hash  = SHA-256(text "kiosk-ledger-2" | hash before | entries | number of accounts | accounts)
///   entry = sequence | at_us | text kind | text reference | reverses or 0 | text legs
///   account = row number | text name: every account that the entries mention, by its number
///   text  = length | bytes;  the first hash before is 32 zero bytes
namespace fleet::ledger {

struct LinkEntry {
    Sequence sequence = 0;
    std::int64_t at_us = 0;
    std::string_view kind;
    std::string_view reference;
    Sequence reverses = 0; ///< 0: none.
    protocol::ByteView legs;
};

/// An account that a link's entries mention.
struct LinkAccount {
    std::int64_t id = 0;
    std::string_view name;
};

/// A link while its entries come in.
class Link {
public:
    explicit Link(Hash const& before);
    void add(LinkEntry const& entry);
    [[nodiscard]] bool is_empty() const { return bytes_.size() == empty_size; }
    /// `accounts` by their number, each once.
    [[nodiscard]] Hash hash(std::span<LinkAccount const> accounts) const;

    /// For what is undone: how it was, and back to that.
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    void truncate(std::size_t size) { bytes_.resize(size); }

private:
    static constexpr std::size_t empty_size = 8 + 14 + 32; ///< The text and the hash before.
    protocol::Bytes bytes_;
};

} // namespace fleet::ledger
