#include "kiosk/app/present.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk;
using payment::test::note;
using payment::test::Scene;
using protocol::rub;
using namespace std::chrono_literals;

namespace {

template <class Wanted>
Wanted shown(Scene const& scene) {
    auto const view = app::present(scene.state, scene.now, scene.rules, 17);
    REQUIRE(std::holds_alternative<Wanted>(view));
    return std::get<Wanted>(view);
}

} // namespace

TEST_SUITE("what the screen shows of a payment") {
    TEST_CASE("home takes bills when all is well, and says why when it does not") {
        Scene scene;
        CHECK_FALSE(shown<screens::HomeView>(scene).closed);
        scene.send(payment::ValidatorTrouble{payment::Trouble::StackerFull});
        CHECK(shown<screens::HomeView>(scene).closed == screens::Reason::StackerFull);
    }

    TEST_CASE("the review shows the account as it was printed, and the debt with its date") {
        Scene scene;
        scene.review();
        auto const view = shown<screens::ReviewView>(scene);
        CHECK(view.bill.account == "М003К006");
        CHECK(view.bill.debt == rub(459'786));
        CHECK(view.bill.debt_date == "2009-09-30");
        CHECK(view.due == rub(459'786));
        CHECK_FALSE(view.bill.offline);
        CHECK_FALSE(view.leaves_in);
    }

    TEST_CASE("what is inserted, what remains and what is beyond the debt add up") {
        Scene scene;
        scene.collect();
        for (std::int64_t const roubles : {2000, 2000, 500})
            scene.insert(roubles);
        auto view = shown<screens::CollectView>(scene);
        CHECK(view.inserted == rub(450'000));
        CHECK(view.remaining == rub(9'786));
        CHECK(view.advance == rub(0));
        scene.insert(100);
        view = shown<screens::CollectView>(scene);
        CHECK(view.remaining == rub(0));
        CHECK(view.credited == rub(460'000));
        CHECK(view.advance == rub(214));
    }

    TEST_CASE("a link that goes down while money comes in is said on the screen") {
        Scene scene;
        scene.collect();
        scene.send(payment::LinkChanged{false});
        CHECK(shown<screens::CollectView>(scene).bill.offline);
    }

    TEST_CASE("while a note moves, waiting is said and the question is not asked") {
        Scene scene;
        scene.collect();
        scene.send(payment::NoteEscrowed{note(100)});
        auto const view = shown<screens::CollectView>(scene);
        CHECK(view.note_moving);
        CHECK_FALSE(view.leaves_in);
    }

    TEST_CASE("the question counts whole seconds, and each of them is a new picture") {
        Scene scene;
        scene.collect();
        scene.insert(100);
        auto const asked_at = app::looks_different_at(scene.state, scene.now, scene.rules);
        REQUIRE(asked_at);
        CHECK(*asked_at - scene.now.steady == scene.rules.idle);
        scene.pass(scene.rules.idle + 300ms);
        CHECK(shown<screens::CollectView>(scene).leaves_in == 30s);
        auto const next = app::looks_different_at(scene.state, scene.now, scene.rules);
        REQUIRE(next);
        CHECK(*next - scene.now.steady == 700ms);
        scene.pass(700ms);
        CHECK(shown<screens::CollectView>(scene).leaves_in == 29s);
    }

    TEST_CASE(
        "less than the provider's minimum offers no way to finish, and says what is missing") {
        Scene scene;
        scene.collect();
        CHECK_FALSE(shown<screens::CollectView>(scene).least);
        std::get<payment::Collecting>(scene.state.phase).session.bill.payment_min = rub(20'000);
        scene.insert(100);
        CHECK(shown<screens::CollectView>(scene).least == rub(20'000));
        scene.insert(100);
        CHECK_FALSE(shown<screens::CollectView>(scene).least);
    }

    TEST_CASE("a bill that nobody pays warns before it is cleared away") {
        Scene scene;
        scene.review();
        auto const warned_at = app::looks_different_at(scene.state, scene.now, scene.rules);
        REQUIRE(warned_at);
        CHECK(*warned_at == scene.now.steady + scene.rules.idle);
        scene.pass(scene.rules.idle + 10s);
        CHECK(shown<screens::ReviewView>(scene).leaves_in == 20s);
    }

    TEST_CASE("the end names the payment and the state of the account") {
        Scene scene;
        scene.collect();
        for (std::int64_t const roubles : {2000, 2000, 500, 100})
            scene.insert(roubles);
        scene.send(payment::Touched{payment::Action::Finish});
        CHECK(shown<screens::PrintingView>(scene).payment_number == "17-1");
        scene.send(payment::ReceiptOutcome{payment::ReceiptFate::NotPrinted});
        auto const done = shown<screens::DoneView>(scene);
        CHECK(done.payment_number == "17-1");
        CHECK(done.paid == rub(460'000));
        CHECK(done.debt_left == rub(0));
        CHECK(done.advance == rub(214));
        CHECK(done.receipt == screens::ReceiptFate::NotPrinted);
    }

    TEST_CASE("a dead disk with money inside says whose money it is") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(payment::JournalFailed{});
        auto const trouble = shown<screens::TroubleView>(scene);
        CHECK(trouble.inserted == rub(50'000));
        CHECK(trouble.payment_number == "17-S1");
    }

    TEST_CASE("a note stuck in the validator is told with its value") {
        Scene scene;
        scene.collect();
        scene.send(payment::NoteEscrowed{note(500)});
        scene.pass(scene.rules.note_settles);
        auto const trouble = shown<screens::TroubleView>(scene);
        CHECK(trouble.inserted == rub(50'000));
        CHECK(trouble.reason == screens::Reason::ValidatorDown);
    }
}
