#include <doctest/doctest.h>

#include "kiosk/journal/journal.hpp"
#include "tests/kiosk/journal/samples.hpp"
#include "tests/support/crash_vfs.hpp"

using namespace kiosk::journal;
using namespace kiosk::journal::test;
using kiosk::test::CrashDisk;

namespace {

constexpr char const* file = "journal.sqlite";

/// What the callers of the journal were told before the power went.
struct Promised {
    std::uint64_t entries = 0;
    std::uint64_t head = 0;
    std::uint64_t acknowledged = 0;
};

/// Three payments and their acknowledgements; ends when the disk refuses.
Promised live_through_a_day(Promised promised) {
    auto journal = Journal::open(file, ours);
    if (!journal)
        return promised;
    for (std::uint64_t session = 1; session <= 3; ++session) {
        std::vector<Entry> const payment{
            SessionOpened{session, sample_bill()},
            StackIntended{session, note(500)},
            NoteCredited{session, note(500)},
            NoteSettled{},
            PaymentRecorded{sample_facts(session, 50'000)},
            ReceiptBegun{session, false},
            ReceiptEnded{session, ReceiptFate::Printed}};
        for (Entry const& entry : payment) {
            auto const appended = (*journal)->append(entry, when);
            if (!appended)
                return promised;
            promised.entries = appended->number;
            promised.head = std::max(promised.head, appended->sequence);
        }
        (*journal)->acknowledge(session);
        if ((*journal)->stopped())
            return promised;
        promised.acknowledged = session;
    }
    return promised;
}

struct Outcome {
    int states = 0;
    int lost = 0;
    int damaged = 0;
};

/// The power goes at every operation of the day in turn, with different leftovers.
Outcome cut_everywhere(std::string const& unsynced_suffix, unsigned seeds) {
    Outcome outcome;
    for (std::uint64_t at = 0;; ++at) {
        bool day_was_over = false;
        for (unsigned seed = 0; seed < seeds; ++seed) {
            CrashDisk disk;
            std::mt19937_64 random{at * 1'000 + seed};
            disk.do_not_sync(unsynced_suffix);
            disk.cut_power_at(at);
            Promised const promised = live_through_a_day({});
            day_was_over = !disk.is_dead();
            if (day_was_over)
                break;
            disk.restart(random);
            ++outcome.states;

            auto const journal = Journal::open(file, ours);
            if (!journal || !(*journal)->verify()) {
                if (outcome.damaged == 0)
                    MESSAGE(
                        "operation " << at << " seed " << seed << ": "
                                     << (journal ? "" : journal.error().detail));
                ++outcome.damaged;
                continue;
            }
            bool const all_there = (*journal)->entries() >= promised.entries &&
                                   (*journal)->head().sequence >= promised.head &&
                                   (*journal)->acknowledged().sequence >= promised.acknowledged;
            outcome.lost += all_there ? 0 : 1;
            // It goes on where it was.
            if (!(*journal)->append(NoteSettled{}, when) || !(*journal)->verify())
                ++outcome.damaged;
        }
        if (day_was_over)
            return outcome;
    }
}

} // namespace

TEST_SUITE("journal without power") {
    TEST_CASE(
        "after every power cut the journal opens, its chains verify and nothing promised is lost") {
        Outcome const outcome = cut_everywhere("", 4);
        MESSAGE(outcome.states << " crash states");
        CHECK(outcome.states > 500);
        CHECK(outcome.lost == 0);
        CHECK(outcome.damaged == 0);
    }

    TEST_CASE(
        "the same test finds a log that is not synced, as synchronous=NORMAL would leave it") {
        Outcome const outcome = cut_everywhere("-wal", 2);
        MESSAGE(outcome.lost << " of " << outcome.states << " crash states lost what was promised");
        CHECK(outcome.lost > 0);
    }

    TEST_CASE(
        "a full disk and a failed sync stop the journal, and a restart finds all that was "
        "promised") {
        for (int const code : {SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE}) {
            for (std::uint64_t at = 0; at < 8; ++at) {
                INFO("code " << code << " at operation " << at);
                CrashDisk disk;
                std::uint64_t promised = 0;
                {
                    auto journal = Journal::open(file, ours);
                    REQUIRE(journal);
                    REQUIRE((*journal)->append(SessionOpened{1, sample_bill()}, when));
                    promised = 1;
                    disk.refuse_at(at, code);
                    std::optional<JournalError> refusal;
                    for (int moment = 0; moment < 20; ++moment) {
                        auto const appended = (*journal)->append(NoteCredited{1, note(100)}, when);
                        if (!appended) {
                            refusal = appended.error();
                            break;
                        }
                        promised = appended->number;
                    }
                    REQUIRE(refusal);
                    CHECK(
                        refusal->problem ==
                        (code == SQLITE_FULL ? JournalProblem::DiskFull : JournalProblem::Failed));
                    // The disk is well again, the journal is not: what is on it must be read first.
                    auto const later = (*journal)->append(NoteCredited{1, note(100)}, when);
                    REQUIRE_FALSE(later);
                    CHECK(later.error().problem == JournalProblem::Stopped);
                    CHECK((*journal)->stopped());
                    CHECK((*journal)->after(0, 10, 1000).empty());
                }
                auto const journal = Journal::open(file, ours);
                REQUIRE(journal);
                CHECK((*journal)->verify());
                CHECK((*journal)->entries() >= promised);
                CHECK((*journal)->entries() <= promised + 1);
            }
        }
    }

    TEST_CASE("a byte that turned on the disk is noticed, never believed") {
        CrashDisk disk;
        static_cast<void>(live_through_a_day({}));
        std::size_t const size = disk.size_of(file);
        REQUIRE(size > 8'192);
        std::mt19937_64 random{1};
        int noticed = 0;
        for (int turn = 0; turn < 200; ++turn) {
            std::size_t const at = random() % size;
            disk.flip(file, at);
            auto const journal = Journal::open(file, ours);
            if (!journal || !(*journal)->verify()) {
                ++noticed;
            } else {
                // A byte of free space: nothing that is told from it may differ.
                CHECK((*journal)->entries() == 21);
                CHECK((*journal)->stacker() == NoteCounts{{rub(50'000), 3}});
                CHECK((*journal)->unacknowledged() == OfflineUse{});
            }
            disk.flip(file, at);
        }
        CHECK(noticed > 20);
    }
}
