#include "fleet-server/store/store.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fstream>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::store;
using protocol::fail;

namespace {

using Nothing = Outcome<void>;

Outcome<void> add_kiosk(Transaction& transaction, int number) {
    TRY_VOID(transaction.execute(
        "INSERT INTO kiosk (number, address, epoch) VALUES (?, 'here', 1)", {number}));
    return {};
}

std::int64_t kiosks_in(Store& store) {
    return *require(require(store.open_reader()).read([](Reading const& reading) {
        return reading.value<std::int64_t>("SELECT count(*) FROM kiosk");
    }));
}

/// Another program's hand on the file.
void meddle(std::filesystem::path const& file, char const* sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

} // namespace

TEST_SUITE("store") {
    TEST_CASE("the pragmas that make a commit durable are read back") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        CHECK(
            store.report().pragmas ==
            "journal_mode=wal synchronous=2 foreign_keys=1 trusted_schema=0 cell_size_check=1 "
            "recursive_triggers=1");
    }

    TEST_CASE("a failed work leaves nothing of what it had written") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        auto const outcome = store.write([](Transaction& transaction) -> Nothing {
            TRY_VOID(add_kiosk(transaction, 1));
            return fail(StoreError{StoreError::Kind::Other, "changed my mind"});
        });
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().detail == "changed my mind");
        CHECK(kiosks_in(store) == 0);
        CHECK(store.write([](Transaction& transaction) { return add_kiosk(transaction, 2); }));
        CHECK(kiosks_in(store) == 1);
    }

    TEST_CASE("in a group the one that fails does not disturb the others") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        Store::Work const first = [](Transaction& t) { return add_kiosk(t, 1); };
        Store::Work const twice = [](Transaction& t) -> Nothing {
            TRY_VOID(add_kiosk(t, 7));
            return add_kiosk(t, 1); // The number is taken.
        };
        Store::Work const last = [](Transaction& t) { return add_kiosk(t, 3); };
        Store::Work const* const works[] = {&first, &twice, &last};
        auto const outcomes = require(store.commit_group(works));
        REQUIRE(outcomes.size() == 3);
        CHECK(outcomes[0]);
        REQUIRE_FALSE(outcomes[1]);
        CHECK(outcomes[1].error().kind == StoreError::Kind::Constraint);
        CHECK(outcomes[2]);
        CHECK(kiosks_in(store) == 2);
    }

    TEST_CASE("a commit that fails undoes the group and stops the store until it is reopened") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        {
            auto store = require(Store::open(file));
            Store::Work const good = [](Transaction& t) { return add_kiosk(t, 1); };
            Store::Work const breaks_at_commit = [](Transaction& t) -> Nothing {
                TRY_VOID(t.execute("PRAGMA defer_foreign_keys = ON"));
                TRY_VOID(
                    t.execute("INSERT INTO kiosk_epoch (kiosk, epoch, head_hash, opened_at) "
                              "VALUES (99, 1, zeroblob(32), 0)"));
                return {};
            };
            Store::Work const* const works[] = {&good, &breaks_at_commit};
            auto const outcomes = store.commit_group(works);
            REQUIRE_FALSE(outcomes);
            CHECK(outcomes.error().kind == StoreError::Kind::Constraint);
            CHECK(store.failure());
            CHECK_FALSE(store.write([](Transaction& t) { return add_kiosk(t, 5); }));
        }
        auto store = require(Store::open(file));
        CHECK(kiosks_in(store) == 0);
        CHECK(store.write([](Transaction& t) { return add_kiosk(t, 5); }));
    }

    TEST_CASE("a disk that is full fails the work and what was there stays") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        {
            auto store = require(Store::open(file));
            REQUIRE(store.write([](Transaction& t) { return add_kiosk(t, 1); }));
            auto const outcome = store.write([](Transaction& t) -> Nothing {
                TRY_VOID(t.execute("PRAGMA max_page_count = 1")); // Not below the present size.
                for (int event = 0; event < 10'000; ++event)
                    TRY_VOID(
                        t.execute("INSERT INTO kiosk_event (kiosk, at_ms, what, reason) "
                                  "VALUES (1, 0, 'x', hex(zeroblob(1000)))"));
                return {};
            });
            REQUIRE_FALSE(outcome);
            CHECK(outcome.error().kind == StoreError::Kind::Full);
        }
        auto store = require(Store::open(file));
        CHECK(kiosks_in(store) == 1);
        CHECK(*require(require(store.open_reader()).read([](Reading const& reading) {
            return reading.value<std::int64_t>("SELECT count(*) FROM kiosk_event");
        })) == 0);
    }

    TEST_CASE("an unclean stop is noticed and the pages are checked") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        { CHECK(require(Store::open(file)).report().was_clean); }
        {
            auto store = require(Store::open(file));
            CHECK_FALSE(store.report().was_clean);
            REQUIRE(store.close());
            CHECK_FALSE(store.write([](Transaction& t) { return add_kiosk(t, 5); }));
        }
        CHECK(require(Store::open(file)).report().was_clean);
    }

    TEST_CASE("a damaged page is found after an unclean stop and nothing is opened") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        {
            auto store = require(Store::open(file));
            REQUIRE(store.close());
        }
        meddle(file, "UPDATE run_state SET is_clean = 0; PRAGMA wal_checkpoint(TRUNCATE);");
        auto const size = std::filesystem::file_size(file);
        std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
        // The index pages in the middle of the file: every page but the first few is turned to
        // 0xFF.
        bytes.seekp(static_cast<std::streamoff>(size / 2));
        bytes << std::string(size / 2, '\xFF');
        bytes.close();
        auto const store = Store::open(file);
        REQUIRE_FALSE(store);
        CHECK(store.error().kind == StoreError::Kind::Corrupt);
    }

    TEST_CASE("a row without its parent is found after an unclean stop") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        { auto const store = require(Store::open(file)); }
        meddle(
            file,
            "INSERT INTO kiosk_epoch (kiosk, epoch, head_hash, opened_at) "
            "VALUES (99, 1, zeroblob(32), 0)");
        auto const store = Store::open(file);
        REQUIRE_FALSE(store);
        CHECK(store.error().detail.find("kiosk_epoch") != std::string::npos);
    }

    TEST_CASE("a database of another program is not touched") {
        ScratchFolder folder;
        auto const file = folder.path() / "other.sqlite";
        meddle(file, "CREATE TABLE theirs (x)");
        auto const store = Store::open(file);
        REQUIRE_FALSE(store);
        CHECK(store.error().kind == StoreError::Kind::CannotOpen);
    }

    TEST_CASE("a database of a newer program is refused with the cure") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        { auto const store = require(Store::open(file)); }
        meddle(file, "PRAGMA user_version = 900");
        auto const store = Store::open(file);
        REQUIRE_FALSE(store);
        CHECK(store.error().kind == StoreError::Kind::TooNew);
        CHECK(store.error().detail.find("install the newer program") != std::string::npos);
    }

    TEST_CASE("migrations are applied once") {
        ScratchFolder folder;
        auto const file = folder.path() / "fleet.sqlite";
        { CHECK(require(Store::open(file)).report().migrations_applied >= 6); }
        CHECK(require(Store::open(file)).report().migrations_applied == 0);
    }

    TEST_CASE("a folder that is not there is an error that names the file") {
        auto const store = Store::open("/nonexistent/fleet.sqlite");
        REQUIRE_FALSE(store);
        CHECK(store.error().kind == StoreError::Kind::CannotOpen);
        CHECK(store.error().detail.find("/nonexistent/fleet.sqlite") != std::string::npos);
    }

    TEST_CASE("a column of another type or range is an error that names it") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        auto const reader = [&](auto query) {
            return require(store.open_reader()).read([&](Reading const& r) { return query(r); });
        };
        auto const text = reader([](Reading const& r) { return r.value<std::string>("SELECT 5"); });
        REQUIRE_FALSE(text);
        CHECK(text.error().kind == StoreError::Kind::Shape);
        CHECK_FALSE(reader([](Reading const& r) { return r.value<std::uint32_t>("SELECT -1"); }));
        CHECK_FALSE(reader([](Reading const& r) { return r.value<std::int64_t>("SELECT 'x'"); }));
        CHECK_FALSE(reader([](Reading const& r) { return r.value<bool>("SELECT 2"); }));
        CHECK_FALSE(reader([](Reading const& r) { return r.value<std::int64_t>("SELECT NULL"); }));
        CHECK_FALSE(
            reader([](Reading const& r) { return r.one<std::int64_t, std::int64_t>("SELECT 1"); }));
        auto const row = require(reader([](Reading const& r) {
            return r.one<std::optional<std::int64_t>, protocol::Bytes, std::string>(
                "SELECT NULL, zeroblob(0), ?", {std::string_view{"a\0b", 3}});
        }));
        REQUIRE(row);
        CHECK_FALSE(std::get<0>(*row));
        CHECK(std::get<1>(*row).empty());
        CHECK(std::get<2>(*row) == std::string_view{"a\0b", 3});
    }

    TEST_CASE("a reader sees one moment and cannot write") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        auto reader = require(store.open_reader());
        auto const counts = require(reader.read(
            [&](Reading const& reading) -> Outcome<std::pair<std::int64_t, std::int64_t>> {
                auto const count = "SELECT count(*) FROM kiosk";
                TRY(auto const before, reading.value<std::int64_t>(count));
                REQUIRE(store.write([](Transaction& t) { return add_kiosk(t, 1); }));
                TRY(auto const after, reading.value<std::int64_t>(count));
                return std::pair{*before, *after};
            }));
        CHECK(counts.first == 0);
        CHECK(counts.second == 0);
        CHECK(kiosks_in(store) == 1);
        CHECK_FALSE(reader.read([](Reading const& reading) {
            return reading.value<std::int64_t>("DELETE FROM kiosk RETURNING number");
        }));
    }

    TEST_CASE("append-only tables refuse to change, by REPLACE as well") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        REQUIRE(store.write([](Transaction& t) -> Nothing {
            TRY_VOID(
                t.execute("INSERT INTO ledger_entry (id, at_us, kind, reference, legs) "
                          "VALUES (1, 1, 1, 'r', x'00')"));
            return {};
        }));
        for (char const* sql :
             {"UPDATE ledger_entry SET at_us = 2",
              "DELETE FROM ledger_entry",
              "INSERT OR REPLACE INTO ledger_entry (id, at_us, kind, reference, legs) "
              "VALUES (1, 1, 1, 'other', x'00')"}) {
            auto const outcome = store.write([&](Transaction& t) { return t.execute(sql); });
            REQUIRE_FALSE(outcome);
            CHECK(outcome.error().detail.find("append-only") != std::string::npos);
        }
    }
}
