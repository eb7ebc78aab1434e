#include "fleet-server/log-index/log_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "fleet-server/log-index/run_store.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::log_index;
using Blocks = std::vector<Block>;

namespace {

/// Every mention in a set, and the index beside it.
struct Twin {
    TestDatabase database;
    std::map<Key, std::set<Block>> model;
    std::uint64_t position = 0;

    void commit(std::mt19937& random, int count) {
        database.write([&](store::Transaction& t) -> store::Outcome<void> {
            for (int i = 0; i < count; ++i) {
                auto const key = static_cast<Key>(random() % 50);
                position += random() % 3;
                mention(t, key, position);
                model[key].insert(block_of(position));
            }
            return {};
        });
    }
    [[nodiscard]] Blocks newest(Key key, Block before, std::size_t count) {
        return database.read(
            [&](store::Reading const& r) { return newest_blocks(r, key, before, count); });
    }
    [[nodiscard]] Blocks oldest(Key key, Block from, std::size_t count) {
        return database.read(
            [&](store::Reading const& r) { return oldest_blocks(r, key, from, count); });
    }
};

} // namespace

TEST_SUITE("log-index") {
    TEST_CASE("keys are the same for ever, and rare ones never meet frequent ones") {
        // FNV-1a 64 of "account\0M003K006" and its halves folded, by hand in Python.
        CHECK(key_of(Frequency::Rare, "account", "M003K006") == 0x57f2c0f4U);
        CHECK((key_of(Frequency::Often, "account", "M003K006") >> 31U) == 1U);
        CHECK(
            key_of(Frequency::Rare, "kiosk", std::uint64_t{17}) !=
            key_of(Frequency::Rare, "kiosk", std::uint64_t{18}));
    }

    TEST_CASE("what is mentioned is found, through every merging") {
        Twin twin;
        std::mt19937 random{7}; // NOLINT(cert-msc51-cpp): the same commits every time.
        for (int commit = 0; commit < 200; ++commit)
            twin.commit(random, 1 + static_cast<int>(random() % 60));
        for (auto const& [key, expected] : twin.model) {
            Blocks const ascending(expected.begin(), expected.end());
            Blocks const descending(expected.rbegin(), expected.rend());
            CHECK(twin.oldest(key, 0, 100'000) == ascending);
            CHECK(twin.newest(key, block_end, 100'000) == descending);
            Block const middle = ascending[ascending.size() / 2];
            CHECK(
                twin.newest(key, middle, 1) ==
                Blocks{*std::prev(std::lower_bound(ascending.begin(), ascending.end(), middle))});
            CHECK(twin.oldest(key, middle, 1) == Blocks{middle});
        }
        CHECK(twin.newest(51, block_end, 10).empty());
    }

    TEST_CASE("eight runs of a level become one") {
        Twin twin;
        std::mt19937 random{9}; // NOLINT(cert-msc51-cpp)
        for (int commit = 0; commit < 8 * 8 + 3; ++commit)
            twin.commit(random, 40);
        CHECK(twin.database.read([](store::Reading const& r) {
            return r.value<std::string>(
                "SELECT group_concat(level || 'x' || n) FROM (SELECT level, count(*) AS n "
                "FROM index_run GROUP BY level ORDER BY level)");
        }) == std::optional<std::string>{"0x3,2x1"});
    }

    TEST_CASE("the commit under way is found by itself; what a job had mentioned goes with it") {
        TestDatabase database;
        database.write([&](store::Transaction& t) -> store::Outcome<void> {
            mention(t, 5, 100);
            CHECK(require(newest_blocks(t, 5, block_end, 9)) == Blocks{6});
            return {};
        });
        auto const undone =
            database.store.write([&](store::Transaction& t) -> store::Outcome<void> {
                mention(t, 5, 200);
                return protocol::fail(store::StoreError{});
            });
        CHECK_FALSE(undone);
        database.write([&](store::Transaction& t) -> store::Outcome<void> {
            mention(t, 5, 300);
            CHECK(require(oldest_blocks(t, 5, 0, 9)) == Blocks{6, 18});
            return {};
        });
        CHECK(database.read([](store::Reading const& r) {
            return newest_blocks(r, 5, block_end, 9);
        }) == Blocks{18, 6});
    }

    TEST_CASE("a run whose bytes are damaged is an error, not an empty answer") {
        TestDatabase database;
        database.write([&](store::Transaction& t) -> store::Outcome<void> {
            mention(t, 5, 100);
            return {};
        });
        database.write(
            [&](store::Transaction& t) { return t.execute("UPDATE index_run SET body = x'80'"); });
        auto const found = require(database.store.open_reader()).read([](store::Reading const& r) {
            return newest_blocks(r, 5, block_end, 9);
        });
        REQUIRE_FALSE(found);
        CHECK(found.error().kind == store::StoreError::Kind::Corrupt);
    }
}
