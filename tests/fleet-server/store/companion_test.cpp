#include "fleet-server/store/companion.hpp"

#include <doctest/doctest.h>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::store;

namespace {

/// A number that is written once a commit.
class Counter : public Companion {
public:
    void job_begins() override { before_ = count; }
    void job_undone() override { count = before_; }
    Outcome<void> write_down(Transaction& transaction) override {
        ++written;
        TRY_VOID(transaction.execute("DELETE FROM kiosk"));
        TRY_VOID(transaction.execute(
            "INSERT INTO kiosk (number, address, epoch) VALUES (?, 'here', 1)", {count}));
        return {};
    }
    int count = 0;
    int written = 0;

private:
    int before_ = 0;
};

Store::Work const add_one = [](Transaction& transaction) -> Outcome<void> {
    ++transaction.companion<Counter>().count;
    return {};
};
Store::Work const add_and_fail = [](Transaction& transaction) -> Outcome<void> {
    transaction.companion<Counter>().count += 100;
    return protocol::fail(StoreError{});
};

} // namespace

TEST_SUITE("store companion") {
    TEST_CASE("it lives from commit to commit, is undone with its job and written before the end") {
        TestDatabase database;
        Store::Work const* const works[] = {&add_and_fail, &add_one, &add_and_fail, &add_one};
        CHECK(require(database.store.commit_group(works)).size() == 4);
        REQUIRE(database.store.commit_group(std::span{works}.subspan(1, 1)));
        CHECK(database.read([](Reading const& r) {
            CHECK(r.companion<Counter>() == nullptr); // Readers have none.
            return r.value<std::int64_t>("SELECT number FROM kiosk");
        }) == std::optional<std::int64_t>{3});
        database.write([](Transaction& t) -> Outcome<void> {
            CHECK(t.companion<Counter>().written == 2);
            CHECK(static_cast<Reading const&>(t).companion<Counter>()->count == 3);
            return {};
        });
    }

    TEST_CASE(
        "one that cannot be written fails the whole commit, and nothing is written after it") {
        TestDatabase database;
        // 1 000 000 is not a kiosk's number.
        auto const outcome = database.store.write([](Transaction& t) -> Outcome<void> {
            t.companion<Counter>().count = 1'000'000;
            return {};
        });
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().kind == StoreError::Kind::Constraint);
        CHECK(database.store.failure());
    }
}
