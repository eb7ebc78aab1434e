#include "fleet-server/log-index/run_store.hpp"

#include <algorithm>
#include <limits>

namespace fleet::log_index {

using protocol::Bytes;
using protocol::fail;
using store::Outcome;

namespace {

/// Chunks of a run stand together: its number, then the chunk's.
constexpr std::int64_t chunks_max = 1 << 16;
static_assert(run_max / chunk_mentions < chunks_max);

std::int64_t chunk_id(std::int64_t run, std::size_t chunk) {
    return run * chunks_max + static_cast<std::int64_t>(chunk);
}

store::StoreError damaged(std::int64_t run) {
    return {
        store::StoreError::Kind::Corrupt,
        "run " + std::to_string(run) + " of the index cannot be read; verify the books"};
}

Outcome<void> write_run(
    store::Transaction& transaction, std::int64_t id, std::size_t level,
    std::vector<Mention> const& mentions) {
    std::vector<Key> first_keys;
    Bytes body;
    if (mentions.size() <= chunk_mentions) {
        body = pack_chunk(mentions);
    } else {
        for (std::size_t at = 0; at < mentions.size(); at += chunk_mentions) {
            std::span const chunk{
                mentions.data() + at, std::min(chunk_mentions, mentions.size() - at)};
            TRY_VOID(transaction.execute(
                "INSERT INTO index_chunk (id, body) VALUES (?, ?)",
                {chunk_id(id, first_keys.size()), pack_chunk(chunk)}));
            first_keys.push_back(chunk.front().key);
        }
        body = pack_fences(first_keys);
    }
    TRY_VOID(transaction.execute(
        "INSERT INTO index_run (id, level, mentions, chunks, body) VALUES (?, ?, ?, ?, ?)",
        {id, level, mentions.size(), first_keys.size(), body}));
    return {};
}

Outcome<void> read_run(
    store::Reading const& reading, RunRow const& run, std::vector<Mention>& into) {
    bool is_good = true;
    if (run.chunks == 0)
        is_good = unpack_chunk(run.body, into);
    else
        TRY_VOID(reading.each<Bytes>(
            "SELECT body FROM index_chunk WHERE id >= ? AND id < ? ORDER BY id",
            {chunk_id(run.id, 0), chunk_id(run.id, run.chunks)},
            [&](Bytes const& body) { is_good = is_good && unpack_chunk(body, into); }));
    if (!is_good)
        return fail(damaged(run.id));
    return {};
}

/// Neighbours two by two, so that each mention moves only log2 of their number.
void merge_sorted(std::vector<Mention>& mentions, std::vector<std::size_t> ends) {
    auto const at = [&](std::size_t position) {
        return mentions.begin() + static_cast<std::ptrdiff_t>(position);
    };
    while (ends.size() > 1) {
        std::vector<std::size_t> joined;
        std::size_t from = 0;
        for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
            std::inplace_merge(at(from), at(ends[i]), at(ends[i + 1]));
            joined.push_back(from = ends[i + 1]);
        }
        if (ends.size() % 2 != 0)
            joined.push_back(ends.back());
        ends = std::move(joined);
    }
    mentions.erase(std::unique(mentions.begin(), mentions.end()), mentions.end());
}

} // namespace

