#include "kiosk/payment/recovery.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk::payment;
using namespace kiosk::payment::test;

TEST_SUITE("a payment after a restart") {
    TEST_CASE("a kiosk that was idle is idle") {
        Scene scene;
        scene.restart();
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.effects.empty());
    }

    TEST_CASE("money inside and no note on its way: recorded and printed without asking anybody") {
        Scene scene;
        scene.collect();
        scene.insert(2000);
        scene.insert(500);
        scene.restart();
        CHECK(scene.phase_name() == "printing");
        REQUIRE(scene.entries<PaymentRecorded>().size() == 1);
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(250'000));
        CHECK(scene.entries<PaymentRecorded>()[0].facts.bill.payer_masked == "Гильман П. С.");
    }

    TEST_CASE("killed right after the last note was credited, told again on start: counted once") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(NoteEscrowed{note(100)});
        scene.send(NoteStacked{note(100)}); // Killed before the validator was acknowledged.
        scene.restart();
        scene.send(NoteStacked{note(100)});
        scene.send(ValidatorAtRest{});
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(60'000));
        CHECK(scene.entries<UnassignedNote>().empty());
    }

    TEST_CASE("a note on its way is waited for: stacked") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(NoteEscrowed{note(100)});
        scene.restart();
        CHECK(scene.phase_name() == "recovering");
        CHECK(scene.phase<Recovering>()->session.inserted == rub(50'000));
        scene.send(NoteStacked{note(100)});
        CHECK(scene.phase_name() == "printing");
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(60'000));
    }

    TEST_CASE("a note on its way is waited for: still in escrow, so it goes back") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(NoteEscrowed{note(100)});
        scene.restart();
        scene.send(NoteEscrowed{note(100)});
        CHECK(scene.effect_names() == "return-note");
        CHECK(scene.phase_name() == "recovering");
        scene.send(NoteReturned{});
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(50'000));
    }

    TEST_CASE("a note on its way is waited for: the validator knows of none") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(100)});
        scene.restart();
        scene.send(ValidatorAtRest{});
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.entries<PaymentRecorded>().empty());
        CHECK(
            scene.entries<SessionClosed>() ==
            std::vector{SessionClosed{1, CloseReason::Restarted}});
    }

    TEST_CASE("a dead validator is waited for only so long; its late word is cash of nobody") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(NoteEscrowed{note(2000)});
        scene.restart();
        scene.send(ValidatorTrouble{Trouble::LineLost});
        scene.pass(scene.rules.recovery - 1ms);
        CHECK(scene.phase_name() == "recovering");
        scene.pass(1ms);
        CHECK(scene.phase_name() == "printing");
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(50'000));
        scene.send(NoteStacked{note(2000)});
        REQUIRE(scene.entries<UnassignedNote>().size() == 1);
        CHECK(scene.entries<UnassignedNote>()[0].session == 1);
    }

    TEST_CASE("that late word is still tied to its session after yet another restart") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(2000)});
        scene.restart();
        scene.pass(scene.rules.recovery);
        CHECK(scene.phase_name() == "interrupted");
        scene.restart();
        CHECK(scene.phase_name() == "idle");
        scene.send(NoteStacked{note(2000)});
        REQUIRE(scene.entries<UnassignedNote>().size() == 1);
        CHECK(scene.entries<UnassignedNote>()[0].session == 1);
    }

    TEST_CASE("an open session without money is closed") {
        Scene scene;
        scene.collect();
        scene.restart();
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.entries<SessionClosed>().size() == 1);
        scene.restart();
        CHECK(scene.entries<SessionClosed>().size() == 1);
    }

    TEST_CASE("a receipt of which nothing is known is printed again, as a copy once it had begun") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        scene.restart();
        REQUIRE(scene.effect_names() == "journal print-receipt");
        CHECK(std::get<PrintReceipt>(scene.effects[1]).copy);
        CHECK(std::get<PrintReceipt>(scene.effects[1]).sequence == 1);
        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        scene.restart();
        CHECK(scene.effects.empty());
        CHECK(scene.entries<PaymentRecorded>().size() == 1);
    }

    TEST_CASE("a payment recorded before any paper moved prints its first receipt, no copy") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        auto const facts =
            PaymentFacts{1, sample_bill(), {}, settle(sample_bill(), rub(50'000)), {}, false};
        Folded const folded = fold(scene.folded, PaymentRecorded{facts}, 9);
        auto const step = recover(folded, {}, scene.now, scene.rules);
        REQUIRE(step.effects.size() == 2);
        CHECK_FALSE(std::get<PrintReceipt>(step.effects[1]).copy);
        CHECK(std::get<PrintReceipt>(step.effects[1]).sequence == 9);
        CHECK(std::get<PrintReceipt>(step.effects[1]).facts == facts);
    }

    TEST_CASE("a paper that did not come out leaves the next one a first receipt") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        scene.send(ReceiptOutcome{ReceiptFate::NotPrinted});
        CHECK_FALSE(scene.folded.payment->receipt_begun);
        scene.restart();
        CHECK(scene.phase_name() == "idle");
    }

    TEST_CASE("the next session has the next number") {
        Scene scene;
        scene.collect();
        scene.send(Touched{Action::Cancel});
        scene.restart();
        CHECK(scene.state.sessions == 1);
    }
}
