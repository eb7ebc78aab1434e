#include "kiosk/app/till.hpp"

#include <doctest/doctest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <fstream>
#include <iterator>

#include "devices/bill-validator/simulated_validator.hpp"
#include "devices/printer/simulator.hpp"
#include "devices/printer/vkp80_printer.hpp"
#include "kiosk/app/ears.hpp"
#include "kiosk/app/spawn.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "protocol/text/charset.hpp"
#include "protocol/wire/kiosk.pb.h"
#include "tests/support/run_for.hpp"
#include "tests/support/temporary_folder.hpp"

namespace asio = boost::asio;
namespace bv = devices::bill_validator;
using namespace kiosk;
using namespace std::chrono_literals;
using protocol::rub;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view bill_text =
    "ST00011|Name=ООО \"Юнисервис\"|PersonalAcc=40702810138180134189|BankName=Сбербанк|"
    "BIC=044525225|CorrespAcc=30101810400000000225|Sum=459786|PayeeINN=7729524407|"
    "LastName=Гильман Павел Семенович|PersAcc=М003К006|PaymPeriod=092009|TechCode=02";

protocol::catalog::Catalog sample_catalog() {
    protocol::catalog::Provider provider;
    provider.id = 4;
    provider.name = "ООО Юнисервис";
    provider.inn = "7729524407";
    provider.bank_account = "40702810138180134189";
    provider.bic = "044525225";
    provider.account_mask = "A999A999";
    provider.tariffs[protocol::commission::Channel::Cash].version = 9;
    protocol::catalog::Catalog catalog;
    catalog.version = 1;
    catalog.agent = {"ООО Расчётный центр", "7701234567", "г. Москва", "8 800 000-00-00"};
    catalog.offline = {rub(1'500'000), rub(20'000'000), 500, 168};
    catalog.providers = {provider};
    return catalog;
}

/// A line to a simulator without a line: what is written is heard at once.
class DirectLine : public devices::Line {
public:
    explicit DirectLine(asio::io_context& io) : timer_{io} {}

    asio::awaitable<devices::LineResult<void>> write(std::span<std::uint8_t const> bytes) override {
        hear(bytes);
        co_return devices::LineResult<void>{};
    }
    asio::awaitable<devices::LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override {
        auto const deadline = Clock::now() + within;
        for (;;) {
            pass();
            if (!said.empty())
                break;
            if (Clock::now() >= deadline)
                co_return protocol::fail(devices::LineError::TimedOut);
            timer_.expires_after(1ms);
            co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        std::size_t count = 0;
        for (; count < into.size() && !said.empty(); ++count) {
            into[count] = said.front();
            said.pop_front();
        }
        co_return count;
    }

protected:
    virtual void hear(protocol::ByteView bytes) = 0;
    virtual void pass() = 0;
    std::deque<std::uint8_t> said;

private:
    asio::steady_timer timer_;
};

class ValidatorLine final : public DirectLine {
public:
    ValidatorLine(asio::io_context& io, bv::SimulatedValidator& validator)
        : DirectLine{io}, validator_{validator} {}

private:
    void hear(protocol::ByteView bytes) override {
        for (auto const& portion : validator_.receive(bytes, Clock::now()))
            said.insert(said.end(), portion.bytes.begin(), portion.bytes.end());
    }
    void pass() override { validator_.advance(Clock::now()); }

    bv::SimulatedValidator& validator_;
};

class PrinterLine final : public DirectLine {
public:
    PrinterLine(asio::io_context& io, devices::printer::Simulator& printer)
        : DirectLine{io}, printer_{printer} {}

private:
    void hear(protocol::ByteView bytes) override { say(printer_.receive(bytes, Clock::now())); }
    void pass() override { say(printer_.tick(Clock::now())); }
    void say(protocol::Bytes const& bytes) { said.insert(said.end(), bytes.begin(), bytes.end()); }

    devices::printer::Simulator& printer_;
};

/// What stands in the kiosk's box: its power does not go with the computer's.
struct Bench {
    bv::SimulatedValidator validator{
        {.times =
             {.accepting = 12ms,
              .escrow = 300ms,
              .stacking = 9ms,
              .returning = 9ms,
              .rejecting = 9ms,
              .initializing = 30ms}},
        Clock::now()};
    devices::printer::Simulator printer{{.row_time = 10us, .cut_time = 1ms, .present_time = 1ms}};
    tests::TemporaryFolder folder;