Outcome<void> RunStore::load(store::Reading const& reading) {
    TRY_VOID((reading.each<std::size_t, std::size_t>(
        "SELECT level, count(*) FROM index_run WHERE level < ? GROUP BY level",
        {settled},
        [&](std::size_t level, std::size_t count) { runs_.at(level) = count; })));
    TRY(auto const last, reading.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM index_run"));
    next_id_ = last.value_or(0) + 1;
    return {};
}

Outcome<void> RunStore::add(store::Transaction& transaction, std::vector<Mention> const& mentions) {
    if (next_id_ == 0)
        TRY_VOID(load(transaction));
    TRY_VOID(write_run(transaction, next_id_++, 0, mentions));
    ++runs_[0];
    for (std::size_t level = 0; level < levels && runs_[level] >= runs_a_level; ++level)
        TRY_VOID(merge(transaction, level));
    return {};
}

Outcome<void> RunStore::merge(store::Transaction& transaction, std::size_t level) {
    std::vector<RunRow> runs;
    std::uint64_t total = 0;
    TRY_VOID((transaction.each<std::int64_t, std::uint64_t, std::size_t, Bytes>(
        "SELECT id, mentions, chunks, body FROM index_run WHERE level = ? ORDER BY id",
        {level},
        [&](std::int64_t id, std::uint64_t count, std::size_t chunks, Bytes body) {
            total += count;
            runs.push_back({id, chunks, std::move(body)});
        })));
    runs_[level] = 0;
    if (total > run_max || level + 1 == levels) {
        TRY_VOID(transaction.execute(
            "UPDATE index_run SET level = ? WHERE level = ?", {settled, level}));
        return {};
    }
    std::vector<Mention> mentions;
    mentions.reserve(total);
    std::vector<std::size_t> ends;
    for (RunRow const& run : runs) {
        TRY_VOID(read_run(transaction, run, mentions));
        ends.push_back(mentions.size());
        TRY_VOID(transaction.execute(
            "DELETE FROM index_chunk WHERE id >= ? AND id < ?",
            {chunk_id(run.id, 0), chunk_id(run.id, run.chunks)}));
        TRY_VOID(transaction.execute("DELETE FROM index_run WHERE id = ?", {run.id}));
    }
    merge_sorted(mentions, std::move(ends));
    // Under the number of the newest of them: the order of runs is the order of the logs.
    TRY_VOID(write_run(transaction, runs.back().id, level + 1, mentions));
    ++runs_[level + 1];
    return {};
}

Outcome<void> each_run(
    store::Reading const& reading, RunOrder order,
    std::function<Outcome<bool>(RunRow const&)> const& visit) {
    // A page at a time: most answers stand in the newest runs.
    bool goes_on = true;
    std::int64_t last =
        order == RunOrder::NewestFirst ? std::numeric_limits<std::int64_t>::max() : 0;
    constexpr int page = 16;
    std::string const sql =
        order == RunOrder::NewestFirst
            ? "SELECT id, chunks, body FROM index_run WHERE id < ? ORDER BY id DESC LIMIT ?"
            : "SELECT id, chunks, body FROM index_run WHERE id > ? ORDER BY id LIMIT ?";
    while (goes_on) {
        std::vector<RunRow> runs;
        TRY_VOID((reading.each<std::int64_t, std::size_t, Bytes>(
            sql, {last, page}, [&](std::int64_t id, std::size_t chunks, Bytes body) {
                runs.push_back({id, chunks, std::move(body)});
            })));
        for (RunRow const& run : runs) {
            TRY(bool const is_more, visit(run));
            if (!is_more)
                return {};
            last = run.id;
        }
        goes_on = runs.size() == page;
    }
    return {};
}

Outcome<std::vector<Mention>> find_in_run(
    store::Reading const& reading, RunRow const& run, Key key) {
    std::vector<Mention> all;
    if (run.chunks == 0) {
        TRY_VOID(read_run(reading, run, all));
    } else {
        auto const range = chunks_with(run.body, key);
        if (range.last > run.chunks)
            return fail(damaged(run.id));
        bool is_good = true;
        TRY_VOID(reading.each<Bytes>(
            "SELECT body FROM index_chunk WHERE id >= ? AND id < ? ORDER BY id",
            {chunk_id(run.id, range.first), chunk_id(run.id, range.last)},
            [&](Bytes const& body) { is_good = is_good && unpack_chunk(body, all); }));
        if (!is_good)
            return fail(damaged(run.id));
    }
    auto const [first, last] = std::equal_range(
        all.begin(), all.end(), Mention{key, 0}, [](Mention const& a, Mention const& b) {
            return a.key < b.key;
        });
    return std::vector<Mention>(first, last);
}

} // namespace fleet::log_index
