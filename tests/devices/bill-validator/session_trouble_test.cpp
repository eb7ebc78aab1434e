#include "devices/bill-validator/session.hpp"

#include <doctest/doctest.h>

#include "tests/devices/bill-validator/scenes.hpp"

namespace bv = devices::bill_validator;
using namespace tests::scenes;
using bv::Trouble;
using tests::Dialogue;

TEST_SUITE("bill validator session in trouble") {
    TEST_CASE("STACK that was garbled (NAK) is sent again, three times in all") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears("FF")
            .polls("80 05")
            .asks("35")
            .hears("FF")
            .polls("80 05")
            .asks("35")
            .hears("FF")
            .polls("80 05")
            .polls("80 05")
            .check();
    }

    TEST_CASE("STACK that came too late (ILLEGAL COMMAND) is not sent again: the status tells") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears("30")
            .polls("18")
            .asks("33")
            .hears("82 05")
            .tells(bv::NoteReturned{})
            .acknowledges()
            .then(comes_to_rest())
            .check();
    }

    TEST_CASE("a lost answer to STACK is not asked for again: the status says that it was obeyed") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears_nothing()
            .polls("17")
            .asks("33")
            .hears("81 05")
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .check();
    }

    TEST_CASE("a lost answer to RESET is followed by POLL, never by a second RESET") {
        Dialogue{}
            .polls("12")
            .asks("30")
            .hears_nothing()
            .polls("13")
            .then(learns())
            .asks("33")
            .hears("81 05")
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .check();
    }

    TEST_CASE("ACK, NAK, ILLEGAL COMMAND and half a status are no answers to POLL") {
        for (auto const* data : {"00", "FF", "30", "81"}) {
            CAPTURE(data);
            starts().asks("33").hears(data).asks("33").hears(data).polls("19").check();
        }
    }

    TEST_CASE("a corrupted answer is asked for again and not acknowledged") {
        starts_taking_notes()
            .then(note_in_escrow())
            .asks("33")
            .hears_frame("02 03 07 81 03 46 09")
            .asks("33")
            .hears_frame("02 03 07 80 05 21 64")
            .acknowledges()
            .check();
    }

    TEST_CASE("a rejection is told once with its reason") {
        starts_taking_notes()
            .polls("15")
            .asks("33")
            .hears("1C 65")
            .tells(bv::NoteRejected{0x65})
            .acknowledges()
            .polls("1C 65")
            .then(comes_to_rest())
            .check();
    }

    TEST_CASE("each trouble is told once, and its end once") {
        struct Example {
            char const* status;
            bv::ValidatorTrouble trouble;
        };
        for (auto const& example : {
                 Example{"41", {Trouble::StackerFull, 0}},
                 Example{"42", {Trouble::StackerRemoved, 0}},
                 Example{"43", {Trouble::Jammed, 0}},
                 Example{"44", {Trouble::StackerJammed, 0}},
                 Example{"45", {Trouble::Cheated, 0}},
                 Example{"47 50", {Trouble::Failure, 0x50}},
             }) {
            CAPTURE(example.status);
            starts_taking_notes()
                .asks("33")
                .hears(example.status)
                .tells(example.trouble)
                .acknowledges()
                .polls(example.status)
                .polls("1B 02")
                .polls(example.status)
                .polls("13")
                .asks("33")
                .hears("14")
                .tells(bv::ValidatorWell{})
                .tells(bv::ValidatorAtRest{})
                .acknowledges()
                .polls("14")
                .check();
        }
    }

    TEST_CASE("a pause for a second note at the mouth changes nothing for the first") {
        starts_taking_notes()
            .then(note_in_escrow())
            .polls("46")
            .decides(Decision::Stack)
            .polls("46")
            .polls("80 05")
            .asks("35")
            .hears("00")
            .check();
    }

    TEST_CASE("a note that was stacked in spite of a jam is told after it") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears("00")
            .polls("17")
            .asks("33")
            .hears("44")
            .tells(bv::ValidatorTrouble{Trouble::StackerJammed, 0})
            .acknowledges()
            .asks("33")
            .hears("81 05")
            .tells(bv::ValidatorWell{})
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .then(comes_to_rest())
            .check();
    }

    TEST_CASE("a note pulled back after STACK is not told as stacked, only the rest that follows") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears("00")
            .asks("33")
            .hears("45")
            .tells(bv::ValidatorTrouble{Trouble::Cheated, 0})
            .acknowledges()
            .asks("33")
            .hears("14")
            .tells(bv::ValidatorWell{})
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE("losing the line anywhere is told after three attempts, once") {
        starts_taking_notes()
            .then(note_is_stacked("80 05", "81 05", 5, rub(500'00)))
            .then(comes_to_rest())
            .check_losing_the_line_at_every_question();
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
            .check_losing_the_line_at_every_question();
    }

    TEST_CASE(
        "a note after a lost line is another note when the validator was seen at rest between") {
        starts_taking_notes()
            .then(note_is_stacked("80 05", "81 05", 5, rub(500'00)))
            .asks("33")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .tells(bv::ValidatorTrouble{Trouble::LineLost, 0})
            .polls("14") // Seen before the validator is learnt again.
            .then(learns())
            .asks("33")
            .hears("81 05")
            .tells(bv::ValidatorWell{})
            .tells(bv::NoteStacked{5, rub(500'00)})
            .acknowledges()
            .check();
    }

    TEST_CASE(
        "after a lost line the validator is told at rest again: a note may have come and gone") {
        starts_taking_notes()
            .asks("33")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .tells(bv::ValidatorTrouble{Trouble::LineLost, 0})
            .polls("14")
            .then(learns())
            .asks("33")
            .hears("14")
            .tells(bv::ValidatorWell{})
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .polls("14")
            .check();
    }

    TEST_CASE(
        "a validator that is found again is learnt again, told well, and its note in escrow too") {
        starts_taking_notes()
            .then(note_in_escrow())
            .decides(Decision::Stack)
            .polls("80 05")
            .asks("35")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .asks("33")
            .hears_nothing()
            .tells(bv::ValidatorTrouble{Trouble::LineLost, 0})
            .polls("80 05")
            .then(learns())
            .asks("33")
            .hears("80 05")
            .tells(bv::ValidatorWell{})
            .tells(bv::NoteEscrowed{5, rub(500'00)})
            .acknowledges()
            .polls("80 05") // The verdict from before is not remembered.
            .check();
    }

    TEST_CASE("a validator that has no name is taken for what its table says") {
        Dialogue{}
            .polls("19")
            .asks("37")
            .hears("30")
            .asks("41")
            .hears(table)
            .tells(bv::ValidatorReady{"", "", bills})
            .acknowledges()
            .check();
    }

    TEST_CASE("a validator that answers but never shows its table is told as failed") {
        auto dialogue = Dialogue{}.polls("19").asks("37").hears(identification).acknowledges();
        for (int refusal = 1; refusal < 10; ++refusal)
            dialogue.asks("41").hears("30").polls("19");
        dialogue.asks("41")
            .hears("30")
            .tells(bv::ValidatorTrouble{Trouble::Failure, 0})
            .polls("19")
            .asks("41")
            .hears(table)
            .tells(ready)
            .acknowledges()
            .asks("33")
            .hears("19")
            .tells(bv::ValidatorWell{})
            .tells(bv::ValidatorAtRest{})
            .acknowledges()
            .check();
    }

    TEST_CASE(
        "pauses keep to the manual: 20 ms after an acknowledgement, 100 to 200 ms between polls") {
        bv::Session session;
        auto const pause_after = [&session](bv::Input const& input) {
            auto action = session.resume(input);
            while (!std::holds_alternative<bv::Pause>(action))
                action = session.resume(bv::Proceed{});
            return std::get<bv::Pause>(action).duration.count();
        };
        auto const hears = [](char const* data) {
            return bv::Input{bv::Reply{bv::ccnet::Frame{tests::hex(data)}}};
        };
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears("19")) == 20); // Then 37, without delay.
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears(identification.c_str())) == 20);
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears(table.c_str())) == 20);
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears("15")) == 100);
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears("19")) == 200);
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears("1B 05")) == 500);
        REQUIRE(std::holds_alternative<bv::Send>(session.resume(bv::Proceed{})));
        CHECK(pause_after(hears("1B FF")) == 1000);
    }
}
