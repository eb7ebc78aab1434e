#include "fleet-server/intake/intake.hpp"

#include <doctest/doctest.h>

#include <random>

#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::intake;
using protocol::rub;

namespace {

/// Payments of odd sums for several accounts, with fees as the tariff asks.
TestKiosk busy_kiosk(std::uint32_t seed, int records) {
    std::mt19937 random{seed};
    TestKiosk kiosk;
    for (int i = 0; i < records; ++i) {
        auto record = story_payment(i % 3 == 0 ? "M003K005" : "M003K006");
        record.set_at_ms(story_ms + i);
        auto& payment = *record.mutable_payment();
        payment.clear_notes();
        auto& note = *payment.add_notes();
        note.set_value(5'000 * (1 + static_cast<std::int64_t>(random() % 40)));
        note.set_count(1 + static_cast<std::uint32_t>(random() % 3));
        payment.set_cash(note.value() * note.count());
        payment.set_credited(payment.cash());
        if (i % 7 == 3) {
            record.mutable_unassigned_cash()->set_reason("after a power cut");
            auto& loose = *record.mutable_unassigned_cash()->add_notes();
            loose.set_value(10'000);
            loose.set_count(1);
        }
        kiosk.add(record);
    }
    return kiosk;
}

} // namespace

TEST_SUITE("intake") {
    TEST_CASE("the story: 4600.00 in cash, 18.40 withheld, 4581.60 payable, 2.14 in advance") {
        Office office;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        auto const answer = office.send(kiosk.all());
        REQUIRE(answer);
        CHECK(answer->sequence() == 1);
        CHECK(answer->hash() == kiosk.all().head_hash());

        CHECK(office.net("cash.kiosk.17.main") == rub(460'000));
        CHECK(office.net("payable.1") == rub(458'160));
        CHECK(office.net("fee.internal.1") == rub(1'840));
        CHECK(office.net("fee.external").is_zero());
        auto const state =
            *office.read([](store::Reading const& r) { return debts::state_of(r, 1, "M003K006"); });
        CHECK(state.debt.is_zero());
        CHECK(state.advance == rub(214));

        auto const payment = office.payment(1);
        REQUIRE(payment);
        CHECK(payment->txn_id == "000017001000000001");
        CHECK(payment->routing == Routing::Split);
        CHECK(payment->rule_version == 1);
        CHECK(
            payment->parts ==
            std::vector<PaymentPart>{{1, rub(460'000), rub(1'840), rub(458'160)}});
        CHECK(
            payment->notes ==
            std::vector<Note>{{rub(200'000), 2}, {rub(50'000), 1}, {rub(10'000), 1}});
        CHECK(payment->flags.empty());
        CHECK(payment->kiosk_time == from_ms(story_ms));

        auto const delivery = office.read([](store::Reading const& r) {
            return gateways::find_delivery(r, "000017001000000001");
        });
        REQUIRE(delivery);
        CHECK(delivery->delivery.sum == rub(460'000));
        CHECK(delivery->delivery.account == "M003K006");
        CHECK(delivery->payable == rub(458'160));
        office.check_books();
    }

    TEST_CASE("a repeat is answered as the first time and changes nothing") {
        Office office;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        auto const first = office.send(kiosk.all());
        auto const again = office.send(kiosk.all());
        REQUIRE(again);
        CHECK(again->SerializeAsString() == first->SerializeAsString());
        CHECK(office.payments().size() == 1);
        CHECK(office.net("cash.kiosk.17.main") == rub(460'000));
        office.check_books();
    }

    TEST_CASE("a storm: batches repeated, shuffled and cut anyhow are each record once") {
        for (std::uint32_t seed = 1; seed <= 3; ++seed) {
            CAPTURE(seed);
            Office office;
            auto const kiosk = busy_kiosk(seed, 60);
            std::mt19937 random{seed};
            std::vector<wire::Batch> storm;
            for (std::size_t first = 1; first <= kiosk.size();) {
                auto const count =
                    std::min<std::size_t>(1 + random() % 12, kiosk.size() - first + 1);
                for (auto copies = 1 + random() % 5; copies > 0; --copies)
                    storm.push_back(kiosk.batch(first, count));
                first += count;
            }
            // Other cuts of the same records, too.
            for (int i = 0; i < 20; ++i) {
                auto const first = 1 + random() % kiosk.size();
                storm.push_back(kiosk.batch(first, 1 + random() % (kiosk.size() - first + 1)));
            }
            std::shuffle(storm.begin(), storm.end(), random);
            std::uint64_t acknowledged = 0;
            for (auto const& batch : storm) {
                auto const answer = office.send(batch);
                REQUIRE(answer);
                CHECK(answer->sequence() >= acknowledged); // Never backwards (I11).
                acknowledged = answer->sequence();
            }
            // The kiosk goes on from what was acknowledged, as the link does.
            while (acknowledged < kiosk.size()) {
                auto const count = std::min<std::size_t>(7, kiosk.size() - acknowledged);
                auto const answer = office.send(kiosk.batch(acknowledged + 1, count));
                REQUIRE(answer);
                REQUIRE(answer->sequence() > acknowledged);
                acknowledged = answer->sequence();
            }
            CHECK(office.count("intake_record") == 60);

            // The same records given once, in order, make the same books (I13).
            Office calm;
            calm.accept_all(kiosk);
            for (char const* account :
                 {"cash.kiosk.17.main", "payable.1", "fee.internal.1", "suspense.unmatched"})
                CHECK(office.net(account) == calm.net(account));
            CHECK(office.payments().size() == calm.payments().size());
            CHECK(office.forwarded() == calm.forwarded());
            office.check_books();
        }
    }

    TEST_CASE("a gap is answered with what the server has") {
        Office office;
        auto const kiosk = busy_kiosk(1, 10);
        REQUIRE(office.send(kiosk.batch(1, 3)));
        auto const answer = office.send(kiosk.batch(5, 3));
        REQUIRE(answer);
        CHECK(answer->sequence() == 3);
        CHECK(office.count("intake_record") == 3);
        CHECK(office.send(kiosk.batch(2, 9))->sequence() == 10); // An overlap closes it.
        office.check_books();
    }

    TEST_CASE("what was not committed is not there, and comes again once") {
        Office office;
        auto const kiosk = busy_kiosk(2, 20);
        for (std::size_t first = 1; first <= 20; first += 5) {
            // The process dies after the work and before the commit.
            auto const crashed = office.store.write(
                [&](store::Transaction& t)
                    -> store::Outcome<protocol::Result<wire::Acknowledgement, wire::Refusal>> {
                    TRY_VOID(office.intake.accept(
                        t, {17, 1}, kiosk.batch(first, 5), from_ms(office.now)));
                    return protocol::fail(
                        store::StoreError{store::StoreError::Kind::Other, "power cut"});
                });
            REQUIRE_FALSE(crashed);
            CHECK(office.count("intake_record") == static_cast<std::int64_t>(first - 1));
            CHECK(office.send(kiosk.batch(first, 5))->sequence() == first + 4);
            office.check_books();
        }
    }

    TEST_CASE("another content under a known sequence is a fork and stops the kiosk") {
        Office office;
        auto kiosk = busy_kiosk(3, 4);
        office.accept_all(kiosk);
        TestKiosk forked;
        for (int i = 0; i < 5; ++i)
            forked.add(story_payment());
        auto const refused = office.send(forked.all());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason() == wire::Refusal::FORKED);
        CHECK(office.kiosk().state == catalog::KioskState::Quarantined);
        CHECK(office.count("intake_record") == 4);
        // Even the true one must wait for a person.
        kiosk.add(story_payment());
        CHECK(office.send(kiosk.batch(5, 1)).error().reason() == wire::Refusal::QUARANTINED);
        CHECK(office.greet(kiosk.hello()).error().reason() == wire::Refusal::QUARANTINED);
        CHECK(office.flags_of(1) == "fork");
        REQUIRE(office.write(
            [](store::Transaction& t) { return catalog::release(t, 17, from_ms(0)); }));
        CHECK(office.send(kiosk.batch(5, 1))->sequence() == 5);
        office.check_books();
    }

    TEST_CASE("a copied disk that went on by itself is found by its first new record") {
        Office office;
        auto kiosk = busy_kiosk(4, 5);
        auto copy = kiosk;
        kiosk.add(story_payment());
        office.accept_all(kiosk); // The original is at 6.
        for (int i = 0; i < 3; ++i)
            copy.add(story_payment("M003K005"));
        // The copy is at 8: its Hello alone tells nothing, its record 7 does.
        REQUIRE(office.greet(copy.hello()));
        auto const refused = office.send(copy.batch(7, 2));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason() == wire::Refusal::FORKED);
        CHECK(office.count("intake_record") == 6);
        office.check_books();
    }

    TEST_CASE("a disk restored from before shows at once, by what it lost or by its hash") {
        for (bool const lost : {true, false}) {
            Office office;
            auto kiosk = busy_kiosk(5, 5);
            auto restored = busy_kiosk(5, 4);
            office.accept_all(kiosk);
            if (!lost)
                restored.add(story_payment("M003K002"));
            auto const refused = office.greet(restored.hello());
            REQUIRE_FALSE(refused);
            CHECK(refused.error().reason() == wire::Refusal::FORKED);
            CHECK(office.kiosk().state == catalog::KioskState::Quarantined);
        }
    }

    TEST_CASE("a kiosk enrolled anew starts a new chain and the old epoch is closed") {
        Office office;
        auto const old = busy_kiosk(6, 3);
        office.accept_all(old);
        REQUIRE(office.write([](store::Transaction& t) {
            return catalog::enrol(t, 17, "Дубровка, 3", from_ms(0));
        }));
        CHECK(office.send(old.all()).error().reason() == wire::Refusal::EPOCH);
        CHECK(office.greet(old.hello()).error().reason() == wire::Refusal::EPOCH);
        TestKiosk anew;
        anew.add(story_payment());
        CHECK(office.send(anew.all(), {17, 2})->sequence() == 1);
        CHECK(office.payment(1)->txn_id == "000017002000000001");
        office.check_books();
    }

    TEST_CASE("kiosks do not mix") {
        Office office;
        REQUIRE(office.write(
            [](store::Transaction& t) { return catalog::enrol(t, 18, "there", from_ms(0)); }));
        auto const first = busy_kiosk(7, 3);
        auto const second = busy_kiosk(8, 4);
        office.accept_all(first);
        CHECK(office.send(second.all(), {18, 1})->sequence() == 4);
        CHECK(office.kiosk().head.sequence == 3);
        CHECK(office.send(first.all(), {99, 1}).error().reason() == wire::Refusal::IDENTITY);
        office.check_books();
    }

    TEST_CASE("bytes that are no record stop there: what stands before counts") {
        Office office;
        auto kiosk = busy_kiosk(10, 2);
        kiosk.add_bytes("\xFF\xFF not a record");
        kiosk.add(story_payment());
        auto const prefix = office.send(kiosk.all());
        REQUIRE(prefix);
        CHECK(prefix->sequence() == 2);
        auto const refused = office.send(kiosk.batch(3, 2));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason() == wire::Refusal::PROTOCOL);
        CHECK(refused.error().explanation().find("record 3") != std::string::npos);
        CHECK(office.kiosk().state == catalog::KioskState::Active);
        office.check_books();
    }

    TEST_CASE("a batch that is none is refused and changes nothing") {
        Office office;
        auto const kiosk = busy_kiosk(11, 3);
        auto const reason = [&](auto change) {
            auto batch = kiosk.all();
            change(batch);
            auto const answer = office.send(batch);
            REQUIRE_FALSE(answer);
            return answer.error().reason();
        };
        CHECK(reason([](wire::Batch& b) { b.set_first_sequence(0); }) == wire::Refusal::PROTOCOL);
        CHECK(reason([](wire::Batch& b) {
                  b.set_first_sequence(~std::uint64_t{0});
              }) == wire::Refusal::PROTOCOL);
        CHECK(reason([](wire::Batch& b) { b.clear_records(); }) == wire::Refusal::PROTOCOL);
        CHECK(reason([](wire::Batch& b) { b.set_head_hash("short"); }) == wire::Refusal::PROTOCOL);
        CHECK(reason([](wire::Batch& b) {
                  while (b.records_size() <= batch_records_max)
                      b.add_records("x");
              }) == wire::Refusal::PROTOCOL);
        CHECK(office.count("intake_record") == 0);
        office.accept_all(kiosk);
        // Known records under a wrong chain hash: no new content, so no fork.
        CHECK(reason([](wire::Batch& b) {
                  b.mutable_head_hash()->front() ^= 1;
              }) == wire::Refusal::PROTOCOL);
        CHECK(office.kiosk().state == catalog::KioskState::Active);
    }

    TEST_CASE("Welcome tells how far the records are and brings the catalog when it differs") {
        Office office;
        auto kiosk = busy_kiosk(12, 3);
        auto const first = office.greet(kiosk.hello());
        REQUIRE(first);
        CHECK(first->acknowledged_sequence() == 0);
        REQUIRE(first->has_catalog());
        CHECK(first->catalog().providers(0).name() == "ООО Юнисервис");
        office.accept_all(kiosk);
        auto hello = kiosk.hello();
        hello.set_catalog_version(first->catalog().version());
        auto const second = office.greet(hello);
        REQUIRE(second);
        CHECK(second->acknowledged_sequence() == 3);
        CHECK(second->acknowledged_hash() == kiosk.all().head_hash());
        CHECK_FALSE(second->has_catalog());
        CHECK(second->server_time_ms() == office.now);
        office.change_provider([](catalog::Provider& p) { p.shown.phone = "1"; });
        CHECK(office.greet(hello)->has_catalog());
    }

    TEST_CASE("a Hello that is not of the certificate, or of another protocol, is refused") {
        Office office;
        auto const kiosk = busy_kiosk(13, 1);
        auto const reason = [&](wire::Hello const& hello) {
            auto const answer = office.greet(hello);
            REQUIRE_FALSE(answer);
            return answer.error().reason();
        };
        CHECK(reason(kiosk.hello(18)) == wire::Refusal::IDENTITY);
        CHECK(reason(kiosk.hello(17, 2)) == wire::Refusal::IDENTITY);
        auto hello = kiosk.hello();
        hello.set_protocol(2);
        CHECK(reason(hello) == wire::Refusal::PROTOCOL);
        hello = kiosk.hello();
        hello.set_head_hash("short");
        CHECK(reason(hello) == wire::Refusal::PROTOCOL);
        CHECK(office.greet(TestKiosk{}.hello())); // Nothing recorded yet.
    }
}
