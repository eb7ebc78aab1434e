#include "kiosk/receipt/receipt.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "devices/printer/layout.hpp"
#include "protocol/text/charset.hpp"
#include "protocol/text/utf8.hpp"
#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk;
using namespace kiosk::receipt;
using namespace devices::printer;
using protocol::rub;

namespace {

payment::PaymentFacts paid(std::int64_t kopecks) {
    payment::PaymentFacts facts;
    facts.session = 3;
    facts.bill = payment::test::sample_bill();
    facts.bill.payee_phone = "+7 495 000-00-00";
    facts.bill.payer_masked = "Гильман П. С.";
    facts.bill.period = "2009-09";
    facts.bill.debt_date = "2009-09-30";
    facts.bill.source = payment::DebtSource::Server;
    facts.sums = payment::settle(facts.bill, rub(kopecks));
    facts.notes = {{rub(10'000), 1}, {rub(50'000), 1}, {rub(200'000), 2}};
    // 2026-11-22 10:02:37.500 UTC
    facts.at = payment::WallTime{std::chrono::milliseconds{1'795'341'757'500}};
    return facts;
}

Letterhead sample_letterhead() {
    Letterhead letterhead;
    letterhead.kiosk_number = 17;
    letterhead.agent = {
        "ООО Расчётный центр",
        "7701234567",
        "г. Москва, ул. Новая, д. 1, подъезд 2",
        "8 800 000-00-00"};
    letterhead.utc_offset = std::chrono::hours{3};
    return letterhead;
}

/// The paper as the printer's own layout puts it, in UTF-8; a QR code as its text.
std::string as_text(Document const& document) {
    std::string text;
    struct Put {
        std::string& text;
        void rows(std::vector<Row> const& rows) const {
            for (Row const& row : rows) {
                protocol::Bytes const bytes{row.text.begin(), row.text.end()};
                auto const line = protocol::text::decode(protocol::text::Encoding::Cp866, bytes);
                REQUIRE(line);
                std::size_t const width = protocol::text::count_characters(*line);
                std::size_t const columns =
                    row.size == Size::Double ? paper_columns / 2 : paper_columns;
                CHECK(width <= columns);
                std::size_t const before = row.align == Align::Centre ? (columns - width) / 2 : 0;
                text += std::string(before, ' ') + *line;
                text += row.weight == Weight::Bold ? "  *" : "";
                text += row.size == Size::Double ? " (double)\n" : "\n";
            }
        }
        void operator()(TextLine const& line) const { rows(rows_of(line)); }
        void operator()(PairLine const& line) const { rows(rows_of(line)); }
        void operator()(RuleLine const& line) const { rows(rows_of(line)); }
        void operator()(QrBlock const& block) const {
            text += "[QR " + std::string{block.payload.begin(), block.payload.end()} + "]\n";
        }
    };
    for (Block const& block : document.blocks)
        std::visit(Put{text}, block);
    return text;
}

/// KIOSK_UPDATE_GOLDEN=1 rewrites the file; the difference is reviewed like code.
void check_golden(std::string const& name, std::string const& text) {
    std::string const path =
        std::string{KIOSK_SOURCE_DIR} + "/tests/kiosk/receipt/golden/" + name + ".txt";
    if (std::getenv("KIOSK_UPDATE_GOLDEN") != nullptr)
        std::ofstream{path} << text;
    std::ifstream file{path};
    std::stringstream golden;
    golden << file.rdbuf();
    CHECK(text == golden.str());
}

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("receipt") {
    TEST_CASE("a payment taken offline reads as on the golden paper, in Russian") {
        auto facts = paid(460'000);
        facts.offline = true;
        check_golden(
            "offline.ru", as_text(compose(facts, 4, sample_letterhead(), Language::Russian)));
    }

    TEST_CASE("a payment taken offline reads as on the golden paper, in English") {
        auto facts = paid(460'000);
        facts.offline = true;
        check_golden(
            "offline.en", as_text(compose(facts, 4, sample_letterhead(), Language::English)));
    }

    TEST_CASE("a copy with a commission and a debt left reads as on the golden paper") {
        auto facts = paid(460'000);
        facts.bill.tariff.rate.ppm = 20'000;
        facts.sums = payment::settle(facts.bill, rub(460'000));
        check_golden(
            "copy.ru",
            as_text(compose(facts, 4, sample_letterhead(), Language::Russian, Copy::Again)));
    }

    TEST_CASE("cash that does not cover the commission is said to be kept, and how to get it") {
        auto facts = paid(10'000);
        facts.bill.tariff.minimum = rub(20'000);
        facts.bill.source = payment::DebtSource::None;
        facts.notes = {{rub(10'000), 1}};
        facts.sums = payment::settle(facts.bill, rub(10'000));
        check_golden(
            "change.ru", as_text(compose(facts, 4, sample_letterhead(), Language::Russian)));
    }

    TEST_CASE("the commission is printed even when there is none") {
        auto const text =
            as_text(compose(paid(460'000), 4, sample_letterhead(), Language::Russian));
        CHECK(contains(text, "Комиссия"));
        CHECK(contains(text, "0,00 руб."));
    }

    TEST_CASE("a paper is a copy only when it is called one") {
        auto const first =
            as_text(compose(paid(460'000), 4, sample_letterhead(), Language::Russian));
        CHECK_FALSE(contains(first, "КОПИЯ"));
    }

    TEST_CASE("the account is printed as it was typed, and coded as it is kept") {
        auto const text =
            as_text(compose(paid(460'000), 4, sample_letterhead(), Language::Russian));
        CHECK(contains(text, "М003К006  *")); // Cyrillic letters, as on the bill.
        CHECK(contains(text, "|M003K006]"));  // Latin letters, the key.
    }

    TEST_CASE("where nobody told a debt, no state of the account is printed") {
        auto facts = paid(460'000);
        facts.bill.source = payment::DebtSource::None;
        auto const text = as_text(compose(facts, 4, sample_letterhead(), Language::English));
        CHECK_FALSE(contains(text, "Still to pay"));
    }

    TEST_CASE("the day is the kiosk's own, east and west of Greenwich") {
        auto letterhead = sample_letterhead();
        auto facts = paid(460'000);
        letterhead.utc_offset = std::chrono::hours{14};
        CHECK(contains(code_text(facts, 4, letterhead), "|2026-11-23T00:02:37+14:00|"));
        letterhead.utc_offset = -(std::chrono::hours{3} + std::chrono::minutes{30});
        CHECK(contains(code_text(facts, 4, letterhead), "|2026-11-22T06:32:37-03:30|"));
    }

    TEST_CASE("the code names the payment, its time, cash, payee and account") {
        CHECK(
            code_text(paid(460'000), 4, sample_letterhead()) ==
            "17-4|2026-11-22T13:02:37+03:00|4600.00|7729524407|M003K006");
    }
}
