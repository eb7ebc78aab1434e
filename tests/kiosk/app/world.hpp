#pragma once

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kiosk/app/controller.hpp"
#include "tests/kiosk/payment/scene.hpp"
#include "tests/support/crash_vfs.hpp"

/// A kiosk without wires: the real controller, table and journal; a validator, a printer and a
/// server in a few lines each, whose memory does not go with the kiosk's power.
namespace kiosk::app::test {

using payment::test::note;
using payment::test::sample_bill;
using protocol::rub;
using namespace std::chrono_literals;

/// Thrown where the power goes, and caught where it comes back. Nothing else may catch it.
struct PowerCut {};

/// The stacker is the ground truth: what lies in it was taken from a resident.
struct FakeValidator {
    enum class Where { Nowhere, Escrow, Ordered, Stacked };
    Where where = Where::Nowhere;
    payment::Note note;
    payment::NoteCounts stacker;

    void insert(payment::Note given) {
        note = given;
        where = Where::Escrow;
    }
    void order_stack() {
        if (where == Where::Escrow)
            where = Where::Ordered;
    }
    void order_return() {
        if (where == Where::Escrow)
            where = Where::Nowhere;
    }
    /// The mechanics: from here on the note is ours, whoever knows of it.
    void move() {
        if (where != Where::Ordered)
            return;
        payment::add_note(stacker, note.value);
        where = Where::Stacked;
    }
};

struct FakePrinter {
    struct Paper {
        std::uint64_t sequence;
        bool copy;
        protocol::Money cash;
    };
    std::vector<Paper> papers;
    bool works = true;
};

class World final : public Hands, public Watcher {
public:
    World() = default;

    FakeValidator validator;
    FakePrinter printer;
    kiosk::test::CrashDisk disk;
    payment::Now now{payment::Time{} + 1h, payment::WallTime{std::chrono::hours{500'000}}};
    payment::Rules rules;
    bool link_up = false;

    /// The power goes right after so many effects, counted over the whole life of this world.
    std::optional<int> power_for;
    int effects = 0;
    int faults = 0;

    std::unique_ptr<journal::Journal> journal;
    std::optional<Controller> controller;

    /// As kioskd starts: journal first, then what the devices have to say.
    void boot() {
        auto opened = journal::Journal::open("journal.sqlite", {17, 1});
        if (!opened)
            throw std::runtime_error{"the journal: " + opened.error().detail};
        journal = *std::move(opened);
        controller.emplace(rules, *this, *this);
        awaited_print_.reset();
        controller->start(journal->fold().value(), now);
        tell(payment::CatalogKnown{{rub(5'000'000), rub(20'000'000), 500, 168}});
        tell(payment::LinkChanged{link_up});
        tell(payment::PrinterHealth{printer.works});
        tell(payment::ValidatorReady{{rub(10'000), rub(50'000), rub(200'000)}});
        settle();
    }
    /// The kiosk dies where it stands. What the disk had not promised may be gone.
    void lose_power(std::mt19937_64& random) {
        controller.reset();
        disk.cut_power_at(0);
        journal.reset();
        disk.restart(random);
    }

    void tell(payment::Event const& event) {
        controller->on(event, now);
        while (awaited_print_ && printing_answers_) {
            bool const printed = *std::exchange(awaited_print_, std::nullopt);
            controller->on(
                payment::ReceiptOutcome{
                    printed ? payment::ReceiptFate::Printed : payment::ReceiptFate::NotPrinted},
                now);
        }
    }
    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.wall += time;
        tell(payment::Tick{});
    }
    [[nodiscard]] std::string phase() const {
        return std::string{payment::name_of(controller->state().phase)};
    }

    // What residents and machines do.
    void scan_and_pay() {
        tell(payment::BillScanned{sample_bill()});
        tell(payment::Touched{payment::Action::Pay});
    }
    void insert(std::int64_t roubles) {
        if (validator.where != FakeValidator::Where::Nowhere ||
            !payment::takes_notes(controller->state()))
            return; // The mouth is shut.
        validator.insert(note(roubles));
        tell(payment::NoteEscrowed{validator.note});
        settle();
    }
    /// The validator goes on until nothing moves, and says so; also what it says after a start.
    void settle() {
        if (validator.where == FakeValidator::Where::Escrow) {
            validator.where = FakeValidator::Where::Nowhere; // Nobody decided: it gives it back.
            tell(payment::NoteReturned{});
        }
        validator.move();
        if (validator.where == FakeValidator::Where::Stacked) {
            tell(payment::NoteStacked{validator.note});
            if (controller->is_broken())
                return; // Not acknowledged: it will tell again.
            step();     // The acknowledgement.
            validator.where = FakeValidator::Where::Nowhere;
        }
        tell(payment::ValidatorAtRest{});
    }

    // Hands.
    journal::JournalResult<journal::Appended> write(
        payment::Entry const& entry, payment::WallTime at) override {
        auto appended = journal->append(entry, at);
        step();
        return appended;
    }
    payment::OfflineUse unacknowledged() override { return journal->unacknowledged(); }
    void stack_note() override {
        validator.order_stack();
        step();
    }
    void return_note() override {
        validator.order_return();
        step();
    }
    void ask_account(payment::AskAccount const&) override { step(); }
    void print(payment::PrintReceipt const& receipt) override {
        if (printer.works)
            printer.papers.push_back({receipt.sequence, receipt.copy, receipt.facts.sums.cash});
        awaited_print_ = printer.works;
        step();
    }
    void clear_presenter() override { step(); }

    // Watcher.
    void on_step(std::string_view, payment::State const&, payment::State const&) override {}
    void on_fault(payment::Fault, std::string_view, payment::State const&) override { ++faults; }
    void on_journal_error(journal::JournalError const&) override {}

private:
    void step() {
        ++effects;
        if (power_for && effects == *power_for)
            throw PowerCut{};
    }

    std::optional<bool> awaited_print_;
    bool printing_answers_ = true;
};

} // namespace kiosk::app::test
