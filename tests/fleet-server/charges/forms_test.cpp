#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "fleet-server/charges/import.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/ledger/ledger.hpp"
#include "tests/fleet-server/support/database.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::charges;
using protocol::rub;

namespace {

struct Registry : TestDatabase {
    Registry() {
        auto provider = catalog::read_provider(read_fixture("providers/uniservis.json"));
        provider->shown.account_mask = "A999A999";
        REQUIRE(write([&](store::Transaction& t) {
                    return catalog::create_provider(t, *provider, from_ms(0));
                }) == 1U);
    }
    auto import(std::string const& content, std::string const& name = "register") {
        return write([&](store::Transaction& t) {
            return import_charges(t, 1, name, to_bytes(content), {}, from_ms(++clock));
        });
    }
    Report good(std::string const& content) {
        auto const report = import(content);
        if (!report)
            FAIL(to_string(report.error().front()));
        return *report;
    }
    std::string refusal(std::string const& content) {
        auto const report = import(content);
        return report ? "good" : to_string(report.error().front());
    }
    protocol::Money debt(std::string const& account) {
        auto const found =
            read([&](store::Reading const& r) { return debts::state_of(r, 1, account); });
        REQUIRE(found);
        return rub(found->debt.minor() - found->advance.minor());
    }
    void pay(std::string const& account, std::int64_t kopecks) {
        REQUIRE(store.write([&](store::Transaction& t) -> store::Outcome<void> {
            TRY_VOID(ledger::open_account(t, ledger::cash_of(17)));
            TRY_VOID(ledger::open_account(t, ledger::suspense()));
            auto const txn = "payment " + std::to_string(++clock);
            TRY(auto const posted,
                ledger::post(
                    t,
                    {"payment",
                     txn,
                     {},
                     {ledger::Post{ledger::cash_of(17), ledger::suspense(), rub(kopecks)}}},
                    from_ms(clock)));
            return debts::record_payment(
                t, 1, account, rub(kopecks), txn, posted->sequence, from_ms(clock));
        }));
    }
    /// What residents owe and why, without numbers and times of the import.
    std::string books() {
        std::string text;
        REQUIRE(read([&](store::Reading const& r) -> store::Outcome<bool> {
            TRY_VOID((r.each<std::string>(
                "SELECT a.account || ' ' || a.written || ' ' || a.balance || ' ' || i.date || ' ' "
                "|| i.number || ' ' || i.charged || ' ' || i.balance || ' ' || i.to_pay "
                "FROM debt_account a JOIN debt_invoice i ON i.account = a.id "
                "ORDER BY a.account, i.date, i.number",
                {},
                [&](std::string const& row) { text += row + "\n"; })));
            TRY_VOID((r.each<std::string>(
                "SELECT a.account || ' ' || m.kind || ' ' || m.change || ' ' || m.balance "
                "FROM debt_movement m JOIN debt_account a ON a.id = m.account "
                "ORDER BY a.account, m.id",
                {},
                [&](std::string const& row) { text += row + "\n"; })));
            return true;
        }));
        return text;
    }

