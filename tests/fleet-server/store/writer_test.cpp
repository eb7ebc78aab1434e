#include "fleet-server/store/writer.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::store;
using protocol::fail;

namespace {

Outcome<std::int64_t> add_kiosk(Transaction& transaction, int number) {
    return transaction.execute(
        "INSERT INTO kiosk (number, address, epoch) VALUES (?, 'here', 1)", {number});
}

std::int64_t highest_kiosk(Store const& store) {
    return *require(require(store.open_reader()).read([](Reading const& reading) {
        return reading.value<std::int64_t>("SELECT coalesce(max(number), 0) FROM kiosk");
    }));
}

} // namespace

TEST_SUITE("writer") {
    TEST_CASE("an answer is delivered only when another connection can read it") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        Writer writer{store};
        auto reader = require(store.open_reader());
        std::atomic<int> wrong = 0;
        for (int number = 1; number <= 200; ++number)
            REQUIRE(writer.submit(
                [number](Transaction& t) { return add_kiosk(t, number); },
                [&, number](Outcome<std::int64_t> const& answer) {
                    auto const seen = reader.read([&](Reading const& reading) {
                        return reading.value<std::int64_t>(
                            "SELECT count(*) FROM kiosk WHERE number = ?", {number});
                    });
                    if (!answer || !seen || *seen != 1)
                        ++wrong;
                }));
        REQUIRE(writer.write([](Transaction& t) { return add_kiosk(t, 1000); }));
        CHECK(wrong == 0);
    }

    TEST_CASE("jobs from many threads are each done once, and a failing one fails alone") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        Writer writer{store};
        std::atomic<int> done = 0;
        std::atomic<int> refused = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 50; ++i) {
                    int const number = 1 + thread * 50 + i;
                    auto const outcome = writer.write([&](Transaction& t) -> Outcome<int> {
                        TRY_VOID(add_kiosk(t, number));
                        if (number % 7 == 0)
                            return fail(StoreError{StoreError::Kind::Other, "no sevens"});
                        return number;
                    });
                    ++(outcome ? done : refused);
                }
            });
        for (auto& thread : threads)
            thread.join();
        CHECK(refused == 200 / 7);
        CHECK(done == 200 - 200 / 7);
        CHECK(*require(require(store.open_reader()).read([](Reading const& reading) {
            return reading.value<std::int64_t>("SELECT count(*) FROM kiosk WHERE number % 7 = 0");
        })) == 0);
    }

    TEST_CASE("after a failed commit everybody is told and nothing more is taken") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        Writer writer{store};
        auto const broken = writer.write([](Transaction& t) -> Outcome<void> {
            TRY_VOID(t.execute("PRAGMA defer_foreign_keys = ON"));
            TRY_VOID(
                t.execute("INSERT INTO kiosk_epoch (kiosk, epoch, head_hash, opened_at) "
                          "VALUES (99, 1, zeroblob(32), 0)"));
            return {};
        });
        REQUIRE_FALSE(broken);
        CHECK(broken.error().kind == StoreError::Kind::Constraint);
        auto const next = writer.write([](Transaction& t) { return add_kiosk(t, 1); });
        REQUIRE_FALSE(next);
        CHECK(next.error().kind == StoreError::Kind::Stopped);
        CHECK(writer.failure());
    }

    TEST_CASE("a full queue refuses the work instead of growing") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        Writer writer{store};
        std::promise<void> gate;
        auto opened = gate.get_future().share();
        auto const nothing = [](Outcome<void> const&) {};
        auto const wait = [opened](Transaction&) -> Outcome<void> {
            opened.wait();
            return {};
        };
        REQUIRE(writer.submit(wait, nothing)); // Taken at once, or it waits with the others.
        Outcome<void> last;
        std::size_t taken = 0;
        while ((last = writer.submit([](Transaction&) -> Outcome<void> { return {}; }, nothing)))
            REQUIRE(++taken <= Writer::queue_max + Writer::group_max);
        CHECK(last.error().kind == StoreError::Kind::QueueFull);
        CHECK(taken + 1 >= Writer::queue_max);
        gate.set_value();
        // Room comes back when the writer goes on.
        Outcome<void> again = fail(StoreError{});
        while (!again)
            again = writer.submit([](Transaction&) -> Outcome<void> { return {}; }, nothing);
    }

    TEST_CASE("what was submitted before the writer closes is done") {
        ScratchFolder folder;
        auto store = require(Store::open(folder.path() / "fleet.sqlite"));
        {
            Writer writer{store};
            for (int number = 1; number <= 300; ++number)
                REQUIRE(writer.submit(
                    [number](Transaction& t) { return add_kiosk(t, number); },
                    [](Outcome<std::int64_t> const&) {}));
        }
        CHECK(highest_kiosk(store) == 300);
    }

    TEST_CASE("what was answered survives kill -9 at any moment") {
        std::mt19937 random{20100205};
        for (int round = 0; round < 8; ++round) {
            ScratchFolder folder;
            auto const file = folder.path() / "fleet.sqlite";
            int told[2];
            REQUIRE(::pipe(told) == 0);
            pid_t const child = ::fork();
            REQUIRE(child >= 0);
            if (child == 0) {
                auto store = Store::open(file);
                Writer writer{*store};
                for (int number = 1; number < 1'000'000; ++number)
                    while (!writer.submit(
                        [number](Transaction& t) { return add_kiosk(t, number); },
                        [&, number](Outcome<std::int64_t> const& answer) {
                            if (answer)
                                (void)!::write(told[1], &number, sizeof number);
                        }))
                        std::this_thread::yield(); // The queue is full.
                ::_exit(0);
            }
            ::close(told[1]);
            int acknowledged = 0;
            int const kill_after = 1 + static_cast<int>(random() % 600);
            while (acknowledged < kill_after)
                REQUIRE(::read(told[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
            ::kill(child, SIGKILL);
            int number = 0;
            while (::read(told[0], &number, sizeof number) == sizeof number)
                acknowledged = number;
            ::close(told[0]);
            ::waitpid(child, nullptr, 0);

            auto const store = require(Store::open(file));
            CHECK_FALSE(store.report().was_clean);
            CHECK(highest_kiosk(store) >= acknowledged);
            // No gaps: jobs are done in their order, and a torn group would show here.
            CHECK(
                highest_kiosk(store) ==
                *require(require(store.open_reader()).read([](Reading const& reading) {
                    return reading.value<std::int64_t>("SELECT count(*) FROM kiosk");
                })));
        }
    }
}
