#include "kiosk/journal/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>

#include "protocol/link/chain.hpp"
#include "tests/kiosk/journal/samples.hpp"

using namespace kiosk::journal;
using namespace kiosk::journal::test;

namespace {

/// A journal in a folder of its own, which goes with the test.
class Place {
public:
    Place() {
        std::string name = (std::filesystem::temp_directory_path() / "journal-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;
    ~Place() { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path() const { return (folder_ / "journal.sqlite").string(); }
    [[nodiscard]] std::unique_ptr<Journal> open() const {
        auto journal = Journal::open(path(), ours);
        if (!journal)
            FAIL(name_of(journal.error().problem) << ": " << journal.error().detail);
        return *std::move(journal);
    }
    /// Somebody with `sqlite3` and too much time.
    void tamper(std::string const& sql) const {
        SQLite::Database database{path(), SQLite::OPEN_READWRITE};
        database.exec(sql);
    }

private:
    std::filesystem::path folder_;
};

void append_all(Journal& journal, std::vector<Entry> const& entries) {
    for (Entry const& entry : entries)
        REQUIRE(journal.append(entry, when));
}

} // namespace

TEST_SUITE("journal") {
    TEST_CASE("entries are numbered from 1, records by their own sequence") {
        Place place;
        auto const journal = place.open();
        CHECK(journal->append(SessionOpened{1, sample_bill()}, when)->number == 1);
        auto const credited = journal->append(NoteCredited{1, note(500)}, when);
        CHECK(credited->number == 2);
        CHECK(credited->sequence == 0);
        auto const paid = journal->append(PaymentRecorded{sample_facts(1, 50'000)}, when);
        CHECK(paid->number == 3);
        CHECK(paid->sequence == 1);
        CHECK(journal->append(UnassignedNote{note(100), 0, "x"}, when)->sequence == 2);
        CHECK(journal->head().sequence == 2);
        CHECK(journal->verify());
    }

    TEST_CASE("what was appended is there after a clean stop") {
        Place place;
        append_all(*place.open(), one_of_each());
        auto const journal = place.open();
        CHECK(journal->entries() == one_of_each().size());
        CHECK(journal->head().sequence == 2);
        CHECK(journal->stacker() == NoteCounts{{rub(10'000), 1}, {rub(50'000), 1}});
        CHECK(journal->verify());
    }

    TEST_CASE("records are chained by the formula that the server recomputes") {
        Place place;
        auto const journal = place.open();
        append_all(*journal, one_of_each());
        auto const payloads = journal->after(0, 10, 100'000);
        REQUIRE(payloads.size() == 2);
        CHECK(
            journal->head().hash ==
            protocol::link::chain_over(protocol::link::chain_start, 1, payloads));
        CHECK(
            journal->hash_at(1) ==
            protocol::link::chain_next(protocol::link::chain_start, 1, payloads[0]));
        CHECK(journal->hash_at(0) == protocol::link::chain_start);
        CHECK_FALSE(journal->hash_at(3));
    }

    TEST_CASE("records come in portions, but one if any") {
        Place place;
        auto const journal = place.open();
        for (int payment = 0; payment < 5; ++payment)
            REQUIRE(journal->append(UnassignedNote{note(100), 0, "x"}, when));
        CHECK(journal->after(0, 3, 100'000).size() == 3);
        CHECK(journal->after(3, 1000, 100'000).size() == 2);
        CHECK(journal->after(0, 1000, 1).size() == 1);
        CHECK(journal->after(5, 1000, 100'000).empty());
        auto const size = journal->after(0, 1, 1)[0].size();
        CHECK(journal->after(0, 1000, 2 * size).size() == 2);
    }

    TEST_CASE("an acknowledgement is durable, moves forward only, and not beyond the last record") {
        Place place;
        {
            auto const journal = place.open();
            append_all(*journal, one_of_each());
            journal->acknowledge(7);
            CHECK(journal->acknowledged().sequence == 0);
            journal->acknowledge(1);
            journal->acknowledge(0);
            CHECK(journal->acknowledged().sequence == 1);
            CHECK(journal->acknowledged().hash == journal->hash_at(1));
            CHECK_FALSE(journal->stopped());
        }
        CHECK(place.open()->acknowledged().sequence == 1);
    }

    TEST_CASE("what the server has not acknowledged counts against the offline limits") {
        Place place;
        auto const journal = place.open();
        CHECK(journal->unacknowledged() == OfflineUse{});
        REQUIRE(journal->append(PaymentRecorded{sample_facts(1, 50'000)}, when));
        REQUIRE(journal->append(UnassignedNote{note(100), 0, "x"}, when + std::chrono::hours{1}));
        CHECK(journal->unacknowledged() == OfflineUse{2, rub(60'000), when});
        journal->acknowledge(1);
        CHECK(
            journal->unacknowledged() == OfflineUse{1, rub(10'000), when + std::chrono::hours{1}});
        journal->acknowledge(2);
        CHECK(journal->unacknowledged() == OfflineUse{});
    }

    TEST_CASE("the fold is that of all entries, whatever lies before the last session") {
        Place place;
        auto const journal = place.open();
        Folded all;
        std::vector<Entry> entries = one_of_each();
        entries.insert(
            entries.end(),
            {SessionOpened{3, sample_bill()},
             StackIntended{3, note(500)},
             NoteCredited{3, note(500)},
             NoteSettled{},
             StackIntended{3, note(2000)}});
        for (Entry const& entry : entries) {
            auto const appended = journal->append(entry, when);
            REQUIRE(appended);
            all = fold(std::move(all), entry, appended->sequence);
            CHECK(*journal->fold() == all);
        }
        CHECK(all.open->inserted == rub(50'000));
        CHECK(std::get<Intended>(all.path).note == note(2000));
    }

    TEST_CASE("nothing that is written can be changed or deleted through SQL") {
        Place place;
        append_all(*place.open(), one_of_each());
        for (auto const* sql :
             {"UPDATE entries SET payload = '{}' WHERE number = 1",
              "DELETE FROM entries WHERE number = 12",
              "UPDATE outgoing SET cash = 1",
              "DELETE FROM outgoing",
              "UPDATE meta SET kiosk = 18",
              "DELETE FROM meta",
              "UPDATE acknowledged SET sequence = 9",
              "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE number = 2",
              "INSERT INTO entries SELECT 99, at_ms, kind, payload, hash FROM entries LIMIT 1"}) {
            INFO(sql);
            CHECK_THROWS_AS(place.tamper(sql), SQLite::Exception);
        }
        CHECK(place.open()->verify());
    }

    TEST_CASE("an entry that was changed under the triggers is found, and the journal refused") {
        for (auto const* sql :
             {"DROP TRIGGER entries_stay; UPDATE entries "
              "SET payload = replace(payload, '50000', '10000') WHERE number = 3",
              "DROP TRIGGER entries_stay; UPDATE entries SET at_ms = 1 WHERE number = 3",
              "DROP TRIGGER outgoing_stay; UPDATE outgoing SET payload = x'00'",
              "DROP TRIGGER outgoing_remain; DELETE FROM outgoing WHERE sequence = 2",
              "DROP TRIGGER entries_remain; DELETE FROM entries WHERE number = 5"}) {
            INFO(sql);
            Place place;
            append_all(*place.open(), one_of_each());
            place.tamper(sql);
            auto const journal = Journal::open(place.path(), ours);
            REQUIRE_FALSE(journal);
            CHECK(journal.error().problem == JournalProblem::Damaged);
        }
    }

    TEST_CASE("a second kioskd is refused while the first one runs") {
        Place place;
        auto const first = place.open();
        auto const second = Journal::open(place.path(), ours);
        REQUIRE_FALSE(second);
        CHECK(second.error().problem == JournalProblem::InUse);
        CHECK(first->append(NoteSettled{}, when));
    }

    TEST_CASE("another kiosk's journal, or another epoch's, is refused by name") {
        Place place;
        static_cast<void>(place.open());
        for (Identity const stranger : {Identity{18, 1}, Identity{17, 2}}) {
            auto const journal = Journal::open(place.path(), stranger);
            REQUIRE_FALSE(journal);
            CHECK(journal.error().problem == JournalProblem::OtherKiosk);
            CHECK(journal.error().detail.find("kiosk 17, epoch 1") != std::string::npos);
        }
        CHECK(place.open()->identity().kiosk == 17);
    }

    TEST_CASE(
        "a newer journal, a file of something else and a folder that is not there are told apart") {
        Place place;
        static_cast<void>(place.open());
        place.tamper("PRAGMA user_version = 99");
        CHECK(Journal::open(place.path(), ours).error().problem == JournalProblem::TooNew);

        Place other;
        SQLite::Database{other.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec(
            "CREATE TABLE songs (name TEXT)");
        CHECK(Journal::open(other.path(), ours).error().problem == JournalProblem::NotAJournal);
        CHECK(
            Journal::open("/nowhere/at/all.sqlite", ours).error().problem ==
            JournalProblem::CannotOpen);
    }
}
