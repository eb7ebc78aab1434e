#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fleet-server/store/reading.hpp"

/// Where things are mentioned in the append-only logs of the books: which payments are of this
/// account, which entries touch that one.
///
/// A b-tree index would make every payment dirty a page of its own somewhere in the file. Here the
/// mentions of a commit are one sorted run of bytes, written in that commit; eight runs of a level
/// become one of the next, up to `run_max` mentions. An answer looks into every run, the newest
/// first. A log's positions are answered in blocks of `block_size`, and keys are hashes: what is
/// found are candidates, and who asks looks at the rows themselves.
namespace fleet::log_index {

/// What is mentioned: its hash, with the top bit for things that are mentioned very often (a
/// kiosk, a provider, an account of the ledger), so that a rare one never shares their key.
using Key = std::uint32_t;
/// A position in a log divided by block_size.
using Block = std::uint64_t;

inline constexpr std::uint64_t block_size = 16;
[[nodiscard]] constexpr Block block_of(std::uint64_t position) {
    return position / block_size;
}

enum class Frequency : std::uint8_t { Rare, Often };
/// The same for ever: keys are stored. `kind` keeps things of different sorts apart ("account").
[[nodiscard]] Key key_of(Frequency frequency, std::string_view kind, std::string_view name);
[[nodiscard]] Key key_of(Frequency frequency, std::string_view kind, std::uint64_t number);

/// Remembered now, found at once on the writing side and by others after the commit. A log's
/// positions must not fall from one mention of a key to the next.
void mention(store::Transaction& transaction, Key key, std::uint64_t position);

/// Blocks with a mention of the key, each once, the newest first: those before `before`.
[[nodiscard]] store::Outcome<std::vector<Block>> newest_blocks(
    store::Reading const& reading, Key key, Block before, std::size_t count_max);
/// The oldest first: those from `from` on.
[[nodiscard]] store::Outcome<std::vector<Block>> oldest_blocks(
    store::Reading const& reading, Key key, Block from, std::size_t count_max);
inline constexpr Block block_end = ~Block{0};

} // namespace fleet::log_index
