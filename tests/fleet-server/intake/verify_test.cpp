#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::intake;

namespace {

void tamper(Office& office, std::string const& sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((office.folder.path() / "fleet.sqlite").c_str(), &database) == SQLITE_OK);
    std::string const script =
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'trigger'; "
        "PRAGMA writable_schema = RESET; PRAGMA ignore_check_constraints = ON; " +
        sql;
    char* error = nullptr;
    CHECK_MESSAGE(
        sqlite3_exec(database, script.c_str(), nullptr, nullptr, &error) == SQLITE_OK, error);
    sqlite3_close(database);
}

} // namespace

TEST_SUITE("intake verification") {
    TEST_CASE("what was changed in the records behind the books' back is named") {
        struct Row {
            char const* sql;
            char const* place;
            char const* expected;
        };
        for (Row const& one : {
                 Row{"UPDATE intake_record SET payload = x'00' WHERE sequence = 2",
                     "record 17-1-2",
                     "can be read"},
                 // A field that nobody reads: only the chain knows.
                 Row{"UPDATE intake_record SET payload = CAST(payload || x'f80701' AS BLOB) "
                     "WHERE sequence = 2",
                     "record 17-1-3",
                     "acknowledged"},
                 Row{"DELETE FROM intake_record WHERE sequence = 2", "record 2 of all", "a record"},
                 Row{"DELETE FROM intake_record WHERE sequence = 2; "
                     "UPDATE intake_record SET id = 2 WHERE id = 3",
                     "record 17-1-2",
                     "I11"},
                 Row{"DELETE FROM intake_record WHERE sequence = 3",
                     "record 17-1-3",
                     "acknowledged"},
                 Row{"UPDATE kiosk_epoch SET last_sequence = 4", "record 17-1-4", "acknowledged"},
                 Row{"UPDATE intake_record SET hash = zeroblob(32) WHERE sequence = 2",
                     "record 17-1-2",
                     "the chain's hash"},
                 // sequence | routing | version | account | receiver | gross | withheld
                 Row{"UPDATE intake_record SET posting = x'0200010001e0891caf0e' WHERE id = 2",
                     "payment 000017001000000002",
                     "I20"},
                 Row{"UPDATE intake_record SET posting = x'0200010001e1891cb00e' WHERE id = 2",
                     "payment 000017001000000002",
                     "I3"},
                 Row{"UPDATE intake_record SET posting = x'02000100' WHERE id = 2",
                     "payment 000017001000000002",
                     "I3"},
                 Row{"UPDATE intake_record SET posting = x'0200090001e0891cb00e' WHERE id = 2",
                     "payment 000017001000000002",
                     "rule version 9"},
                 Row{"UPDATE intake_record SET posting = x'0300010001e0891cb00e' WHERE id = 3",
                     "none",
                     ""},
                 Row{"UPDATE intake_record SET posting = x'0200010001e0891cb00e' WHERE id = 3",
                     "payment 000017001000000003",
                     "an entry after 2"},
                 Row{"UPDATE intake_record SET posting = x'0000010001e0891cb00e' WHERE id = 2",
                     "payment 000017001000000002",
                     "all its cash"},
                 Row{"UPDATE intake_record SET posting = x'ff' WHERE id = 2",
                     "record 17-1-2",
                     "can be read"},
                 Row{"UPDATE split_rule SET text = 'x'", "payment 000017001000000001", "I20"},
                 Row{"UPDATE ledger_entry SET legs = x'00010201' WHERE id = 1",
                     "payment 000017001000000001",
                     "all its cash"},
             }) {
            auto const sql = one.sql;
            auto const place = one.place;
            auto const expected = one.expected;
            CAPTURE(sql);
            Office office;
            TestKiosk kiosk;
            for (int i = 0; i < 3; ++i)
                kiosk.add(story_payment());
            office.accept_all(kiosk);
            office.check_books();
            tamper(office, sql);
            auto const found =
                office.read([](store::Reading const& r) { return verify_records(r); }).difference;
            CHECK((found ? found->place : std::string{"none"}) == place);
            if (found)
                CHECK_MESSAGE(found->expected.find(expected) != std::string::npos, found->expected);
        }
    }

    TEST_CASE("cash of which no record tells shows in the ledger") {
        Office office;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        office.accept_all(kiosk);
        tamper(office, "DELETE FROM intake_record");
        auto const records = office.read([](store::Reading const& r) { return verify_records(r); });
        auto const books =
            office.read([&](store::Reading const& r) { return ledger::verify(r, {records.cash}); });
        CHECK(records.difference);
        CHECK(records.cash.empty());
        CHECK_FALSE(books.difference); // Nothing was expected: the records' own difference tells.
    }
}