    [[nodiscard]] std::int64_t stacked() const {
        std::int64_t sum = 0;
        for (auto const& [value, count] : validator.stacked())
            sum += value * count;
        return sum;
    }
};

class PagesSeen final : public app::Pages {
public:
    void show(screens::Page page) override { pages.push_back(std::move(page)); }
    [[nodiscard]] std::string last() const { return pages.empty() ? "" : pages.back().id; }
    std::vector<screens::Page> pages;
};

screens::Assets our_assets() {
    auto assets = ui::load_assets(std::string{KIOSK_SOURCE_DIR} + "/ui-assets");
    REQUIRE(assets);
    return *std::move(assets);
}

bv::Settings fast_session() {
    return {
        {},
        {.reply_within = 60ms,
         .table_within = 60ms,
         .poll_every = 2ms,
         .poll_every_at_rest = 2ms,
         .free_after_acknowledge = 1ms,
         .retry_after = 2ms,
         .reset_settles = 5ms,
         .recover_after = 20ms,
         .hold_after = 40ms}};
}

/// One life of kioskd, from power to power: real drivers, a real journal, no screen and no link.
class Life {
public:
    explicit Life(Bench& bench)
        : bench_{bench},
          till_{io_.get_executor(), {}, {17, open_journal(), session_, desk_, face_}} {
        till_.start(sample_catalog());
        app::spawn(
            io_.get_executor(), "validator", bv::drive(validator_line_, session_, validator_ear_));
        app::spawn(io_.get_executor(), "printer", desk_.watch());
    }

    template <class Condition>
    void until(Condition const& condition) {
        tests::run_until(io_, condition);
    }
    void until_state(std::string const& state) {
        INFO("waits for " << state << ", is " << till_.describe().state);
        until([&] { return till_.describe().state == state; });
    }
    /// The resident sees that money is taken.
    void until_open() {
        until([&] { return state().validator == "ready" && state().printer == "ready"; });
    }
    void scan(std::string_view text) {
        auto const bytes = protocol::text::encode(protocol::text::Encoding::Windows1251, text);
        REQUIRE(bytes);
        app::spawn(io_.get_executor(), "scan", scanner_ear_.on_code(*bytes));
    }
    void touch(std::string const& anchor) { till_.touch(anchor); }

    /// Waits for the mouth to open, and for what becomes of the note.
    bv::Insertion insert(std::int64_t kopecks) {
        until([&] { return bench_.validator.would_take_note(); });
        auto const note = bench_.validator.insert_note(rub(kopecks), Clock::now());
        until([&] { return bench_.validator.outcome(note) != bv::Insertion::StillInside; });
        return bench_.validator.outcome(note);
    }

    [[nodiscard]] control::StateAnswer state() const { return till_.describe(); }
    [[nodiscard]] journal::Journal& journal() { return *till_.journal(); }
    [[nodiscard]] PagesSeen const& pages() const { return pages_; }

private:
    std::unique_ptr<journal::Journal> open_journal() {
        auto opened =
            journal::Journal::open((bench_.folder.path() / "journal.sqlite").string(), {17, 1});
        REQUIRE(opened);
        return *std::move(opened);
    }

