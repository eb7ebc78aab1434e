#include "devices/bill-validator/simulated_validator.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "devices/bill-validator/ccnet_tables.hpp"
#include "tests/support/hex.hpp"

using namespace devices::bill_validator;
using namespace std::chrono_literals;
using protocol::rub;
using tests::hex;
using tests::to_hex;

namespace {

/// A validator and a controller that says what it is told to, in virtual time.
class Desk {
public:
    explicit Desk(SimulatorSettings settings = {}) : validator{std::move(settings), now} {}

    /// The data of the answer, "" for silence.
    std::string ask(std::string_view data) {
        ccnet::FrameReader reader;
        for (auto const& portion : validator.receive(ccnet::encode(hex(data)), now))
            reader.push(portion.bytes);
        auto const reply = reader.next();
        if (!reply)
            return "";
        return *reply ? to_hex((*reply)->data) : "broken";
    }
    std::string poll() {
        auto status = ask("33");
        CHECK(ask("00").empty());
        return status;
    }
    void pass(std::chrono::milliseconds duration) {
        now += duration;
        validator.advance(now);
    }
    void start() {
        CHECK(poll() == "10");
        CHECK(ask("30") == "00");
        CHECK(poll() == "13");
        pass(3s);
        CHECK(poll() == "19");
        CHECK(ask("34 00 30 FC 00 30 FC") == "00");
        CHECK(poll() == "14");
    }
    std::size_t put_note_in_escrow(protocol::Money value = rub(500'00)) {
        auto const note = validator.insert_note(value, now);
        CHECK(poll() == "15");
        pass(1200ms);
        return note;
    }
    int stacked(std::int64_t kopecks) const {
        auto const found = validator.stacked().find(kopecks);
        return found == validator.stacked().end() ? 0 : found->second;
    }

    TimePoint now{};
    SimulatedValidator validator;
};

} // namespace

TEST_SUITE("simulated bill validator") {
    TEST_CASE("a note goes through escrow into the stacker and is said until it is acknowledged") {
        Desk desk;
        desk.start();
        auto const note = desk.put_note_in_escrow();
        CHECK(desk.poll() == "80 05");
        CHECK(desk.ask("35") == "00");
        CHECK(desk.poll() == "17");
        CHECK(desk.stacked(500'00) == 0);
        CHECK(desk.validator.outcome(note) == Insertion::StillInside);
        desk.pass(900ms);
        CHECK(desk.stacked(500'00) == 1);
        CHECK(desk.validator.outcome(note) == Insertion::Stacked);
        CHECK(desk.ask("33") == "81 05");
        CHECK(desk.ask("33") == "81 05");
        CHECK(desk.poll() == "81 05");
        CHECK(desk.poll() == "14");
    }

    TEST_CASE("an acknowledgement counts for the answer just before it only") {
        Desk desk;
        desk.start();
        desk.put_note_in_escrow();
        CHECK(desk.ask("35") == "00");
        desk.pass(900ms);
        CHECK(desk.ask("33") == "81 05");
        CHECK(desk.ask("37") != "");
        CHECK(desk.ask("00") == "");
        CHECK(desk.ask("33") == "81 05");
    }

    TEST_CASE("STACK, RETURN and HOLD are illegal when nothing is in escrow") {
        Desk desk;
        for (auto const* order : {"35", "36", "38"}) {
            CAPTURE(order);
            CHECK(desk.ask(order) == "30");
        }
        desk.start();
        for (auto const* order : {"35", "36", "38"}) {
            CAPTURE(order);
            CHECK(desk.ask(order) == "30");
        }
        CHECK(desk.ask("99") == "30");
    }

    TEST_CASE("identification, bill table and masks are answered in every state") {
        Desk desk;
        auto const check_answers = [&desk] {
            CHECK(ccnet::read_identification(hex(desk.ask("37"))));
            CHECK(ccnet::read_bill_table(hex(desk.ask("41"))) == rouble_bill_table());
            CHECK(hex(desk.ask("31")).size() == 6);
        };
        check_answers();
        desk.start();
        check_answers();
        desk.put_note_in_escrow();
        check_answers();
        CHECK(desk.ask("35") == "00");
        check_answers();
        desk.pass(900ms);
        check_answers();
    }

    TEST_CASE("escrow lasts ten seconds, HOLD gives ten more, then the note goes back") {
        Desk desk;
        desk.start();
        auto const note = desk.put_note_in_escrow();
        desk.pass(9999ms);
        CHECK(desk.poll() == "80 05");
        CHECK(desk.ask("38") == "00");
        desk.pass(9999ms);
        CHECK(desk.poll() == "1A");
        desk.pass(1ms);
        CHECK(desk.poll() == "18");
        desk.pass(900ms);
        CHECK(desk.validator.outcome(note) == Insertion::Returned);
        CHECK(desk.poll() == "82 05");
        CHECK(desk.poll() == "14");
    }

    TEST_CASE(
        "a type that is not enabled is rejected, one without its escrow bit is stacked at once") {
        Desk desk;
        desk.start();
        CHECK(desk.ask("34 00 00 20 00 00 00") == "00");
        auto const refused = desk.put_note_in_escrow(rub(1000'00));
        CHECK(desk.poll() == "1C 68");
        desk.pass(900ms);
        CHECK(desk.validator.outcome(refused) == Insertion::Rejected);
        CHECK(desk.poll() == "14");
        desk.put_note_in_escrow(rub(500'00));
        CHECK(desk.poll() == "17");
        desk.pass(900ms);
        CHECK(desk.poll() == "81 05");
    }

    TEST_CASE("a note that is in no table is rejected, one at a closed mouth is not taken") {
        Desk desk;
        CHECK(
            desk.validator.outcome(desk.validator.insert_note(rub(100'00), desk.now)) ==
            Insertion::NotTaken);
        desk.start();
        desk.put_note_in_escrow(rub(25'00));
        CHECK(desk.poll() == "1C 65");
        CHECK(
            desk.validator.outcome(desk.validator.insert_note(rub(100'00), desk.now)) ==
            Insertion::NotTaken);
    }

    TEST_CASE("a power cut returns a note that can still go back, and stacks one that cannot") {
        struct Example {
            std::chrono::milliseconds after_stack;
            char const* status;
            Insertion outcome;
        };
        for (auto const& example :
             {Example{300ms, "11", Insertion::Returned},
              Example{600ms, "12", Insertion::Stacked}}) {
            CAPTURE(example.status);
            Desk desk;
            desk.start();
            auto const note = desk.put_note_in_escrow();
            CHECK(desk.ask("35") == "00");
            desk.pass(example.after_stack);
            desk.validator.cut_power(desk.now);
            CHECK_FALSE(desk.validator.has_power());
            CHECK(desk.ask("33") == "");
            desk.pass(3s);
            CHECK(desk.poll() == example.status);
            CHECK(desk.validator.outcome(note) == Insertion::StillInside);
            CHECK(desk.ask("30") == "00");
            desk.pass(3s);
            CHECK(desk.validator.outcome(note) == example.outcome);
            bool const is_stacked = example.outcome == Insertion::Stacked;
            CHECK(desk.stacked(500'00) == (is_stacked ? 1 : 0));
            CHECK(desk.poll() == (is_stacked ? "81 05" : "19"));
            CHECK(desk.poll() == "19");
        }
    }

    TEST_CASE("a note that was said but not acknowledged is said again after a power cut, once") {
        Desk desk;
        desk.start();
        desk.put_note_in_escrow();
        CHECK(desk.ask("35") == "00");
        desk.pass(900ms);
        CHECK(desk.ask("33") == "81 05");
        desk.validator.cut_power(desk.now);
        desk.pass(3s);
        CHECK(desk.poll() == "12");
        CHECK(desk.ask("30") == "00");
        desk.pass(3s);
        CHECK(desk.poll() == "81 05");
        CHECK(desk.poll() == "19");
        CHECK(desk.stacked(500'00) == 1);
    }

    TEST_CASE(
        "RESET of a running validator forgets an unacknowledged note, as no driver may rely on") {
        Desk desk;
        desk.start();
        desk.put_note_in_escrow();
        CHECK(desk.ask("35") == "00");
        desk.pass(900ms);
        CHECK(desk.ask("33") == "81 05");
        CHECK(desk.ask("30") == "00");
        desk.pass(3s);
        CHECK(desk.poll() == "19");
        CHECK(desk.stacked(500'00) == 1);
    }

    TEST_CASE("each line fault spoils one exchange") {
        Desk desk;
        desk.start();
        auto const check_one = [&desk](LineFault fault, char const* answer) {
            desk.validator.inject(fault);
            CHECK(desk.ask("33") == answer);
            CHECK(desk.ask("33") == "14");
        };
        check_one(LineFault::MissCommand, "");
        check_one(LineFault::LoseReply, "");
        check_one(LineFault::CorruptReply, "broken");
        check_one(LineFault::RefuseCommand, "FF");
        desk.validator.inject(LineFault::DelayByte);
        auto const portions = desk.validator.receive(hex("02 03 06 33 DA 81"), desk.now);
        REQUIRE(portions.size() == 2);
        CHECK(to_hex(portions[0].bytes) == "02 03 06");
        CHECK(portions[1].after == 30ms);
        CHECK(to_hex(portions[1].bytes) == "14 67 D4");
    }

    TEST_CASE("a command with a wrong checksum is answered NAK, and NAK repeats the answer") {
        Desk desk;
        desk.start();
        auto const portions = desk.validator.receive(hex("02 03 06 33 DA 80"), desk.now);
        REQUIRE(portions.size() == 1);
        CHECK(to_hex(portions[0].bytes) == "02 03 06 FF BA 8D");
        CHECK(desk.ask("33") == "14");
        CHECK(desk.ask("FF") == "14");
    }

    TEST_CASE("a jam stops the note where it is, and it goes on when the jam is gone") {
        Desk desk;
        desk.start();
        desk.put_note_in_escrow();
        CHECK(desk.ask("35") == "00");
        desk.validator.set_obstacle(Obstacle::StackerJammed, desk.now);
        desk.pass(1min);
        CHECK(desk.poll() == "44");
        CHECK(desk.stacked(500'00) == 0);
        desk.validator.set_obstacle(Obstacle::None, desk.now);
        CHECK(desk.poll() == "17");
        desk.pass(900ms);
        CHECK(desk.poll() == "81 05");
    }

    TEST_CASE("the cassette out and in again means initializing and disabled") {
        Desk desk;
        desk.start();
        desk.validator.set_obstacle(Obstacle::StackerRemoved, desk.now);
        CHECK(desk.poll() == "42");
        CHECK_FALSE(desk.validator.would_take_note());
        desk.validator.set_obstacle(Obstacle::None, desk.now);
        CHECK(desk.poll() == "13");
        desk.pass(3s);
        CHECK(desk.poll() == "19");
    }

    TEST_CASE("a note pulled back on its way in is cheating, not money") {
        Desk desk;
        desk.start();
        auto const note = desk.put_note_in_escrow();
        CHECK(desk.ask("35") == "00");
        desk.validator.cheat(desk.now);
        CHECK(desk.poll() == "45");
        CHECK(desk.validator.outcome(note) == Insertion::Returned);
        desk.pass(1s);
        CHECK(desk.poll() == "14");
        CHECK(desk.stacked(500'00) == 0);
    }

    TEST_CASE("being busy is said with its time in tenths of a second") {
        Desk desk;
        desk.start();
        desk.validator.be_busy(450ms, desk.now);
        CHECK(desk.poll() == "1B 05");
        desk.pass(450ms);
        CHECK(desk.poll() == "14");
    }

    TEST_CASE("faults have names, and nothing else has") {
        CHECK(power_cut_moment("stacked") == PowerCutMoment::StackedBeforeAck);
        CHECK(power_cut_moment("stacked_after_ack") == PowerCutMoment::StackedAfterAck);
        CHECK(line_fault("lose_reply") == LineFault::LoseReply);
        CHECK(obstacle("jammed") == Obstacle::Jammed);
        CHECK(obstacle("none") == Obstacle::None);
        CHECK_FALSE(power_cut_moment("Stacked"));
        CHECK_FALSE(line_fault(""));
        CHECK_FALSE(obstacle("stacked"));
    }
}
