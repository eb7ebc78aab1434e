#include "devices/bill-validator/session.hpp"

#include <doctest/doctest.h>

#include "tests/devices/bill-validator/scenes.hpp"

namespace bv = devices::bill_validator;
using namespace tests::scenes;
using tests::Dialogue;

TEST_SUITE("bill validator session") {
    TEST_CASE("the first question is POLL, and the validator is learnt before it is told at rest") {
        starts().check();
    }

    TEST_CASE("a note in escrow is told before it is acknowledged, and stacked when so decided") {
        starts_taking_notes()
            .then(note_is_stacked("80 05", "81 05", 5, rub(500'00)))
            .then(comes_to_rest())
            .polls("14")
            .check();
    }

    TEST_CASE("a note is given back when so decided") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Return)
            .polls("80 05")
            .asks("36")
            .hears("00")
            .polls("18")
            .asks("33")
            .hears("82 05")
            .tells(bv::NoteReturned{})
            .acknowledges()
            .polls("82 05")
            .then(comes_to_rest())
            .check();
    }

    TEST_CASE(
        "a stacked note that is said again, before or after the acknowledgement, is one note") {
        starts_taking_notes()
            .then(note_is_stacked("80 05", "81 05", 5, rub(500'00)))
            .polls("81 05")
            .polls("1B 01")
            .polls("81 05")
            .then(comes_to_rest())
            .check();
    }

    TEST_CASE("two notes of one type in a row are two notes") {
        starts_taking_notes()
            .then(note_is_stacked("80 0D", "81 0D", 13, rub(2000'00)))
            .then(comes_to_rest())
            .then(note_is_stacked("80 0D", "81 0D", 13, rub(2000'00)))
            .then(comes_to_rest())
            .check();
        // Even where nothing but the next escrow was seen between them.
        starts_taking_notes()
            .then(note_is_stacked("80 0D", "81 0D", 13, rub(2000'00)))
            .asks("33")
            .hears("80 0D")
            .tells(bv::NoteEscrowed{13, rub(2000'00)})
            .acknowledges()
            .asks("33")
            .hears("81 0D")
            .tells(bv::NoteStacked{13, rub(2000'00)})
            .acknowledges()
            .check();
    }

    TEST_CASE("a validator that powered up is reset, but not before it was asked") {
        Dialogue{}
            .polls("10")
            .asks("30")
            .hears("00")
            .polls("13")
            .then(learns())
            .polls("13")
            .asks("33")
            .hears("19")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE("a validator that powers up for long is reset every thirty polls, not at each") {
        auto dialogue = Dialogue{}.polls("10").asks("30").hears("00");
        for (int poll = 0; poll < 30; ++poll)
            dialogue.polls("10");
        dialogue.polls("10").asks("30").hears("00").polls("13").check();
    }

    TEST_CASE(
        "a note that was on its way in at a power cut is told after RESET, then all is at rest") {
        Dialogue{}
            .polls("12")
            .asks("30")
            .hears("00")
            .polls("13")
            .then(learns())
            .asks("33")
            .hears("81 05")
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .asks("33")
            .hears("19")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE("nothing is acknowledged while a stacked note waits to be valued") {
        Dialogue{}
            .asks("33")
            .hears("81 05")
            .asks("37")
            .hears(identification)
            .asks("41")
            .hears(table)
            .tells(ready)
            .asks("33")
            .hears("81 05")
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .asks("33")
            .hears("14")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE(
        "a note told but not acknowledged before the validator lost power is not told again") {
        starts_taking_notes()
            .then(note_is_stacked("80 05", "81 05", 5, rub(500'00)))
            .polls("12")
            .asks("30")
            .hears("00")
            .polls("13")
            .then(learns())
            .polls("81 05")
            .asks("33")
            .hears("19")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE(
        "after a restart a note found in escrow, stacking or returned is told, and then rest") {
        Dialogue{}
            .polls("80 05")
            .then(learns())
            .asks("33")
            .hears("80 05")
            .tells(bv::NoteEscrowed{5, rub(500'00)})
            .acknowledges()
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears("00")
            .check();
        Dialogue{}
            .polls("17")
            .then(learns())
            .polls("17")
            .asks("33")
            .hears("81 05")
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .check();
        Dialogue{}
            .polls("82 05")
            .then(learns())
            .asks("33")
            .hears("82 05")
            .tells(bv::NoteReturned{})
            .acknowledges()
            .asks("33")
            .hears("14")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .asks(disable_all)
            .hears("00")
            .check();
    }

    TEST_CASE("a held note that nobody remembers is given back") {
        Dialogue{}
            .polls("1A")
            .then(learns())
            .polls("1A")
            .polls("1A")
            .asks("36")
            .hears("00")
            .check();
    }

    TEST_CASE("only the accepted types are enabled, all of them with escrow") {
        bv::Session session{bv::Settings{{rub(50'00), rub(5000'00)}, {}}};
        starts()
            .wants_notes(true)
            .polls("19")
            .asks("34 00 00 88 00 00 88")
            .hears("00")
            .polls("14")
            .check(session);
    }

    TEST_CASE("a note that was not asked for goes back without a word to the listener") {
        bv::Session session{bv::Settings{{rub(50'00)}, {}}};
        starts()
            .wants_notes(true)
            .polls("19")
            .asks("34 00 00 08 00 00 08")
            .hears("00")
            .polls("14")
            .polls("80 05")
            .decides(Decision::Stack) // Of a note that was never told.
            .polls("80 05")
            .asks("36")
            .hears("00")
            .check(session);
    }

    TEST_CASE("a stacked note without a known value is told with value zero, never swallowed") {
        starts().asks("33").hears("81 09").tells(bv::NoteStacked{9, rub(0)}).acknowledges().check();
    }

    TEST_CASE("notes are refused at rest only, by masks of zeros") {
        starts_taking_notes()
            .polls("15")
            .wants_notes(false)
            .polls("15")
            .then(note_in_escrow())
            .decides(Decision::Return)
            .polls("80 05")
            .asks("36")
            .hears("00")
            .polls("18")
            .asks("33")
            .hears("14")
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .asks(disable_all)
            .hears("00")
            .polls("19")
            .polls("19")
            .check();
    }

    TEST_CASE("enabling is repeated when the validator forgot it, but not at every poll") {
        auto dialogue = starts_taking_notes().polls("19").asks(enable_all).hears("00");
        for (int poll = 0; poll < 10; ++poll)
            dialogue.polls("19");
        dialogue.polls("19").asks(enable_all).hears("00").polls("14").check();
    }

    TEST_CASE("a verdict that comes after the escrow is gone does not hit the next note") {
        starts_taking_notes()
            .then(note_in_escrow())
            .polls("18") // Ten seconds are over.
            .decides(Decision::Stack)
            .then(comes_to_rest())
            .decides(Decision::Stack)
            .polls("15")
            .decides(Decision::Stack)
            .then(note_in_escrow("80 04", {4, rub(100'00)}))
            .polls("80 04")
            .polls("80 04")
            .check();
    }

    TEST_CASE("a note that was taken out and put in again needs its own verdict") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .then(comes_to_rest())
            .asks("33")
            .hears("80 05")
            .tells(bv::NoteEscrowed{5, rub(500'00)})
            .acknowledges()
            .polls("80 05")
            .polls("80 05")
            .check();
    }

    TEST_CASE("a verdict that comes just before the next note is told does not hit that note") {
        starts_taking_notes()
            .asks("33")
            .hears("42")
            .tells(bv::ValidatorTrouble{bv::Trouble::StackerRemoved, 0})
            .acknowledges()
            .asks("33")
            .hears("80 05")
            .tells(bv::ValidatorWell{})
            .decides(Decision::Stack)
            .tells(bv::NoteEscrowed{5, rub(500'00)})
            .acknowledges()
            .polls("80 05")
            .polls("80 05")
            .check();
    }

    TEST_CASE("a verdict on one note is not sent when another type is in escrow by then") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .asks("33")
            .hears("80 07")
            .tells(bv::NoteEscrowed{7, rub(5000'00)})
            .acknowledges()
            .polls("80 07")
            .polls("80 07")
            .check();
    }

    TEST_CASE("HOLD keeps the note while the listener thinks, five times at most") {
        auto dialogue = starts_taking_notes().then(note_in_escrow());
        for (int hold = 0; hold < 5; ++hold) {
            for (int poll = 0; poll < 40; ++poll)
                dialogue.polls(hold == 0 ? "80 05" : "1A");
            dialogue.polls(hold == 0 ? "80 05" : "1A").asks("38").hears("00");
        }
        for (int poll = 0; poll < 100; ++poll)
            dialogue.polls("1A");
        dialogue.polls("18").check();
    }

    TEST_CASE("a verdict on a held note is carried out") {
        auto dialogue = starts_taking_notes().then(note_in_escrow());
        for (int poll = 0; poll < 41; ++poll)
            dialogue.polls("80 05");
        dialogue.asks("38")
            .hears("00")
            .polls("1A")
            .decides(Decision::Stack)
            .polls("1A")
            .asks("35")
            .hears("00")
            .polls("17")
            .check();
    }

    TEST_CASE("a validator without HOLD is not asked for it again") {
        auto dialogue = starts_taking_notes().then(note_in_escrow());
        for (int poll = 0; poll < 41; ++poll)
            dialogue.polls("80 05");
        dialogue.asks("38").hears("30");
        for (int poll = 0; poll < 50; ++poll)
            dialogue.polls("80 05");
        dialogue.check();
    }
}
