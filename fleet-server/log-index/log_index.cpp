#include "fleet-server/log-index/log_index.hpp"

#include <algorithm>
#include <array>

#include "fleet-server/log-index/run.hpp"
#include "fleet-server/log-index/run_store.hpp"

namespace fleet::log_index {

namespace {

using store::Outcome;

constexpr Key often = Key{1} << 31U;

/// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC draft-eastlake-fnv).
class Hash {
public:
    void add(std::string_view bytes) {
        for (char const byte : bytes) {
            state_ ^= static_cast<std::uint8_t>(byte);
            state_ *= prime;
        }
    }
    [[nodiscard]] Key key(Frequency frequency) const {
        // The high bits of FNV are the better mixed ones.
        auto const folded = static_cast<Key>((state_ >> 32U) ^ state_);
        return frequency == Frequency::Often ? folded | often : folded & ~often;
    }

private:
    static constexpr std::uint64_t prime = 0x100000001b3;
    std::uint64_t state_ = 0xcbf29ce484222325;
};

/// What the commit under way has mentioned.
class Pending : public store::Companion {
public:
    void job_begins() override { size_before_job_ = mentions_.size(); }
    void job_undone() override { mentions_.resize(size_before_job_); }
    Outcome<void> write_down(store::Transaction& transaction) override {
        if (mentions_.empty())
            return {};
        arrange(mentions_);
        auto const written = runs_.add(transaction, mentions_);
        mentions_.clear();
        size_before_job_ = 0;
        return written;
    }

    void add(Mention mention) {
        // Most mentions of a drain repeat the one before them, or the one of another sort.
        constexpr std::size_t looked_back = 8;
        std::size_t const from =
            mentions_.size() > looked_back ? mentions_.size() - looked_back : 0;
        if (std::find(
                mentions_.begin() + static_cast<std::ptrdiff_t>(from), mentions_.end(), mention) ==
            mentions_.end())
            mentions_.push_back(mention);
    }
    void find(Key key, std::vector<Mention>& into) const {
        for (Mention const& mention : mentions_)
            if (mention.key == key)
                into.push_back(mention);
    }

private:
    std::vector<Mention> mentions_;
    std::size_t size_before_job_ = 0;
    RunStore runs_;
};

std::vector<Mention> pending_of(store::Reading const& reading, Key key) {
    std::vector<Mention> found;
    if (auto const* const pending = reading.companion<Pending>())
        pending->find(key, found);
    arrange(found);
    return found;
}

/// Appends what the filter lets through, each block once.
void take(
    std::vector<Block>& blocks, std::vector<Mention> const& found, std::size_t count_max,
    auto is_wanted) {
    for (Mention const& mention : found)
        if (blocks.size() < count_max && is_wanted(mention.block) &&
            (blocks.empty() || blocks.back() != mention.block))
            blocks.push_back(mention.block);
}

} // namespace

Key key_of(Frequency frequency, std::string_view kind, std::string_view name) {
    Hash hash;
    hash.add(kind);
    hash.add({"\0", 1});
    hash.add(name);
    return hash.key(frequency);
}

Key key_of(Frequency frequency, std::string_view kind, std::uint64_t number) {
    std::array<char, sizeof number> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(number >> (8U * static_cast<unsigned>(i)));
    return key_of(frequency, kind, std::string_view{bytes.data(), bytes.size()});
}

void mention(store::Transaction& transaction, Key key, std::uint64_t position) {
    transaction.companion<Pending>().add({key, block_of(position)});
}

Outcome<std::vector<Block>> newest_blocks(
    store::Reading const& reading, Key key, Block before, std::size_t count_max) {
    std::vector<Block> blocks;
    auto const is_wanted = [before](Block block) { return block < before; };
    auto pending = pending_of(reading, key);
    std::reverse(pending.begin(), pending.end());
    take(blocks, pending, count_max, is_wanted);
    TRY_VOID(each_run(reading, RunOrder::NewestFirst, [&](RunRow const& run) -> Outcome<bool> {
        TRY(auto found, find_in_run(reading, run, key));
        std::reverse(found.begin(), found.end());
        take(blocks, found, count_max, is_wanted);
        return blocks.size() < count_max;
    }));
    return blocks;
}

Outcome<std::vector<Block>> oldest_blocks(
    store::Reading const& reading, Key key, Block from, std::size_t count_max) {
    std::vector<Block> blocks;
    auto const is_wanted = [from](Block block) { return block >= from; };
    TRY_VOID(each_run(reading, RunOrder::OldestFirst, [&](RunRow const& run) -> Outcome<bool> {
        TRY(auto const found, find_in_run(reading, run, key));
        take(blocks, found, count_max, is_wanted);
        return blocks.size() < count_max;
    }));
    take(blocks, pending_of(reading, key), count_max, is_wanted);
    return blocks;
}

} // namespace fleet::log_index