    std::int64_t clock = 0;
};

std::string csv() {
    return read_fixture("charges/uniservis-invoices.cp1251.csv");
}

/// The fixture's header and the invoices of one day.
std::string month(std::string const& date) {
    std::istringstream lines{csv()};
    std::string all;
    for (std::string line; std::getline(lines, line);)
        if (all.empty() || line.starts_with(date))
            all += line + "\n";
    return all;
}

std::string replaced(std::string text, char from, char to) {
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

constexpr char const* header = "Дата;ЛицевойСчет;НомерСчета;Начислено;Баланс;КОплате\n";

} // namespace

TEST_SUITE("forms of a charge register") {
    TEST_CASE("the register as CSV, as DBF and as XLSX gives the same books") {
        Registry from_csv;
        Registry from_dbf;
        Registry from_xlsx;
        auto const csv_report = from_csv.good(csv());
        auto const dbf_report = from_dbf.good(read_fixture("charges/uniservis-invoices.cp866.dbf"));
        auto const xlsx_report = from_xlsx.good(read_fixture("charges/uniservis-invoices.xlsx"));
        CHECK(csv_report.rows == 15);
        for (Report const& other : {dbf_report, xlsx_report}) {
            CHECK(other.rows == csv_report.rows);
            CHECK(other.accounts == csv_report.accounts);
            CHECK(other.sum == csv_report.sum);
            CHECK(other.charged == csv_report.charged);
        }
        CHECK(from_csv.books().size() > 500);
        CHECK(from_dbf.books() == from_csv.books());
        CHECK(from_xlsx.books() == from_csv.books());
        CHECK(dbf_report.encoding == Encoding::Cp866);
        CHECK(xlsx_report.doubts == std::vector<Doubt>{{3, "1 rows above the header are a title"}});
    }

    TEST_CASE("any separator is found, and said") {
        Registry with_semicolons;
        (void)with_semicolons.good(csv());
        struct Row {
            char separator;
            char const* said;
        };
        for (Row const& row :
             {Row{'\t', "values are read as separated by tabs"},
              Row{'|', "values are read as separated by |"},
              Row{',', "values are read as separated by ,"}}) {
            auto const said = std::string{row.said};
            CAPTURE(said);
            Registry registry;
            auto const report = registry.good(replaced(csv(), ';', row.separator));
            REQUIRE(report.doubts.size() == 1);
            CHECK(report.doubts[0].problem == said);
            CHECK(registry.books() == with_semicolons.books());
        }
    }

    TEST_CASE("titles stand above the header, and a total that is right is taken") {
        Registry registry;
        auto const report = registry.good(
            "ООО Юнисервис\nРеестр за сентябрь\n" + std::string{header} +
            "2009-09-01;М003К006;1;10,00;0,00;10,00\n"
            "2009-09-01;М003К005;2;5,50;0,00;5,50\n"
            "Итого;;;15,50;;15,50\n");
        CHECK(report.rows == 2);
        CHECK(report.sum == rub(15'50));
        CHECK(report.doubts == std::vector<Doubt>{{3, "2 rows above the header are a title"}});
    }

    TEST_CASE("subtotals are held against their groups, the grand total against all") {
        Registry registry;
        auto const report = registry.good(
            std::string{header} +
            "2009-09-01;М003К006;1;10,00;0,00;10,00\nИтого по дому;;;10,00;;\n"
            "2009-09-01;М003К005;2;5,50;0,00;5,50\nИтого по дому;;;5,50;;\nВсего;;;15,50;;\n");
        CHECK(report.rows == 2);
    }

    TEST_CASE("a total that the rows do not make refuses the register") {
        Registry registry;
        CHECK(
            registry.refusal(
                std::string{header} +
                "2009-09-01;М003К006;1;10,00;0,00;10,00\nИтого;;;10,00;;12,00\n") ==
            "register line 3, column КОплате: the register's total is 12.00, the rows add up to "
            "10.00; export the register again: rows are missing, doubled or changed");
        CHECK(registry.books().empty());
    }

    TEST_CASE(
        "Latin and Cyrillic spellings reach one account, and a negative invoice is a credit") {
        Registry registry;
        (void)registry.good(std::string{header} + "2009-09-01;М003К006;1;10,00;0,00;10,00\n");
        (void)registry.good(std::string{header} + "2009-10-01;M003K006;2;-2334,14;0,00;-2334,14\n");
        CHECK(registry.debt("M003K006") == rub(-2'334'14));
        std::istringstream rows{registry.books()};
        int seen = 0;
        for (std::string row; std::getline(rows, row); ++seen)
            CHECK(row.starts_with("M003K006 "));
        CHECK(seen == 4); // Two invoices and what they did to the debt.
    }
}

TEST_SUITE("four months of invoices") {
    TEST_CASE("with the payments between them each month begins where the last one ended") {
        using Payments = std::map<std::string, std::int64_t>;
        struct Month {
            char const* date;
            std::map<std::string, std::int64_t> debt_before;
            Payments paid_after;
        };
        std::vector<Month> const months = {
            {"2009-06-01", {}, {{"M003K006", 5'500'00}, {"M003K005", 7'500'00}}},
            {"2009-07-01",
             {{"M003K006", 2'722'79}, {"M003K005", 4'583'78}, {"M003K002", 8'617'22}},
             {{"M003K002", 9'000'00}, {"M003K001", 4'212'86}}},
            {"2009-08-01",
             {{"M003K006", 4'464'69},
              {"M003K005", 7'043'47},
              {"M003K002", 1'127'65},
              {"M003K001", 8'527'92}},
             {{"M003K006", 4'500'00}, {"M003K005", 7'000'00}}},
            {"2009-09-01",
             {{"M003K006", 2'377'65},
              {"M003K005", 3'611'21},
              {"M003K002", 3'447'79},
              {"M003K001", 12'794'66}},
             {}}};
        Registry registry;
        for (Month const& one : months) {
            auto const date = std::string{one.date};
            CAPTURE(date);
            for (auto const& owed : one.debt_before)
                CHECK(registry.debt(owed.first) == rub(owed.second));
            auto const report = registry.good(month(date));
            CHECK(report.doubts.empty());
            for (auto const& payment : one.paid_after)
                registry.pay(payment.first, payment.second);
        }
        CHECK(registry.debt("M003K006") == rub(4'597'86));
        CHECK(registry.debt("M003K005") == rub(7'150'20));
        CHECK(registry.debt("M003K002") == rub(6'251'09));
        CHECK(registry.debt("M003K001") == rub(17'174'85));
        CHECK_FALSE(
            registry.read([](store::Reading const& r) { return debts::first_difference(r); }));
    }
}
