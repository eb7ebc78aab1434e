#include "fleet-server/ledger/ledger.hpp"

#include <doctest/doctest.h>

#include "fleet-server/ledger/balances.hpp"
#include "fleet-server/ledger/entries.hpp"
#include "fleet-server/ledger/verify.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::ledger;
using protocol::rub;

namespace {

struct Books {
    Books() {
        require(store.write([](store::Transaction& transaction) -> store::Outcome<void> {
            for (auto const& name :
                 {cash_of(17),
                  payable_of(1),
                  inflight_of(1),
                  fee_external(),
                  fee_internal_of(1),
                  suspense()})
                CHECK(require(open_account(transaction, name)));
            return {};
        }));
    }

    protocol::Result<Posted, PostRefusal> post(Entry const& entry, std::int64_t ms = 0) {
        return require(store.write([&](store::Transaction& transaction) {
            return ledger::post(transaction, entry, from_ms(ms));
        }));
    }
    template <class Work>
    auto read(Work work) {
        return require(require(store.open_reader()).read(work));
    }
    void reopen() {
        require(store.close());
        store = require(store::Store::open(folder.path() / "fleet.sqlite"));
    }
    Money net_of(std::string const& name) {
        return net(*read([&](store::Reading const& r) { return find_account(r, name); }));
    }

