#include "fleet-server/ledger/verify.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::ledger;
using protocol::rub;

namespace {

/// Books with three payments and a hold, and a hand that goes round every trigger.
struct Books {
    Books() {
        require(store.write([](store::Transaction& t) -> store::Outcome<void> {
            for (auto const& name : {cash_of(17), payable_of(1), inflight_of(1), fee_external()})
                CHECK(require(open_account(t, name)));
            for (int n = 1; n <= 3; ++n)
                CHECK(require(post(
                    t,
                    {"payment",
                     std::to_string(n),
                     {},
                     {Post{cash_of(17), payable_of(1), rub(1'000)},
                      Post{cash_of(17), fee_external(), rub(10)}}},
                    from_ms(n))));
            return {};
        }));
        require(store.write([](store::Transaction& t) -> store::Outcome<void> {
            CHECK(require(post(
                t,
                {"forward",
                 "000017001000000001",
                 {},
                 {Hold{payable_of(1), inflight_of(1), rub(1'000)}}},
                from_ms(4))));
            return {};
        }));
    }

    void tamper(std::string const& sql) {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open((folder.path() / "fleet.sqlite").c_str(), &database) == SQLITE_OK);
        std::string const script =
            "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger'; "
            "PRAGMA writable_schema = RESET; " +
            sql;
        char* error = nullptr;
        CHECK_MESSAGE(
            sqlite3_exec(database, script.c_str(), nullptr, nullptr, &error) == SQLITE_OK, error);
        sqlite3_close(database);
    }

    Verification verified(std::vector<Expectation> const& expectations = {}) {
        return require(require(store.open_reader()).read([&](store::Reading const& reading) {
            return verify(reading, expectations);
        }));
    }
    std::string place_of_difference(std::vector<Expectation> const& expectations = {}) {
        auto const verification = verified(expectations);
        return verification.difference ? verification.difference->place : "none";
    }

    ScratchFolder folder;
    store::Store store = require(store::Store::open(folder.path() / "fleet.sqlite"));
};

Expectation cash(std::int64_t kopecks) {
    return {cash_of(17), Expectation::Side::PostedNet, rub(kopecks), "notes"};
}
Expectation inflight(std::int64_t kopecks) {
    return {inflight_of(1), Expectation::Side::PendingCredit, rub(kopecks), "outbox"};
}

} // namespace

TEST_SUITE("ledger verification") {
    TEST_CASE("untouched books show no difference and their head") {
        Books books;
        auto const verification = books.verified({cash(3'030), inflight(1'000)});
        CHECK_FALSE(verification.difference);
        CHECK(verification.entries == 4);
        CHECK(verification.transfers == 7);
        auto const last =
            require(require(books.store.open_reader()).read([](store::Reading const& r) {
                return head(r);
            }));
        CHECK(verification.head == last.hash);
    }

    TEST_CASE("whatever is changed behind the ledger's back is named, the first thing first") {
        struct Row {
            char const* sql;
            char const* place;
        };
        for (Row const& one : {
                 // A kopeck more; the fee to another account; a leg less; no legs.
                 Row{"UPDATE ledger_entry SET legs = x'000102e9070001040a' WHERE id = 2",
                     "link up to entry 3"},
                 Row{"UPDATE ledger_entry SET legs = x'000102e8070001030a' WHERE id = 2",
                     "link up to entry 3"},
                 Row{"UPDATE ledger_entry SET legs = x'000102e807' WHERE id = 2",
                     "link up to entry 3"},
                 Row{"UPDATE ledger_entry SET legs = x'' WHERE id = 2", "entry 2"},
                 Row{"UPDATE ledger_entry SET legs = x'04' WHERE id = 2", "entry 2"},
                 Row{"UPDATE ledger_entry SET legs = x'000109e807' WHERE id = 2", "entry 2"},
                 Row{"PRAGMA foreign_keys = OFF; DELETE FROM ledger_entry WHERE id = 2", "entry 3"},
                 Row{"UPDATE ledger_entry SET reference = '9' WHERE id = 3", "link up to entry 3"},
                 Row{"UPDATE ledger_entry SET reference = '1' WHERE id = 3", "entry 3"},
                 Row{"UPDATE ledger_entry SET kind = 2 WHERE id = 1", "link up to entry 3"},
                 Row{"UPDATE ledger_entry SET kind = 7 WHERE id = 1", "entry 1"},
                 Row{"UPDATE ledger_entry SET at_us = 1000 WHERE id = 1", "none"}, // It was.
                 Row{"UPDATE ledger_entry SET at_us = 1000 WHERE id = 3", "entry 3"},
                 Row{"UPDATE ledger_entry SET reverses = 1 WHERE id = 2", "link up to entry 3"},
                 Row{"UPDATE ledger_link SET hash = zeroblob(32) WHERE last = 4",
                     "link up to entry 4"},
                 Row{"DELETE FROM ledger_link WHERE last = 3", "link up to entry 4"},
                 Row{"DELETE FROM ledger_link WHERE last = 4", "link up to entry 4"},
                 Row{"UPDATE ledger_account SET name = 'payable.2' WHERE name = 'payable.1'",
                     "link up to entry 3"},
                 Row{"UPDATE ledger_account SET credits_posted = 2999 WHERE name = 'payable.1'",
                     "account payable.1"},
                 Row{"UPDATE ledger_account SET debits_pending = 0 WHERE name = 'payable.1'",
                     "account payable.1"},
                 Row{"UPDATE ledger_account SET may_go_negative = 1 WHERE name = 'payable.1'",
                     "account payable.1"},
                 Row{"DELETE FROM ledger_open_hold", "open hold 256"},
                 Row{"INSERT INTO ledger_open_hold VALUES (64, 1, 2, 5)", "open hold 64"},
                 Row{"UPDATE ledger_series SET last = 5", "greatest number of series 17001"},
                 Row{"DELETE FROM ledger_series", "greatest number of series 17001"},
             }) {
            auto const sql = one.sql;
            auto const place = one.place;
            CAPTURE(sql);
            Books books;
            books.tamper(sql);
            CHECK(books.place_of_difference().substr(0, std::string_view{place}.size()) == place);
        }
    }

    TEST_CASE("a chain that was forged to its end still shows in the balances") {
        Books books;
        // Drop the last entry cleanly: the chain is whole, but the counters remember.
        books.tamper(
            "DELETE FROM ledger_link WHERE last = 4; DELETE FROM ledger_entry WHERE id = 4;");
        CHECK(books.place_of_difference() == "account inflight.1");
    }

    TEST_CASE("cash that is not the notes counted and sums under way are named") {
        Books books;
        CHECK(books.place_of_difference({cash(3'030), inflight(1'000)}) == "none");
        CHECK(
            books.place_of_difference({cash(3'040), inflight(1'000)}) ==
            "account cash.kiosk.17.main");
        CHECK(books.place_of_difference({cash(3'030), inflight(0)}) == "account inflight.1");
        // Money of a kiosk or a provider that nobody tells of.
        CHECK(books.place_of_difference({cash(3'030)}) == "account inflight.1");
        // A kiosk whose notes never reached the books.
        auto missing = cash(100);
        missing.account = cash_of(18);
        CHECK(
            books.place_of_difference({cash(3'030), inflight(1'000), missing}) ==
            "account cash.kiosk.18.main");
    }
}
