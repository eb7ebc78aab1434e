#include "fleet-server/log-index/run.hpp"

#include <algorithm>
#include <cassert>

#include "fleet-server/store/packing.hpp"

namespace fleet::log_index {

namespace {

constexpr std::size_t fence_size = sizeof(Key);

Key fence_at(protocol::ByteView fences, std::size_t position) {
    Key key = 0;
    for (std::size_t i = 0; i < fence_size; ++i)
        key = key << 8U | fences[position * fence_size + i];
    return key;
}

} // namespace

void arrange(std::vector<Mention>& mentions) {
    std::sort(mentions.begin(), mentions.end());
    mentions.erase(std::unique(mentions.begin(), mentions.end()), mentions.end());
}

protocol::Bytes pack_chunk(std::span<Mention const> mentions) {
    store::Packer packer;
    Mention before;
    for (Mention const& mention : mentions) {
        assert(before <= mention);
        bool const is_same_key = mention.key == before.key;
        packer.put(std::uint64_t{mention.key - before.key});
        packer.put(is_same_key ? mention.block - before.block : mention.block);
        before = mention;
    }
    return packer.bytes();
}

bool unpack_chunk(protocol::ByteView bytes, std::vector<Mention>& into) {
    store::Unpacker unpacker{bytes};
    Mention mention;
    while (!unpacker.is_at_end()) {
        std::uint64_t const step = unpacker.number();
        std::uint64_t const block = unpacker.number();
        if (!unpacker.is_good() || step > ~Key{0} - mention.key)
            return false;
        mention.block = step == 0 ? mention.block + block : block;
        mention.key += static_cast<Key>(step);
        into.push_back(mention);
    }
    return true;
}

protocol::Bytes pack_fences(std::span<Key const> first_keys) {
    protocol::Bytes fences;
    for (Key const key : first_keys)
        for (unsigned shift = 32; shift > 0;)
            fences.push_back(static_cast<std::uint8_t>(key >> (shift -= 8U)));
    return fences;
}

ChunkRange chunks_with(protocol::ByteView fences, Key key) {
    std::size_t const count = fences.size() / fence_size;
    auto const first_not = [&](auto is_before) {
        std::size_t low = 0;
        std::size_t high = count;
        while (low < high) {
            std::size_t const middle = low + (high - low) / 2;
            if (is_before(fence_at(fences, middle)))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    };
    // A chunk that begins with the key may follow one that ends with it.
    std::size_t const first = first_not([&](Key fence) { return fence < key; });
    std::size_t const last = first_not([&](Key fence) { return fence <= key; });
    return {first == 0 ? 0 : first - 1, last};
}

} // namespace fleet::log_index