    ScratchFolder folder;
    store::Store store = require(store::Store::open(folder.path() / "fleet.sqlite"));
};

/// The cash payment of the story: 4600.00 of it 18.40 withheld.
Entry story_payment() {
    return Entry{
        std::string{entry::payment},
        "000017001000000001",
        {},
        {Post{cash_of(17), payable_of(1), rub(458'160)},
         Post{cash_of(17), fee_internal_of(1), rub(1'840)}}};
}

} // namespace

TEST_SUITE("ledger") {
    TEST_CASE("a payment moves cash to what is owed and what is earned") {
        Books books;
        auto const posted = books.post(story_payment());
        REQUIRE(posted);
        CHECK(posted->sequence == 1);
        CHECK(books.net_of(cash_of(17)) == rub(460'000));
        CHECK(books.net_of(payable_of(1)) == rub(458'160));
        CHECK(books.net_of(fee_internal_of(1)) == rub(1'840));
        auto const trial = books.read([](store::Reading const& r) { return trial_balance(r); });
        CHECK(trial.debits == rub(460'000));
        CHECK(trial.difference.is_zero());
    }

    TEST_CASE("one business event is posted once") {
        Books books;
        REQUIRE(books.post(story_payment()));
        auto const again = books.post(story_payment());
        REQUIRE_FALSE(again);
        CHECK(again.error() == PostRefusal{PostError::AlreadyPosted, 0});
        CHECK(books.net_of(cash_of(17)) == rub(460'000));
    }

    TEST_CASE("a leg that is refused takes the legs before it along") {
        Books books;
        auto entry = story_payment();
        entry.legs.emplace_back(Post{"payable.404", suspense(), rub(1)});
        auto const posted = books.post(entry);
        REQUIRE_FALSE(posted);
        CHECK(posted.error() == PostRefusal{PostError::UnknownAccount, 2});
        CHECK(books.net_of(cash_of(17)).is_zero());
    }

    TEST_CASE("a drawer cannot give what it does not hold, promises included") {
        Books books;
        REQUIRE(books.post(story_payment()));
        Entry const held{"forward", "a", {}, {Hold{payable_of(1), inflight_of(1), rub(458'000)}}};
        REQUIRE(books.post(held));
        Entry const more{"x", "b", {}, {Post{payable_of(1), suspense(), rub(161)}}};
        CHECK(books.post(more).error() == PostRefusal{PostError::WouldGoNegative, 0});
        Entry const rest{"x", "b", {}, {Post{payable_of(1), suspense(), rub(160)}}};
        CHECK(books.post(rest));
    }

    TEST_CASE("a forwarded payment is held at send and released at the provider's yes") {
        Books books;
        REQUIRE(books.post(story_payment()));
        auto const hold =
            books.post({"forward", "t", {}, {Hold{payable_of(1), inflight_of(1), rub(458'160)}}});
        REQUIRE(hold);
        auto const found = books.read(
            [](store::Reading const& r) { return transfers_of(r, entry::forward, "t"); });
        CHECK(found == hold->transfers);
        CHECK(books.net_of(payable_of(1)) == rub(458'160));
        REQUIRE(books.post({"confirm", "t", {}, {ReleaseHold{found.front()}}}));
        auto const account =
            *books.read([](store::Reading const& r) { return find_account(r, inflight_of(1)); });
        CHECK(account.balance == Balance{});
        CHECK(books.net_of(payable_of(1)) == rub(458'160));
    }

    TEST_CASE("a refused payment is released and moved to suspense in one entry") {
        Books books;
        REQUIRE(books.post(story_payment()));
        auto const hold =
            books.post({"forward", "t", {}, {Hold{payable_of(1), inflight_of(1), rub(458'160)}}});
        REQUIRE(hold);
        Entry const refusal{
            "refusal",
            "t",
            {},
            {ReleaseHold{hold->transfers.front()}, Post{payable_of(1), suspense(), rub(458'160)}}};
        REQUIRE(books.post(refusal));
        CHECK(books.net_of(payable_of(1)).is_zero());
        CHECK(books.net_of(suspense()) == rub(458'160));
    }

    TEST_CASE("a hold is resolved once, also inside one entry") {
        Books books;
        REQUIRE(books.post(story_payment()));
        auto const hold =
            books.post({"forward", "t", {}, {Hold{payable_of(1), inflight_of(1), rub(10)}}});
        REQUIRE(hold);
        TransferId const id = hold->transfers.front();
        CHECK(
            books.post({"x", "1", {}, {ReleaseHold{id}, SettleHold{id}}}).error() ==
            PostRefusal{PostError::HoldResolved, 1});
        REQUIRE(books.post({"x", "1", {}, {SettleHold{id}}}));
        CHECK(
            books.post({"x", "2", {}, {ReleaseHold{id}}}).error() ==
            PostRefusal{PostError::HoldResolved, 0});
        CHECK(
            books.post({"x", "2", {}, {ReleaseHold{transfer_id(1, 0)}}}).error() ==
            PostRefusal{PostError::HoldUnknown, 0});
    }

    TEST_CASE("the time of entries rises even when the clock stands or falls") {
        Books books;
        int posted = 0;
        for (std::int64_t const clock : {5'000, 5'000, 1'000, 9'000})
            REQUIRE(books.post(
                {"x", std::to_string(++posted), {}, {Post{cash_of(17), suspense(), rub(1)}}},
                clock));
        std::vector<std::int64_t> times;
        books.read([&](store::Reading const& r) -> store::Outcome<bool> {
            TRY_VOID(each_entry(r, 0, 4, [&](StoredEntry const& entry) -> store::Outcome<bool> {
                times.push_back(entry.at_us);
                return true;
            }));
            return true;
        });
        CHECK(times == std::vector<std::int64_t>{5'000'000, 5'000'001, 5'000'002, 9'000'000});
    }

    TEST_CASE("names outside the chart open nothing") {
        Books books;
        for (char const* name :
             {"",
              "cash",
              "cash.kiosk.",
              "payable",
              "fee.external.x",
              "money.x",
              "payable..1",
              "payable.1 2",
              "suspense.unmatched.x"})
            CHECK_FALSE(require(books.store.write(
                [&](store::Transaction& transaction) { return open_account(transaction, name); })));
        CHECK(rule_of("change.payer.1.М003К006"));
    }

    TEST_CASE("a closed account takes nothing") {
        Books books;
        CHECK(require(books.store.write([](store::Transaction& transaction) {
            return close_account(transaction, payable_of(1));
        })));
        CHECK(books.post(story_payment()).error() == PostRefusal{PostError::AccountClosed, 0});
    }

    TEST_CASE("a counter that would overflow refuses") {
        Books books;
        require(books.store.write([](store::Transaction& transaction) {
            return transaction.execute(
                "UPDATE ledger_account SET debits_posted = ? WHERE name = 'cash.kiosk.17.main'",
                {std::int64_t{1} << 62});
        }));
        books.reopen();
        CHECK(books.post(story_payment()).error() == PostRefusal{PostError::CounterOverflow, 0});
    }

    TEST_CASE("what a job had posted is undone with it, in memory too") {
        Books books;
        auto const post_one = [](store::Transaction& t, std::string reference) {
            return ledger::post(
                t,
                {"x", std::move(reference), {}, {Post{cash_of(17), suspense(), rub(100)}}},
                from_ms(1));
        };
        store::Store::Work const good = [&](store::Transaction& t) -> store::Outcome<void> {
            TRY(auto const posted, post_one(t, "000017001000000001"));
            CHECK(posted->sequence == 1);
            return {};
        };
        store::Store::Work const bad = [&](store::Transaction& t) -> store::Outcome<void> {
            CHECK(require(open_account(t, payable_of(9))));
            CHECK(require(post_one(t, "000017001000000002")));
            CHECK(require(close_account(t, suspense())));
            require(seal(t)); // Even what was written by then.
            CHECK(require(head(t)).sequence == 2);
            CHECK(net(*require(find_account(t, suspense()))) == rub(200));
            return protocol::fail(store::StoreError{});
        };
        store::Store::Work const after = [&](store::Transaction& t) -> store::Outcome<void> {
            CHECK_FALSE(require(find_account(t, payable_of(9))));
            CHECK(
                require(post_one(t, "000017001000000001")).error().error ==
                PostError::AlreadyPosted);
            CHECK(require(post_one(t, "000017001000000002"))->sequence == 2);
            return {};
        };
        store::Store::Work const* const works[] = {&good, &bad, &after};
        CHECK(require(books.store.commit_group(works)).size() == 3);
        CHECK(books.net_of(suspense()) == rub(200));
        auto const verification = books.read([](store::Reading const& r) { return verify(r, {}); });
        CHECK_MESSAGE(
            !verification.difference,
            (verification.difference ? to_string(*verification.difference) : ""));
        CHECK(verification.entries == 2);
    }

    TEST_CASE("a commit whose only job is undone writes nothing") {
        Books books;
        REQUIRE_FALSE(books.store.write([](store::Transaction& t) -> store::Outcome<void> {
            CHECK(require(ledger::post(
                t,
                {"x", "000017001000000001", {}, {Post{cash_of(17), suspense(), rub(100)}}},
                from_ms(1))));
            return protocol::fail(store::StoreError{});
        }));
        CHECK(books.read([](store::Reading const& r) {
            return r.value<std::int64_t>(
                "SELECT (SELECT count(*) FROM ledger_series) + "
                "(SELECT count(*) FROM ledger_link) + (SELECT count(*) FROM ledger_kind)");
        }) == std::optional<std::int64_t>{0});
    }

    TEST_CASE("a statement tells both sides of each transfer and continues where it ended") {
        Books books;
        REQUIRE(books.post(story_payment()));
        auto const hold =
            books.post({"forward", "t", {}, {Hold{payable_of(1), inflight_of(1), rub(10)}}});
        REQUIRE(books.post({"confirm", "t", {}, {ReleaseHold{hold->transfers.front()}}}));
        auto const lines =
            books.read([](store::Reading const& r) { return statement(r, payable_of(1), 0, 100); });
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].credit == rub(458'160));
        CHECK(lines[0].debit.is_zero());
        CHECK(lines[0].counterpart == cash_of(17));
        CHECK(lines[1].state == TransferState::Held);
        CHECK(lines[1].debit == rub(10));
        CHECK(lines[2].state == TransferState::Released);
        auto const later =
            books.read([](store::Reading const& r) { return statement(r, payable_of(1), 1, 1); });
        REQUIRE(later.size() == 1);
        CHECK(later[0].sequence == 2);
    }
}
