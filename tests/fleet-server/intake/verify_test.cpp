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
                     "the chain's hash"},
                 Row{"DELETE FROM intake_record WHERE sequence = 2", "record 17-1-2", "I11"},
                 Row{"DELETE FROM intake_record WHERE sequence = 3",
                     "record 17-1-3",
                     "acknowledged"},
                 Row{"UPDATE kiosk_epoch SET last_sequence = 4", "record 17-1-4", "acknowledged"},
                 Row{"UPDATE payment SET credited = 1 WHERE sequence = 2",
                     "payment 000017001000000002",
                     "I2"},
                 Row{"UPDATE intake_note SET count = 3 WHERE sequence = 1 AND value = 200000",
                     "payment 000017001000000001",
                     "the notes"},
                 Row{"DELETE FROM payment_part WHERE payment = 2",
                     "payment 000017001000000002",
                     "I3"},
                 Row{"UPDATE payment_part SET withheld = 0 WHERE payment = 3",
                     "payment 000017001000000003",
                     "I4"},
                 Row{"UPDATE payment_part SET withheld = 0, payable = gross WHERE payment = 3",
                     "payment 000017001000000003",
                     "I20"},
                 Row{"UPDATE split_rule SET text = 'x'", "payment 000017001000000001", "I20"},
                 Row{"UPDATE ledger_entry SET legs = x'00010201' WHERE id = 1",
                     "payment 000017001000000001",
                     "all its cash"},
                 Row{"UPDATE payment SET ledger_sequence = NULL WHERE sequence = 1",
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
                office.read([](store::Reading const& r) { return first_difference(r); });
            REQUIRE(found);
            CHECK(found->place == place);
            CHECK_MESSAGE(found->expected.find(expected) != std::string::npos, found->expected);
        }
    }

    TEST_CASE("a record whose payment is gone shows in the cash") {
        Office office;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        office.accept_all(kiosk);
        tamper(office, "UPDATE intake_note SET count = 1 WHERE value = 200000");
        auto const expected = office.read([](store::Reading const& r) { return expected_cash(r); });
        auto const books =
            office.read([&](store::Reading const& r) { return ledger::verify(r, expected); });
        REQUIRE(books.difference);
        CHECK(books.difference->place == "account cash.kiosk.17.main");
    }
}
