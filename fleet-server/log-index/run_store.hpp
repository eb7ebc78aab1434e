#pragma once

#include <array>
#include <functional>

#include "fleet-server/log-index/run.hpp"

/// Runs in the database: `index_run`, the oldest with the least number, and the chunks of those
/// that have more than one, `index_chunk`.
namespace fleet::log_index {

/// Eight runs of a level become one of the next...
inline constexpr std::size_t runs_a_level = 8;
/// ...unless they have more mentions than this together: then they stay as they are. What bounds
/// the longest wait of a commit (some 60 ms of merging) bounds an answer too: ten million payments
/// are about a hundred such runs.
inline constexpr std::uint64_t run_max = 1'048'576;

class RunStore {
public:
    /// A run of what one commit mentioned (arranged), and the merging that is due after it.
    [[nodiscard]] store::Outcome<void> add(
        store::Transaction& transaction, std::vector<Mention> const& mentions);

private:
    [[nodiscard]] store::Outcome<void> load(store::Reading const& reading);
    [[nodiscard]] store::Outcome<void> merge(store::Transaction& transaction, std::size_t level);

    /// A run grows eightfold a level from at least one mention: twelve are more than enough.
    static constexpr std::size_t levels = 12;
    static constexpr std::size_t settled = levels; ///< The level of runs that stay as they are.
    std::array<std::size_t, levels> runs_{};       ///< How many there are of each level.
    std::int64_t next_id_ = 0;                     ///< 0: not looked at yet.
};

struct RunRow {
    std::int64_t id = 0;
    std::size_t chunks = 0; ///< 0: `body` is the only chunk; else `body` are the fences.
    protocol::Bytes body;
};

enum class RunOrder : std::uint8_t { OldestFirst, NewestFirst };
/// visit gives false when it has seen enough.
[[nodiscard]] store::Outcome<void> each_run(
    store::Reading const& reading, RunOrder order,
    std::function<store::Outcome<bool>(RunRow const&)> const& visit);

/// Mentions of the key in the run, in order.
[[nodiscard]] store::Outcome<std::vector<Mention>> find_in_run(
    store::Reading const& reading, RunRow const& run, Key key);

} // namespace fleet::log_index
