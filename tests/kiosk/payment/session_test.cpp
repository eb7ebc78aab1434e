#include "kiosk/payment/session.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk::payment;
using namespace kiosk::payment::test;

TEST_SUITE("payment session") {
    TEST_CASE(
        "a bill is looked up at the server, paid with four notes, recorded once and printed") {
        Scene scene;
        scene.send(BillScanned{sample_bill()});
        CHECK(scene.phase_name() == "looking");
        CHECK(scene.effect_names() == "ask-account");
        scene.state.phase = Idle{};

        scene.collect();
        CHECK(scene.phase_name() == "collecting");
        CHECK(scene.phase<Collecting>()->session.bill.payer_masked == "Гильман П. С.");
        for (std::int64_t const roubles : {2000, 2000, 500, 100})
            scene.insert(roubles);
        scene.send(Touched{Action::Finish});

        CHECK(scene.phase_name() == "printing");
        CHECK(scene.effect_names() == "journal journal print-receipt");
        auto const payments = scene.entries<PaymentRecorded>();
        REQUIRE(payments.size() == 1);
        CHECK(payments[0].facts.sums.cash == rub(460'000));
        CHECK(payments[0].facts.sums.credited == rub(460'000));
        CHECK(payments[0].facts.sums.advance == rub(214));
        CHECK(
            payments[0].facts.notes ==
            NoteCounts{{rub(10'000), 1}, {rub(50'000), 1}, {rub(200'000), 2}});
        CHECK_FALSE(payments[0].facts.offline);
        CHECK(payments[0].facts.bill.source == DebtSource::Server);

        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        CHECK(scene.phase_name() == "done");
        CHECK(scene.entries<ReceiptEnded>() == std::vector{ReceiptEnded{1, ReceiptFate::Printed}});
    }

    TEST_CASE(
        "without an answer in five seconds the bill itself serves, and it is called offline") {
        Scene scene;
        scene.send(BillScanned{sample_bill()});
        scene.pass(4'999ms);
        CHECK(scene.phase_name() == "looking");
        scene.pass(1ms);
        REQUIRE(scene.phase_name() == "reviewing");
        CHECK(scene.phase<Reviewing>()->bill.offline);
        CHECK(scene.phase<Reviewing>()->due == rub(459'786));
    }

    TEST_CASE("without a link the bill itself serves at once") {
        Scene scene;
        scene.send(LinkChanged{false});
        scene.send(BillScanned{sample_bill()});
        REQUIRE(scene.phase_name() == "reviewing");
        CHECK(scene.phase<Reviewing>()->bill.offline);
        CHECK(scene.effects.empty());
    }

    TEST_CASE("a link that breaks while the server is asked ends the wait") {
        Scene scene;
        scene.send(BillScanned{sample_bill()});
        scene.send(LinkChanged{false});
        CHECK(scene.phase_name() == "reviewing");
    }

    TEST_CASE("a link that breaks after the answer marks the payment as taken offline") {
        Scene scene;
        scene.collect();
        scene.send(LinkChanged{false});
        scene.insert(500);
        scene.send(LinkChanged{true});
        scene.send(Touched{Action::Finish});
        REQUIRE(scene.entries<PaymentRecorded>().size() == 1);
        CHECK(scene.entries<PaymentRecorded>()[0].facts.offline);
    }

    TEST_CASE("a late answer changes nothing") {
        Scene scene;
        scene.send(BillScanned{sample_bill()});
        scene.pass(6s);
        protocol::catalog::AccountState account;
        account.debt = rub(1);
        CHECK_FALSE(scene.send(AccountAnswered{1, AccountOutcome::Found, account}));
        REQUIRE(scene.phase_name() == "reviewing");
        CHECK(scene.phase<Reviewing>()->due == rub(459'786));
    }

    TEST_CASE("an account that the server does not know is paid by the bill; a payee is not") {
        Scene scene;
        scene.send(BillScanned{sample_bill()});
        scene.send(AccountAnswered{1, AccountOutcome::UnknownAccount, {}});
        CHECK(scene.phase_name() == "reviewing");
        CHECK_FALSE(scene.phase<Reviewing>()->bill.offline);

        scene.send(Touched{Action::Home});
        scene.send(BillScanned{sample_bill()});
        scene.send(AccountAnswered{2, AccountOutcome::UnknownProvider, {}});
        REQUIRE(scene.phase_name() == "scan-refused");
        CHECK(scene.phase<ScanRefused>()->problem == ScanProblem::UnknownPayee);
    }

    TEST_CASE("a code that cannot be paid is refused with its reason, and the screen goes home") {
        Scene scene;
        scene.send(ScanFailed{ScanProblem::Damaged, ""});
        REQUIRE(scene.phase_name() == "scan-refused");
        scene.pass(scene.rules.refused_shown);
        CHECK(scene.phase_name() == "idle");
    }

    TEST_CASE("a code that is read while money is inside changes nothing") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        Bill other = sample_bill();
        other.account = "B001A001";
        CHECK_FALSE(scene.send(BillScanned{other}));
        CHECK_FALSE(scene.send(ScanFailed{}));
        CHECK(scene.phase<Collecting>()->session.bill.account == "M003K006");
    }

    TEST_CASE("a scanner that reads the same bill again does not begin again") {
        Scene scene;
        scene.review();
        scene.send(BillScanned{sample_bill()});
        CHECK(scene.phase_name() == "reviewing");
    }

    TEST_CASE("nobody's debt stays on the screen of an empty room") {
        Scene scene;
        scene.review();
        scene.pass(scene.rules.idle);
        CHECK(
            leaves_in(scene.phase<Reviewing>()->active_at, scene.now.steady, scene.rules) ==
            30'000ms);
        scene.send(Touched{Action::MoreTime});
        scene.pass(scene.rules.idle + scene.rules.question - 1ms);
        CHECK(scene.phase_name() == "reviewing");
        scene.pass(1ms);
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.journalled.empty());
    }

    TEST_CASE("cancel is offered only while nothing is inside") {
        Scene scene;
        scene.collect();
        CHECK_FALSE(scene.send(Touched{Action::Cancel}));
        CHECK(scene.phase_name() == "idle");
        CHECK(
            scene.entries<SessionClosed>() ==
            std::vector{SessionClosed{1, CloseReason::Cancelled}});

        scene.collect();
        scene.insert(100);
        CHECK(scene.send(Touched{Action::Cancel}) == Fault::ActionNotOffered);
        CHECK(scene.send(Touched{Action::Home}) == Fault::ActionNotOffered);
        CHECK(scene.phase_name() == "collecting");
    }

    TEST_CASE("while a note moves nobody can leave") {
        Scene scene;
        scene.collect();
        scene.insert(100);
        scene.send(NoteEscrowed{note(500)});
        CHECK(scene.send(Touched{Action::Finish}) == Fault::ActionNotOffered);
        scene.send(NoteStacked{note(500)});
        CHECK_FALSE(scene.send(Touched{Action::Finish}));
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.cash == rub(60'000));
    }

    TEST_CASE("an abandoned session asks, and then credits the money inside") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.pass(scene.rules.idle - 1ms);
        CHECK_FALSE(leaves_in(scene.phase<Collecting>()->active_at, scene.now.steady, scene.rules));
        scene.pass(1ms);
        CHECK(
            leaves_in(scene.phase<Collecting>()->active_at, scene.now.steady, scene.rules) ==
            30'000ms);
        scene.pass(scene.rules.question - 1ms);
        CHECK(scene.phase_name() == "collecting");
        scene.pass(1ms);
        CHECK(scene.phase_name() == "printing");
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.credited == rub(50'000));
    }

    TEST_CASE("more time puts the question off, any number of times") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        for (int times = 0; times < 20; ++times) {
            scene.pass(scene.rules.idle + scene.rules.question - 1ms);
            CHECK_FALSE(scene.send(Touched{Action::MoreTime}));
        }
        CHECK(scene.phase_name() == "collecting");
    }

    TEST_CASE("an abandoned session without money is closed") {
        Scene scene;
        scene.collect();
        scene.pass(scene.rules.idle + scene.rules.question);
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.entries<PaymentRecorded>().empty());
        CHECK(scene.entries<SessionClosed>()[0].reason == CloseReason::Abandoned);
    }

    TEST_CASE("less than the minimum cannot be finished by hand, but is credited when abandoned") {
        Scene scene;
        scene.rules.idle = 10s;
        scene.send(BillScanned{sample_bill()});
        Bill bill = sample_bill();
        bill.payment_min = rub(20'000);
        scene.state.phase = Reviewing{bill, rub(0), bill.debt, scene.now.steady};
        scene.send(Touched{Action::Pay});
        scene.insert(100);
        CHECK(scene.send(Touched{Action::Finish}) == Fault::ActionNotOffered);
        scene.pass(scene.rules.idle + scene.rules.question);
        CHECK(scene.entries<PaymentRecorded>()[0].facts.sums.credited == rub(10'000));
    }

    TEST_CASE(
        "a receipt that did not come out can be asked for again; only a doubtful one is a copy") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        scene.send(ReceiptOutcome{ReceiptFate::NotPrinted});
        scene.send(Touched{Action::Reprint});
        REQUIRE(scene.phase_name() == "printing");
        CHECK_FALSE(std::get<PrintReceipt>(scene.effects.back()).copy);

        scene.send(ReceiptOutcome{ReceiptFate::Unknown});
        scene.send(Touched{Action::Reprint});
        CHECK(std::get<PrintReceipt>(scene.effects.back()).copy);

        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        CHECK(scene.send(Touched{Action::Reprint}) == Fault::ActionNotOffered);
        CHECK(scene.entries<PaymentRecorded>().size() == 1);
    }

    TEST_CASE("a printer that never answers does not hold the next resident up") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        scene.pass(scene.rules.printing);
        REQUIRE(scene.phase_name() == "done");
        CHECK(scene.phase<Done>()->receipt == ReceiptFate::Unknown);
        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        CHECK(scene.phase<Done>()->receipt == ReceiptFate::Printed);
        scene.pass(scene.rules.done_shown);
        CHECK(scene.phase_name() == "idle");
        CHECK(scene.effect_names() == "clear-presenter");
    }

    TEST_CASE("the next resident's bill ends the last one's thanks") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        scene.send(Touched{Action::Finish});
        scene.send(ReceiptOutcome{ReceiptFate::Printed});
        scene.send(BillScanned{sample_bill()});
        CHECK(scene.phase_name() == "looking");
    }

    TEST_CASE("a closed kiosk does not begin a payment, and says why") {
        Scene scene;
        scene.send(PrinterHealth{false});
        scene.send(BillScanned{sample_bill()});
        CHECK(scene.phase_name() == "idle");
        CHECK(closed(scene.state, scene.now.wall) == Closed::PrinterDown);
    }

    TEST_CASE("a kiosk that closes between the bill and the money goes home") {
        Scene scene;
        scene.review();
        scene.send(ValidatorTrouble{Trouble::StackerFull});
        scene.send(Touched{Action::Pay});
        CHECK(scene.phase_name() == "idle");
        CHECK(closed(scene.state, scene.now.wall) == Closed::StackerFull);
        CHECK(scene.journalled.empty());
    }

    TEST_CASE("a tariff that cannot be computed takes no money and is journalled") {
        Scene scene;
        scene.send(LinkChanged{false});
        Bill bill = sample_bill();
        bill.tariff.minimum = rub(100);
        bill.tariff.maximum = rub(1);
        scene.send(BillScanned{bill});
        CHECK(scene.phase_name() == "scan-refused");
        REQUIRE(scene.entries<FaultSeen>().size() == 1);
        CHECK(scene.entries<FaultSeen>()[0].fault == "tariff-impossible");
    }

    TEST_CASE("an event out of place is a fault and changes nothing") {
        Scene scene;
        CHECK(scene.send(RecordWritten{7}) == Fault::EventOutOfPlace);
        CHECK(scene.send(Touched{Action::Finish}) == Fault::ActionNotOffered);
        CHECK(scene.phase_name() == "idle");
    }

    TEST_CASE(
        "a failed journal stops everything, gives the note in escrow back and keeps the sum on "
        "screen") {
        Scene scene;
        scene.collect();
        scene.insert(500);
        auto const step = advance(scene.state, NoteEscrowed{note(100)}, scene.now, scene.rules);
        REQUIRE(step);
        scene.state = step->state; // The disk refused StackIntended.
        scene.send(JournalFailed{true});
        CHECK(scene.effect_names() == "return-note");
        REQUIRE(scene.phase<Broken>());
        CHECK(scene.phase<Broken>()->inserted == rub(50'000));
        CHECK(scene.phase<Broken>()->session == 1);
        CHECK_FALSE(takes_notes(scene.state));

        scene.pass(24h);
        scene.send(BillScanned{sample_bill()});
        CHECK(scene.phase_name() == "broken");
    }
}
