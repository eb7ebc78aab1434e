#include "fleet-server/intake/split_state.hpp"

#include <array>
#include <cassert>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <tuple>

namespace fleet::intake {

using protocol::Residue;
using protocol::rub;
using splitting::Cap;
using splitting::Period;
using splitting::Rule;
using store::Outcome;

namespace {

std::string period_of(Period period, UtcTime at) {
    std::chrono::year_month_day const date{std::chrono::floor<std::chrono::days>(at)};
    std::array<char, 16> text{};
    auto const year = static_cast<int>(date.year());
    auto const month = static_cast<unsigned>(date.month());
    auto const day = static_cast<unsigned>(date.day());
    switch (period) {
    case Period::Day:
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", year, month, day);
        break;
    case Period::Month: std::snprintf(text.data(), text.size(), "%04d-%02u", year, month); break;
    case Period::Year: std::snprintf(text.data(), text.size(), "%04d", year); break;
    }
    return text.data();
}

std::vector<Cap> caps_of(Rule const& rule) {
    std::vector<Cap> caps;
    for (splitting::Step const& step : rule.steps)
        if (auto const* const cap = std::get_if<Cap>(&step))
            caps.push_back(*cap);
    return caps;
}

/// What rules remember, as the commit under way has left it.
class SplitStates : public store::Companion {
public:
    [[nodiscard]] std::optional<std::int64_t> residue(RuleKey key, std::size_t position) const {
        return find(residues_, {key, position});
    }
    [[nodiscard]] std::optional<std::int64_t> taken(
        RuleKey key, std::size_t position, std::string const& period) const {
        return find(taken_, {key, position, period});
    }
    void put_residue(RuleKey key, std::size_t position, std::int64_t parts) {
        put(residues_, old_residues_, {key, position}, parts);
    }
    void put_taken(RuleKey key, std::size_t position, std::string period, std::int64_t kopecks) {
        put(taken_, old_taken_, {key, position, std::move(period)}, kopecks);
    }

    void job_begins() override {
        old_residues_.clear();
        old_taken_.clear();
    }
    void job_undone() override {
        put_back(residues_, old_residues_);
        put_back(taken_, old_taken_);
    }
    [[nodiscard]] Outcome<void> write_down(store::Transaction& transaction) override;

private:
    template <class Map>
    using Undo = std::vector<std::pair<typename Map::key_type, std::optional<std::int64_t>>>;
    using Residues = std::map<std::tuple<RuleKey, std::size_t>, std::int64_t>;
    using Taken = std::map<std::tuple<RuleKey, std::size_t, std::string>, std::int64_t>;

    template <class Map>
    static std::optional<std::int64_t> find(Map const& map, typename Map::key_type const& key) {
        auto const found = map.find(key);
        return found == map.end() ? std::nullopt : std::optional{found->second};
    }
    template <class Map>
    static void put(Map& map, Undo<Map>& undo, typename Map::key_type key, std::int64_t number) {
        undo.emplace_back(key, find(map, key));
        map.insert_or_assign(std::move(key), number);
    }
    template <class Map>
    static void put_back(Map& map, Undo<Map>& undo) {
        for (auto old = undo.rbegin(); old != undo.rend(); ++old)
            if (old->second)
                map[old->first] = *old->second;
            else
                map.erase(old->first);
        undo.clear();
    }

    Residues residues_;
    Taken taken_;
    Undo<Residues> old_residues_; ///< Of the job under way, the last change last.
    Undo<Taken> old_taken_;
};

Outcome<void> SplitStates::write_down(store::Transaction& transaction) {
    for (auto const& [of, parts] : residues_) {
        auto const& [key, position] = of;
        TRY_VOID(transaction.execute(
            "INSERT INTO split_residue (provider, version, position, parts) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET parts = excluded.parts",
            {key.provider, key.version, position, parts}));
    }
    for (auto const& [of, kopecks] : taken_) {
        auto const& [key, position, period] = of;
        TRY_VOID(transaction.execute(
            "INSERT INTO split_taken (provider, version, position, period, taken) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET taken = excluded.taken",
            {key.provider, key.version, position, period, kopecks}));
    }
    residues_.clear();
    taken_.clear();
    return {};
}

} // namespace

std::vector<std::string> periods_at(Rule const& rule, UtcTime at) {
    std::vector<std::string> periods;
    for (Cap const& cap : caps_of(rule))
        periods.push_back(period_of(cap.period, at));
    return periods;
}

Outcome<SplitState> load_split_state(
    store::Reading const& reading, RuleKey key, Rule const& rule, UtcTime at) {
    auto const* const newer = reading.companion<SplitStates>();
    SplitState state;
    if (auto const count = splitting::residue_count(rule); count > 0) {
        state.residues.resize(count);
        if (!newer || !newer->residue(key, 0)) // All of them are there or none.
            TRY_VOID((reading.each<std::size_t, std::int64_t>(
                "SELECT position, parts FROM split_residue WHERE provider = ? AND version = ?",
                {key.provider, key.version},
                [&](std::size_t position, std::int64_t parts) {
                    // A position beyond the rule's shows as residues that do not add up to 0.
                    if (position < count)
                        state.residues[position] = Residue{parts};
                })));
        for (std::size_t position = 0; newer && position < count; ++position)
            if (auto const parts = newer->residue(key, position))
                state.residues[position] = Residue{*parts};
    }
    state.periods = periods_at(rule, at);
    for (std::size_t position = 0; position < state.periods.size(); ++position) {
        TRY(auto const taken,
            reading.value<std::int64_t>(
                "SELECT taken FROM split_taken "
                "WHERE provider = ? AND version = ? AND position = ? AND period = ?",
                {key.provider, key.version, position, state.periods[position]}));
        auto const now =
            newer ? newer->taken(key, position, state.periods[position]) : std::nullopt;
        state.taken.push_back(rub(now ? *now : taken.value_or(0)));
    }
    return state;
}

SplitState after(Rule const& rule, SplitState before, splitting::Division const& division) {
    before.residues = division.residues;
    auto const caps = caps_of(rule);
    assert(caps.size() == before.taken.size());
    for (std::size_t position = 0; position < caps.size(); ++position)
        for (splitting::Leg const& leg : division.legs)
            if (leg.receiver == caps[position].to)
                before.taken[position] = rub(before.taken[position].minor() + leg.gross.minor());
    return before;
}

bool residues_are_small(Rule const& rule, SplitState const& state) {
    std::size_t seen = 0;
    bool all = true;
    for (splitting::Step const& step : rule.steps)
        if (auto const* const allocate = std::get_if<splitting::Allocate>(&step))
            if (allocate->residues == splitting::Residues::Carry) {
                auto const own = std::span{state.residues}.subspan(seen, allocate->to.size());
                all = all && protocol::residues_are_small(allocate->weights, own);
                seen += allocate->to.size();
            }
    return all;
}

Outcome<void> save_split_state(
    store::Transaction& transaction, RuleKey key, SplitState const& state) {
    if (state.residues.empty() && state.taken.empty())
        return {};
    auto& states = transaction.companion<SplitStates>();
    for (std::size_t position = 0; position < state.residues.size(); ++position)
        states.put_residue(key, position, state.residues[position].parts);
    for (std::size_t position = 0; position < state.taken.size(); ++position)
        states.put_taken(key, position, state.periods[position], state.taken[position].minor());
    return {};
}

} // namespace fleet::intake
