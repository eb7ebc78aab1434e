#include "fleet-server/gateways/transition.hpp"

#include <doctest/doctest.h>

#include "fleet-server/ledger/verify.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::gateways;
using protocol::rub;
using store::Outcome;
using store::Reading;
using store::Transaction;

namespace {

constexpr auto txn = "000017001000000001";
UtcTime const start = from_ms(1'768'550'400'000);

// Books in which one payment of 4600.00 was taken, 18.40 of it withheld from the provider.
class Books {
public:
    explicit Books(protocol::Money payable = rub(458'160)) {
        require(store_.write([&](Transaction& transaction) -> Outcome<void> {
            for (auto const& name :
                 {ledger::cash_of(17), ledger::payable_of(1), ledger::fee_internal_of(1)})
                CHECK(require(ledger::open_account(transaction, name)));
            std::vector<ledger::Leg> legs;
            if (payable.is_positive())
                legs.emplace_back(
                    ledger::Post{ledger::cash_of(17), ledger::payable_of(1), payable});
            legs.emplace_back(ledger::Post{
                ledger::cash_of(17), ledger::fee_internal_of(1), rub(460'000 - payable.minor())});
            TRY(auto const posted,
                ledger::post(
                    transaction,
                    {std::string{ledger::entry::payment}, txn, std::nullopt, std::move(legs)},
                    start));
            CHECK(posted);
            return put_into_outbox(
                transaction,
                {.txn_id = txn,
                 .provider = 1,
                 .account = "M003K006",
                 .sum = rub(460'000),
                 .payable = payable,
                 .accepted_at_ms = to_ms(start)});
        }));
    }

    Outcome<std::optional<Transition>> step(DeliveryEvent const& event) {
        return store_.write([&](Transaction& transaction) {
            return carry_out(
                transaction,
                txn,
                event,
                {start, 500},
                {},
                [this](Transaction&, Delivery const& delivery, ledger::Sequence sequence, UtcTime)
                    -> Outcome<void> {
                    refused_.emplace_back(delivery.txn_id, sequence);
                    return {};
                });
        });
    }
    Transition must(DeliveryEvent const& event) {
        auto transition = require(step(event));
        REQUIRE(transition);
        return *transition;
    }
    void send() {
        CHECK(must(Due{"check"}).check == AskCheck{"check"});
        CHECK(must(CheckAnswered{Verdict::Accepted, 0, "", "pay"}).pay == SendPay{"pay"});
    }
    ledger::Balance balance(std::string const& account) {
        auto const found = require(reader_.read(
            [&](Reading const& reading) { return ledger::find_account(reading, account); }));
        return found ? found->balance : ledger::Balance{};
    }
    /// The books agree with themselves, and `inflight` with the outbox (I16).
    void check_whole() {
        auto const verified = require(reader_.read([](Reading const& reading) {
            return [&]() -> Outcome<ledger::Verification> {
                TRY(auto const sums, under_way(reading));
                std::vector<ledger::Expectation> expected{
                    {ledger::cash_of(17),
                     ledger::Expectation::Side::PostedNet,
                     rub(460'000),
                     "notes"}};
                for (auto const& [provider, sum] : sums)
                    expected.push_back(
                        {ledger::inflight_of(provider),
                         ledger::Expectation::Side::PendingCredit,
                         sum,
                         "outbox"});
                return ledger::verify(reading, expected);
            }();
        }));
        if (verified.difference)
            FAIL(to_string(*verified.difference));
    }
    [[nodiscard]] std::vector<std::pair<std::string, ledger::Sequence>> const& refused() const {
        return refused_;
    }
    std::vector<StoryLine> story() {
        return require(reader_.read([](Reading const& reading) { return story_of(reading, txn); }));
    }

private:
    ScratchFolder folder_;
    store::Store store_ = require(store::Store::open(folder_.path() / "fleet.sqlite"));
    store::Reader reader_ = require(store_.open_reader());
    std::vector<std::pair<std::string, ledger::Sequence>> refused_;
};

} // namespace

TEST_SUITE("delivery in the books") {
    TEST_CASE("at send the provider's part is held, and only held") {
        Books books;
        books.send();
        CHECK(books.balance("inflight.1").credits_pending == rub(458'160));
        CHECK(books.balance("payable.1").debits_pending == rub(458'160));
        CHECK(books.balance("payable.1").credits_posted == rub(458'160));
        CHECK(books.balance("payable.1").debits_posted == rub(0));
        books.check_whole();
    }

    TEST_CASE("on OK the hold is released: we still owe the money until the payout") {
        Books books;
        books.send();
        CHECK(
            books.must(PayAnswered{Verdict::Accepted, 0, "42", ""}).delivery.state ==
            DeliveryState::Ok);
        CHECK(books.balance("inflight.1").credits_pending == rub(0));
        CHECK(books.balance("payable.1").debits_pending == rub(0));
        CHECK(books.balance("payable.1").credits_posted == rub(458'160));
        CHECK(books.refused().empty());
        books.check_whole();
    }

    TEST_CASE(
        "a final refusal releases the hold and moves the whole sum to suspense, and is told") {
        Books books;
        books.send();
        books.must(PayAnswered{Verdict::Refused, 7, "", ""});
        CHECK(books.balance("inflight.1").credits_pending == rub(0));
        CHECK(books.balance("payable.1").debits_posted == rub(458'160));
        CHECK(books.balance("suspense.unmatched").credits_posted == rub(460'000));
        CHECK(books.balance("fee.internal.1").debits_posted == rub(1'840));
        REQUIRE(books.refused().size() == 1);
        CHECK(books.refused()[0].second == 3); // Payment, hold, refusal.
        books.check_whole();
    }

    TEST_CASE("a refused check moves the money to suspense without any hold") {
        Books books;
        books.must(Due{"check"});
        books.must(CheckAnswered{Verdict::Refused, 5, "", "pay"});
        CHECK(books.balance("suspense.unmatched").credits_posted == rub(460'000));
        CHECK(books.refused().size() == 1);
        books.check_whole();
    }

    TEST_CASE("resending after any silence holds nothing twice") {
        Books books;
        books.send();
        for (int i = 0; i < 3; ++i) {
            books.must(NotAnswered{"timed out"});
            CHECK(books.must(Due{"check"}).pay == SendPay{"pay"});
        }
        books.must(Restarted{});
        books.must(Due{"check"});
        CHECK(books.balance("inflight.1").credits_pending == rub(458'160));
        books.check_whole();
        books.must(PayAnswered{Verdict::Accepted, 0, "42", ""});
        CHECK(books.balance("inflight.1").credits_pending == rub(0));
        books.check_whole();
    }

    TEST_CASE("an event out of place changes nothing") {
        Books books;
        books.send();
        books.must(PayAnswered{Verdict::Accepted, 0, "42", ""});
        auto const lines = books.story().size();
        CHECK_FALSE(require(books.step(PayAnswered{Verdict::Refused, 5, "", ""})));
        CHECK_FALSE(require(books.step(Due{"check"})));
        CHECK(books.story().size() == lines);
        CHECK(books.balance("suspense.unmatched").credits_posted == rub(0));
        books.check_whole();
    }

    TEST_CASE("a payment that was all withheld has nothing to hold, and all of it to suspend") {
        Books books{rub(0)};
        books.send();
        CHECK(books.balance("inflight.1").credits_pending == rub(0));
        books.must(PayAnswered{Verdict::Refused, 7, "", ""});
        CHECK(books.balance("suspense.unmatched").credits_posted == rub(460'000));
        books.check_whole();
    }

    TEST_CASE("the story is told line by line") {
        Books books;
        books.send();
        books.must(NotAnswered{"timed out"});
        std::vector<std::string> told;
        for (StoryLine const& line : books.story())
            told.push_back(line.what);
        CHECK(
            told == std::vector<std::string>{
                        "accepted", "check sent", "pay sent, attempt 1", "no answer: timed out"});
    }

    TEST_CASE("a payment without a row is an error of ours, not silence") {
        Books books;
        ScratchFolder folder;
        auto other = require(store::Store::open(folder.path() / "other.sqlite"));
        CHECK_FALSE(other.write([](Transaction& transaction) {
            return carry_out(transaction, txn, Due{"check"}, {start, 0}, {}, nullptr);
        }));
    }
}
