#pragma once

#include <span>
#include <vector>

#include "fleet-server/log-index/log_index.hpp"
#include "protocol/base/bytes.hpp"

/// A sorted run of mentions as bytes, in chunks that can be read one at a time. Pure.
namespace fleet::log_index {

struct Mention {
    Key key = 0;
    Block block = 0;
    friend auto operator<=>(Mention const&, Mention const&) = default;
};

/// Sorted, each once.
void arrange(std::vector<Mention>& mentions);

/// At most this many mentions a chunk: about 3 KB, so that a chunk fits into one page.
inline constexpr std::size_t chunk_mentions = 512;

/// A chunk's bytes: the key's difference to the one before; the block, or after the same key its
/// difference. All as store::Packer writes numbers.
[[nodiscard]] protocol::Bytes pack_chunk(std::span<Mention const> mentions);
/// False: the bytes are not a chunk.
[[nodiscard]] bool unpack_chunk(protocol::ByteView bytes, std::vector<Mention>& into);

/// First keys of a run's chunks, 4 bytes each, big-endian.
[[nodiscard]] protocol::Bytes pack_fences(std::span<Key const> first_keys);
/// The chunks that may hold the key: [first, last). Empty when the key is before all of them.
struct ChunkRange {
    std::size_t first = 0;
    std::size_t last = 0;
};
[[nodiscard]] ChunkRange chunks_with(protocol::ByteView fences, Key key);

} // namespace fleet::log_index
