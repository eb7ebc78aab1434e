#include "kiosk/app/print_desk.hpp"

#include <doctest/doctest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

#include "kiosk/app/spawn.hpp"
#include "tests/support/run_for.hpp"

namespace asio = boost::asio;
using namespace kiosk;
using namespace devices::printer;
using namespace std::chrono_literals;

namespace {

/// Prints what it is told to, when it is told to.
class FakePrinter final : public Printer {
public:
    explicit FakePrinter(asio::io_context& io) : io_{io} {}

    asio::awaitable<PrintResult> print(Document document) override {
        printed.push_back(std::move(document));
        auto const turn = printed.size();
        while (answers.size() < turn) {
            asio::steady_timer wait{io_, 1ms};
            co_await wait.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_return PrintResult{answers[turn - 1]};
    }
    asio::awaitable<Health> health() override {
        ++questions;
        co_return Health{.ready = questions > ready_after};
    }
    asio::awaitable<void> clear_presenter() override {
        ++cleared;
        co_return;
    }

    std::vector<Document> printed;
    std::deque<Outcome> answers;
    int questions = 0;
    int ready_after = 0;
    int cleared = 0;

private:
    asio::io_context& io_;
};

struct Scene {
    asio::io_context io{1};
    FakePrinter printer{io};
    std::vector<payment::Event> told;
    app::PrintDesk desk{
        io.get_executor(), printer, [this](payment::Event event) { told.push_back(event); }};

    template <class Wanted>
    std::vector<Wanted> heard() const {
        std::vector<Wanted> found;
        for (auto const& event : told)
            if (auto const* wanted = std::get_if<Wanted>(&event))
                found.push_back(*wanted);
        return found;
    }
};

} // namespace

TEST_SUITE("print desk") {
    TEST_CASE("each outcome of the printer is a fate of the receipt") {
        for (auto const& [outcome, fate] :
             {std::pair{Outcome::Presented, payment::ReceiptFate::Printed},
              std::pair{Outcome::Taken, payment::ReceiptFate::Printed},
              std::pair{Outcome::NotPrinted, payment::ReceiptFate::NotPrinted},
              std::pair{Outcome::Unknown, payment::ReceiptFate::Unknown}}) {
            Scene scene;
            scene.printer.answers = {outcome};
            scene.desk.print({});
            tests::run_until(
                scene.io, [&] { return !scene.heard<payment::ReceiptOutcome>().empty(); });
            CHECK(scene.heard<payment::ReceiptOutcome>()[0].fate == fate);
        }
    }

    TEST_CASE("nothing is told from inside the call") {
        Scene scene;
        scene.printer.answers = {Outcome::Presented};
        scene.desk.print({});
        CHECK(scene.told.empty());
        CHECK(scene.printer.printed.empty());
    }

    TEST_CASE("a receipt waits for a printer that is not found yet") {
        Scene scene;
        scene.printer.ready_after = 2;
        scene.printer.answers = {Outcome::Presented};
        scene.desk.print({});
        tests::run_until(scene.io, [&] { return !scene.heard<payment::ReceiptOutcome>().empty(); });
        CHECK(scene.printer.questions == 3);
        CHECK(scene.heard<payment::PrinterHealth>().size() == 2);
    }

    TEST_CASE("the answer to a receipt that a later one has overtaken is not told") {
        Scene scene;
        scene.desk.print({});
        tests::run_until(scene.io, [&] { return scene.printer.printed.size() == 1; });
        scene.desk.print({});
        tests::run_until(scene.io, [&] { return scene.printer.printed.size() == 2; });
        scene.printer.answers = {Outcome::Unknown, Outcome::Presented};
        tests::run_until(scene.io, [&] { return !scene.heard<payment::ReceiptOutcome>().empty(); });
        scene.io.run_for(20ms);
        REQUIRE(scene.heard<payment::ReceiptOutcome>().size() == 1);
        CHECK(scene.heard<payment::ReceiptOutcome>()[0].fate == payment::ReceiptFate::Printed);
    }

    TEST_CASE("health is told when it changes, not each time that it is asked") {
        Scene scene;
        app::spawn(scene.io.get_executor(), "watch", scene.desk.watch());
        scene.io.run_for(50ms);
        CHECK(scene.heard<payment::PrinterHealth>().size() == 1);
        CHECK(scene.desk.is_ready());
    }
}
