#include "kiosk/payment/limits.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk::payment;
using namespace kiosk::payment::test;

namespace {

Verdict judge_now(Scene const& scene, Money value) {
    return judge(
        value, scene.phase<Collecting>()->session, scene.state, scene.rules, scene.now.wall);
}

} // namespace

TEST_SUITE("limits of a payment") {
    TEST_CASE("a provider's maximum counts what is credited, so the fee does not use it up") {
        Scene scene;
        scene.collect();
        auto& bill = std::get<Collecting>(scene.state.phase).session.bill;
        bill.payment_max = rub(50'000);
        bill.tariff.fixed = rub(10'000);
        CHECK(judge_now(scene, rub(50'000)) == Verdict::Fits);
        CHECK(judge_now(scene, rub(60'000)) == Verdict::Fits);
        CHECK(judge_now(scene, rub(60'001)) == Verdict::AboveLimit);
    }

    TEST_CASE("no maximum of the provider's is no limit") {
        Scene scene;
        scene.collect();
        std::get<Collecting>(scene.state.phase).session.bill.payment_max = rub(0);
        CHECK(judge_now(scene, rub(100'000'000)) == Verdict::Fits);
    }

    TEST_CASE("a denomination that the owner does not take is given back") {
        Scene scene;
        scene.collect();
        scene.rules.bills_accepted = {rub(50'000)};
        CHECK(judge_now(scene, rub(50'000)) == Verdict::Fits);
        CHECK(judge_now(scene, rub(10'000)) == Verdict::NotAccepted);
        CHECK(notes_accepted(scene.state, scene.rules) == std::vector{rub(50'000)});
    }

    TEST_CASE("a note of another currency, or of no value, is not taken") {
        Scene scene;
        scene.collect();
        CHECK(
            judge_now(scene, Money::from_minor(500, protocol::Currency::EUR)) ==
            Verdict::NotAccepted);
        CHECK(judge_now(scene, rub(0)) == Verdict::NotAccepted);
    }

    TEST_CASE(
        "the least cash is the provider's minimum with its fee, and is just enough to finish") {
        Scene scene;
        scene.collect();
        auto& session = std::get<Collecting>(scene.state.phase).session;
        session.bill.payment_min = rub(10'000);
        session.bill.tariff.minimum = rub(2'000);
        CHECK(least_cash(session.bill) == rub(12'000));
        session.inserted = rub(11'999);
        CHECK_FALSE(may_finish(session));
        session.inserted = rub(12'000);
        CHECK(may_finish(session));
        session.bill.payment_min = rub(0);
        CHECK(least_cash(session.bill) == rub(2'001));
    }

    TEST_CASE("notes are offered in the order of their value, whatever the validator's table") {
        Scene scene;
        scene.send(ValidatorReady{{rub(500'000), rub(20'000), rub(200'000)}});
        CHECK(
            notes_accepted(scene.state, scene.rules) ==
            std::vector{rub(20'000), rub(200'000), rub(500'000)});
    }

    TEST_CASE("offline, each of the four limits stops the note that would break it") {
        Scene scene;
        scene.collect();
        scene.send(LinkChanged{false});
        scene.send(CatalogKnown{{rub(60'000), rub(100'000), 3, 24}});
        CHECK(judge_now(scene, rub(60'000)) == Verdict::Fits);
        CHECK(judge_now(scene, rub(60'001)) == Verdict::AboveLimit); // Per payment.

        scene.send(OfflineUse{1, rub(50'000), scene.now.wall});
        CHECK(judge_now(scene, rub(50'000)) == Verdict::Fits);
        CHECK(judge_now(scene, rub(50'001)) == Verdict::AboveLimit); // Total.

        scene.send(OfflineUse{3, rub(50'000), scene.now.wall});
        CHECK(judge_now(scene, rub(100)) == Verdict::AboveLimit); // Count.

        scene.send(OfflineUse{1, rub(50'000), scene.now.wall - 24h});
        CHECK(judge_now(scene, rub(100)) == Verdict::AboveLimit); // Age.
        scene.send(OfflineUse{1, rub(50'000), scene.now.wall - 24h + 1ms});
        CHECK(judge_now(scene, rub(100)) == Verdict::Fits);

        scene.send(LinkChanged{true});
        scene.send(OfflineUse{3, rub(500'000), scene.now.wall - 240h});
        CHECK(judge_now(scene, rub(500'000)) == Verdict::Fits); // The link is up: no limit.
    }

    TEST_CASE("offline limits that are used up close the kiosk, or refuse the bill") {
        Scene scene;
        scene.send(OfflineUse{500, rub(100), scene.now.wall});
        scene.send(BillScanned{sample_bill()});
        scene.pass(5s); // The link is up, but nobody answers.
        REQUIRE(scene.phase<ScanRefused>());
        CHECK(scene.phase<ScanRefused>()->problem == ScanProblem::OfflineLimit);

        scene.pass(scene.rules.refused_shown);
        scene.send(LinkChanged{false});
        CHECK(closed(scene.state, scene.now.wall) == Closed::OfflineLimitReached);
        scene.send(LinkChanged{true});
        CHECK_FALSE(closed(scene.state, scene.now.wall));
    }

    TEST_CASE("a kiosk without a catalog, or refused by its server, takes nothing") {
        Scene scene;
        scene.state.offline_limits.reset();
        CHECK(closed(scene.state, scene.now.wall) == Closed::NoCatalog);
        scene.send(ServerRefused{});
        CHECK(closed(scene.state, scene.now.wall) == Closed::NotEnrolled);
        scene.send(LinkChanged{true});
        CHECK(closed(scene.state, scene.now.wall) == Closed::NoCatalog);
    }

    TEST_CASE("notes are wanted only while collecting with a healthy validator") {
        Scene scene;
        CHECK_FALSE(takes_notes(scene.state));
        scene.collect();
        CHECK(takes_notes(scene.state));
        scene.send(ValidatorTrouble{Trouble::Cheated});
        CHECK_FALSE(takes_notes(scene.state));
        scene.send(ValidatorWell{});
        CHECK(takes_notes(scene.state));
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        CHECK_FALSE(takes_notes(scene.state));
    }

    TEST_CASE("a phase that waits says until when, and that moment ends the wait") {
        Scene scene;
        CHECK_FALSE(wakes_at(scene.state, scene.rules));
        scene.send(BillScanned{sample_bill()});
        for (std::string last; wakes_at(scene.state, scene.rules);) {
            last = scene.phase_name();
            INFO(last);
            scene.now.steady = *wakes_at(scene.state, scene.rules);
            scene.send(Tick{});
            REQUIRE(scene.phase_name() != last);
        }
        CHECK(scene.phase_name() == "idle");
    }
}
