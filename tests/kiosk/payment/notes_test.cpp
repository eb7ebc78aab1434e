#include <doctest/doctest.h>

#include <random>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk::payment;
using namespace kiosk::payment::test;

namespace {

Money credited_in(Scene const& scene) {
    return scene.phase<Collecting>()->session.inserted;
}

} // namespace

TEST_SUITE("notes of a payment") {
    TEST_CASE("the intent is journalled before the note becomes ours") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        REQUIRE(scene.effect_names() == "journal stack-note");
        CHECK(
            std::get<StackIntended>(std::get<Journal>(scene.effects[0]).entry) ==
            StackIntended{1, note(500)});
        CHECK(note_is_moving(scene.state));
    }

    TEST_CASE("a note outside a collecting session is given back, whatever the phase") {
        Scene scene;
        for (auto const& prepare : std::vector<void (*)(Scene&)>{
                 [](Scene&) {},
                 [](Scene& s) { s.review(); },
                 [](Scene& s) {
                     s.collect();
                     s.insert(500);
                     s.send(Touched{Action::Finish});
                 },
                 [](Scene& s) { s.send(ReceiptOutcome{ReceiptFate::Printed}); },
                 [](Scene& s) { s.send(JournalFailed{}); },
             }) {
            prepare(scene);
            INFO(scene.phase_name());
            scene.send(NoteEscrowed{note(500)});
            CHECK(scene.effect_names() == "return-note");
            CHECK_FALSE(note_is_moving(scene.state));
        }
    }

    TEST_CASE("a note that is told stacked twice is credited once") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        scene.send(NoteStacked{note(500)});
        scene.send(ValidatorTrouble{Trouble::LineLost});
        scene.send(NoteStacked{note(500)});
        CHECK(scene.effects.empty());
        CHECK(credited_in(scene) == rub(50'000));
    }

    TEST_CASE("after the validator has rested the same denomination is another note") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.insert(500);
        CHECK(credited_in(scene) == rub(100'000));
        CHECK(scene.entries<NoteSettled>().size() == 2);
    }

    TEST_CASE("a note stacked without an intent still counts for the open session") {
        Scene scene;
        scene.collect();
        scene.send(NoteStacked{note(2000)});
        CHECK(credited_in(scene) == rub(200'000));
    }

    TEST_CASE("the validator's word on the denomination counts, not the intent's") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        scene.send(NoteStacked{note(100)});
        CHECK(credited_in(scene) == rub(10'000));
    }

    TEST_CASE("a note stacked without a session becomes cash of nobody, with a record") {
        Scene scene;
        scene.send(NoteStacked{note(500)});
        REQUIRE(scene.entries<UnassignedNote>().size() == 1);
        CHECK(scene.entries<UnassignedNote>()[0].note == note(500));
        CHECK(scene.sequence == 1);
        CHECK(scene.phase_name() == "idle");
        CHECK(closed(scene.state, scene.now.wall) == Closed::ValidatorDown);
        scene.send(ValidatorAtRest{});
        CHECK_FALSE(closed(scene.state, scene.now.wall));
    }

    TEST_CASE("a note that went back is no money, and leaving is possible again") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        scene.send(NoteReturned{});
        CHECK(
            scene.entries<IntentDropped>() ==
            std::vector{IntentDropped{1, note(500), IntentEnd::Returned}});
        CHECK(scene.phase<Collecting>()->notice == Notice::Returned);
        CHECK_FALSE(scene.send(Touched{Action::Cancel}));
    }

    TEST_CASE("a validator at rest that told of no stacked note settles the intent") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        scene.send(ValidatorTrouble{Trouble::LineLost});
        scene.send(ValidatorReady{{rub(50'000)}});
        scene.send(ValidatorAtRest{});
        CHECK(
            scene.entries<IntentDropped>() ==
            std::vector{IntentDropped{1, note(500), IntentEnd::AtRest}});
        CHECK(credited_in(scene) == rub(0));
    }

    TEST_CASE("a rejected note is said, and no money") {
        Scene scene;
        scene.collect();
        scene.send(NoteRejected{});
        CHECK(scene.phase<Collecting>()->notice == Notice::Rejected);
        CHECK(scene.effects.empty());
    }

    TEST_CASE("a note above the limit goes back with that reason, which stays on the screen") {
        Scene scene;
        scene.rules.bills_accepted = {};
        scene.collect();
        std::get<Collecting>(scene.state.phase).session.bill.payment_max = rub(60'000);
        scene.insert(500);
        scene.send(NoteEscrowed{note(2000)});
        CHECK(scene.effect_names() == "return-note");
        CHECK(scene.phase<Collecting>()->notice == Notice::AboveLimit);
        scene.send(NoteReturned{});
        CHECK(scene.phase<Collecting>()->notice == Notice::AboveLimit);
        CHECK(credited_in(scene) == rub(50'000));
    }

    TEST_CASE("a second note while one is on its way goes back") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(500)});
        scene.send(NoteEscrowed{note(100)});
        CHECK(scene.effect_names() == "return-note");
        CHECK(std::get<Intended>(scene.state.path).note == note(500));
    }

    TEST_CASE(
        "a stuck note: what is credited is paid, and the note's late word is cash of nobody") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(NoteEscrowed{note(2000)});
        scene.send(ValidatorTrouble{Trouble::StackerJammed});
        CHECK(scene.phase<Collecting>()->notice == Notice::ValidatorTrouble);
        scene.pass(scene.rules.note_settles);
        REQUIRE(scene.entries<PaymentRecorded>().size() == 1);
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(50'000));

        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        scene.send(NoteStacked{note(2000)});
        REQUIRE(scene.entries<UnassignedNote>().size() == 1);
        CHECK(scene.entries<UnassignedNote>()[0].session == 1);
        CHECK(scene.sequence == 2);
    }

    TEST_CASE("a stuck first note: the resident is told the number of the session") {
        Scene scene;
        scene.collect();
        scene.send(NoteEscrowed{note(2000)});
        scene.send(ValidatorTrouble{Trouble::Jammed});
        scene.pass(scene.rules.note_settles);
        REQUIRE(scene.phase<Interrupted>());
        CHECK(scene.phase<Interrupted>()->session == 1);
        CHECK(scene.phase<Interrupted>()->value == rub(200'000));
        scene.pass(scene.rules.interrupted_shown);
        CHECK(scene.phase_name() == "idle");
        CHECK(closed(scene.state, scene.now.wall) == Closed::ValidatorDown);
        // Even a validator that is well again is not trusted before it has said what it holds.
        scene.send(ValidatorWell{});
        CHECK(closed(scene.state, scene.now.wall) == Closed::ValidatorDown);
        scene.send(ValidatorAtRest{});
        CHECK_FALSE(closed(scene.state, scene.now.wall));
    }

    TEST_CASE("whatever happens, every stacked note is journalled once and never refused") {
        for (unsigned seed = 1; seed <= 300; ++seed) {
            INFO("seed " << seed);
            std::mt19937 random{seed};
            Scene scene;
            std::int64_t stacked = 0;
            bool repeat_follows = false;
            for (int moment = 0; moment < 120; ++moment) {
                switch (random() % 16) {
                case 0: scene.send(BillScanned{sample_bill()}); break;
                case 1:
                    scene.send(AccountAnswered{scene.state.queries, AccountOutcome::Found, {}});
                    break;
                case 2: scene.send(Touched{Action::Pay}); break;
                case 3: scene.send(Touched{static_cast<Action>(random() % 7)}); break;
                case 4: scene.send(ReceiptOutcome{static_cast<ReceiptFate>(random() % 3)}); break;
                case 5: scene.send(LinkChanged{random() % 2 == 0}); break;
                case 6: scene.pass(std::chrono::seconds{random() % 120}); break;
                case 7: scene.send(NoteRejected{}); break;
                case 8: scene.send(ValidatorTrouble{static_cast<Trouble>(random() % 7)}); break;
                case 9: scene.send(ValidatorReady{{rub(50'000)}}); break;
                case 10: scene.send(PrinterHealth{random() % 4 != 0}); break;
                case 11:
                    scene.restart();
                    scene.send(CatalogKnown{{rub(5'000'000), rub(20'000'000), 500, 168}});
                    break;
                case 12:
                    // A note stacked out of the blue, as after a validator's own power cut.
                    if (!std::holds_alternative<Credited>(scene.state.path)) {
                        CHECK_FALSE(scene.send(NoteStacked{note(100)}));
                        stacked += 10'000;
                        repeat_follows = true;
                    }
                    break;
                default: {
                    Note const given = note(random() % 2 == 0 ? 500 : 2000);
                    if (repeat_follows)
                        scene.send(ValidatorAtRest{});
                    repeat_follows = false;
                    scene.send(NoteEscrowed{given});
                    bool const stack = scene.effect_names() == "journal stack-note";
                    if (!stack || random() % 4 == 0) {
                        scene.send(NoteReturned{});
                        break;
                    }
                    if (random() % 4 == 0)
                        scene.restart();
                    CHECK_FALSE(scene.send(NoteStacked{given}));
                    stacked += given.value.minor();
                    if (random() % 4 == 0)
                        scene.restart();
                    if (random() % 3 == 0)
                        CHECK_FALSE(scene.send(NoteStacked{given})); // Told again.
                    scene.send(ValidatorAtRest{});
                }
                }
            }
            scene.send(ValidatorAtRest{});
            scene.pass(1h);

            std::int64_t journalled = 0;
            std::int64_t recorded = 0;
            for (auto const& entry : scene.entries<NoteCredited>())
                journalled += entry.note.value.minor();
            for (auto const& entry : scene.entries<UnassignedNote>()) {
                journalled += entry.note.value.minor();
                recorded += entry.note.value.minor();
            }
            for (auto const& entry : scene.entries<PaymentRecorded>()) {
                auto const& sums = entry.facts.sums;
                recorded += sums.cash.minor();
                CHECK(
                    sums.fee.minor() + sums.credited.minor() + sums.change.minor() ==
                    sums.cash.minor());
            }
            CHECK(journalled == stacked);
            CHECK(recorded == stacked);
        }
    }
}