    asio::io_context io_{1};
    Bench& bench_;
    ValidatorLine validator_line_{io_, bench_.validator};
    PrinterLine printer_line_{io_, bench_.printer};
    bv::Session session_{fast_session()};
    devices::printer::Vkp80Printer printer_{
        io_.get_executor(), printer_line_, {.take_within = 20ms}};
    app::PrintDesk desk_{io_.get_executor(), printer_, [this](payment::Event event) {
                             till_.tell(std::move(event));
                         }};
    PagesSeen pages_;
    app::Face face_{our_assets(), 17, config::LanguageChoice::Ru, pages_};
    app::Till till_;
    app::ValidatorEar validator_ear_{till_};
    app::ScannerEar scanner_ear_{till_};
};

protocol::wire::Payment only_payment(journal::Journal const& journal) {
    auto const records = journal.after(0, 10, 100'000);
    REQUIRE(records.size() == 1);
    protocol::wire::Record record;
    REQUIRE(record.ParseFromArray(records[0].data(), static_cast<int>(records[0].size())));
    REQUIRE(record.has_payment());
    return record.payment();
}

std::string text_of(devices::printer::Ticket const& ticket) {
    std::string text;
    for (auto const& line : devices::printer::lines_of(ticket))
        text += line + "\n";
    return text;
}

} // namespace

TEST_SUITE("till") {
    TEST_CASE("a bill is paid in cash without a link, over the devices' own protocols") {
        Bench bench;
        Life life{bench};
        life.until_open();
        CHECK(life.pages().last() == "home");
        life.scan(bill_text);
        life.until_state("reviewing");
        CHECK(life.pages().last() == "review");
        life.touch("act:pay");
        for (std::int64_t const kopecks : {200'000, 200'000, 50'000, 10'000})
            CHECK(life.insert(kopecks) == bv::Insertion::Stacked);
        life.until([&] { return life.state().inserted == rub(460'000); });
        CHECK(life.pages().last() == "collect");
        life.touch("act:finish");
        life.until_state("done");

        auto const payment = only_payment(life.journal());
        CHECK(payment.cash() == 460'000);
        CHECK(payment.credited() == 460'000);
        CHECK(payment.account() == "M003K006");
        CHECK(payment.offline());
        CHECK(bench.stacked() == 460'000);
        CHECK(
            life.state().notes ==
            std::map<std::int64_t, std::uint64_t>{{10'000, 1}, {50'000, 1}, {200'000, 2}});
        REQUIRE(bench.printer.tickets().size() == 1);
        auto const paper = text_of(bench.printer.tickets()[0]);
        CHECK(paper.find("17-1") != std::string::npos);
        CHECK(paper.find("Гильман П. С.") != std::string::npos);
        CHECK(paper.find("КОПИЯ") == std::string::npos);
    }

    TEST_CASE("killed right after the last note, the next life finishes without asking anybody") {
        Bench bench;
        {
            Life life{bench};
            life.until_open();
            life.scan(bill_text);
            life.until_state("reviewing");
            life.touch("act:pay");
            CHECK(life.insert(200'000) == bv::Insertion::Stacked);
            // The note is in the stacker; whether the kiosk has heard of it is not waited for.
            CHECK(life.insert(50'000) == bv::Insertion::Stacked);
        }
        Life life{bench};
        life.until_state("done");
        CHECK(only_payment(life.journal()).cash() == 250'000);
        CHECK(bench.stacked() == 250'000);
        REQUIRE(bench.printer.tickets().size() == 1);
        auto const paper = text_of(bench.printer.tickets()[0]);
        CHECK(paper.find("КОПИЯ") == std::string::npos);
        CHECK(paper.find("ООО Расчётный центр") != std::string::npos);
    }

    TEST_CASE("killed while a note moves, the next life waits for the validator's word") {
        Bench bench;
        {
            Life life{bench};
            life.until_open();
            life.scan(bill_text);
            life.until_state("reviewing");
            life.touch("act:pay");
            CHECK(life.insert(200'000) == bv::Insertion::Stacked);
            life.until([&] { return bench.validator.would_take_note(); });
            auto const entries = life.state().journal_entries;
            bench.validator.insert_note(rub(50'000), Clock::now());
            // "STACK intended" is on the disk: the note may be anywhere.
            life.until([&] { return life.state().journal_entries > entries; });
        }
        Life life{bench};
        life.until_state("done");
        auto const payment = only_payment(life.journal());
        CHECK(payment.cash() == bench.stacked());
        CHECK(life.journal().verify());
    }

    TEST_CASE("no note is taken before a bill is scanned, and none after the payment") {
        Bench bench;
        Life life{bench};
        life.until_open();
        CHECK_FALSE(bench.validator.would_take_note());
        life.scan(bill_text);
        life.until_state("reviewing");
        life.touch("act:pay");
        CHECK(life.insert(50'000) == bv::Insertion::Stacked);
        life.touch("act:finish");
        life.until_state("done");
        life.until([&] { return !bench.validator.would_take_note(); });
    }

    TEST_CASE("the resident's language holds to the end, on paper too; the next one begins anew") {
        Bench bench;
        Life life{bench};
        life.until_open();
        life.touch("act:language-en");
        life.scan(bill_text);
        life.until_state("reviewing");
        life.touch("act:pay");
        CHECK(life.insert(50'000) == bv::Insertion::Stacked);
        life.touch("act:finish");
        life.until_state("done");
        REQUIRE(bench.printer.tickets().size() == 1);
        CHECK(text_of(bench.printer.tickets()[0]).find("Commission") != std::string::npos);
        CHECK(life.pages().pages.back().html.find("lang=\"en\"") != std::string::npos);
        life.touch("act:home");
        CHECK(life.pages().pages.back().html.find("lang=\"ru\"") != std::string::npos);
    }

    TEST_CASE("a page that has not changed is not shown again") {
        Bench bench;
        Life life{bench};
        life.until_open();
        auto const shown = life.pages().pages.size();
        life.touch("act:home");
        life.touch("act:nothing");
        CHECK(life.pages().pages.size() == shown);
    }
}
