#include "fleet-server/charges/import.hpp"

#include <doctest/doctest.h>

#include "fleet-server/debts/debts.hpp"
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
    auto import(std::string const& content, std::string const& name = "register.csv") {
        return write([&](store::Transaction& t) {
            return import_charges(t, 1, name, to_bytes(content), {}, from_ms(++clock));
        });
    }
    Report good(std::string const& fixture) {
        auto const report = import(read_fixture("charges/" + fixture), fixture);
        REQUIRE(report);
        return *report;
    }
    protocol::catalog::AccountState state(char const* account) {
        auto const found =
            read([&](store::Reading const& r) { return debts::state_of(r, 1, account); });
        REQUIRE(found);
        return *found;
    }
    /// Everything that an import may touch.
    std::string dump() {
        std::string text;
        for (char const* table :
             {"charge_import",
              "charge_import_doubt",
              "debt_account",
              "debt_invoice",
              "debt_line",
              "debt_movement"})
            text += std::to_string(*read([&](store::Reading const& r) {
                        return r.value<std::int64_t>("SELECT count(*) FROM " + std::string{table});
                    })) +
                    " ";
        return text;
    }

    std::int64_t clock = 0;
};

constexpr char const* invoices = "uniservis-invoices.cp1251.csv";
constexpr char const* lines = "uniservis-lines-2009-09.cp866.txt";

} // namespace

TEST_SUITE("charge import") {
    TEST_CASE("after both registers the debt of М003К006 is 4597.86 with its lines as printed") {
        Registry registry;
        auto const first = registry.good(invoices);
        CHECK(first.encoding == Encoding::Windows1251);
        CHECK_FALSE(first.encoding_was_given);
        CHECK(first.rows == 15);
        CHECK(first.accounts == 4);
        CHECK(first.doubts.empty());
        auto const second = registry.good(lines);
        CHECK(second.encoding == Encoding::Cp866);
        CHECK(second.rows == 7);
        CHECK(second.sum == rub(222'021)); // The printed total of the bill.
        CHECK(second.doubts.size() == 3);

        auto const state = registry.state("M003K006");
        CHECK(state.debt == rub(459'786));
        CHECK(state.debt_date == "2009-09-01");
        CHECK(state.period == "2009-09");
        REQUIRE(state.lines.size() == 7);
        CHECK(state.lines[2].amount == rub(7'867));
        CHECK(state.lines[6].amount == rub(9'080));
        CHECK(registry.state("M003K001").debt == rub(1'717'485));
        CHECK_FALSE(
            registry.read([](store::Reading const& r) { return debts::first_difference(r); }));
    }

    TEST_CASE("the same file twice changes nothing and gives the same report") {
        Registry registry;
        auto const first = registry.good(lines);
        auto const before = registry.dump();
        auto const again = registry.good(lines);
        CHECK(again.was_known);
        CHECK_FALSE(first.was_known);
        CHECK(again.import == first.import);
        CHECK(again.doubts == first.doubts);
        CHECK(again.sum == first.sum);
        CHECK(registry.dump() == before);
    }

    TEST_CASE("one bad row refuses the file, and nothing is applied") {
        Registry registry;
        auto content = read_fixture(std::string{"charges/"} + invoices);
        content += "2009-09-01;L411;1;1;0;1\r\n";
        auto const before = registry.dump();
        auto const refused = registry.import(content, "bad.csv");
        REQUIRE_FALSE(refused);
        REQUIRE(refused.error().size() == 1);
        CHECK(refused.error()[0].place == "bad.csv line 17");
        CHECK(refused.error()[0].problem == "the account 'L411' does not fit A999A999");
        CHECK(registry.dump() == before);
    }

    TEST_CASE("one invoice twice, also in another script, refuses the file") {
        Registry registry;
        auto const refused = registry.import(
            "Дата;ЛицевойСчет;НомерСчета;КОплате\n"
            "2009-09-01;М003К006;7822;1\n2009-09-01;M003K006;7822;2\n");
        REQUIRE_FALSE(refused);
        CHECK(refused.error()[0].problem == "invoice 7822 of M003K006 stands in line 2 already");
    }

    TEST_CASE("an account in Latin and in Cyrillic letters is one account") {
        Registry registry;
        REQUIRE(
            registry.import("Дата;ЛицевойСчет;НомерСчета;КОплате\n"
                            "2009-09-01;М003К006;1;100\n2009-10-01;M003K006;2;300\n"));
        CHECK(registry.state("M003K006").debt == rub(300'00));
    }

    TEST_CASE("payers of a register are told masked") {
        Registry registry;
        REQUIRE(
            registry.import("Дата;ЛС;Номер;К оплате;ФИО;Адрес\n2009-09-01;М003К006;1;100;"
                            "Гильман Павел Семенович;\"Мануринский проспект, д. 3, кв. 006\"\n"));
        CHECK(registry.state("M003K006").payer_masked == "Гильман П. С.");
        CHECK(registry.state("M003K006").address_masked == "Мануринский проспект, д. 3, кв. ***");
    }

    TEST_CASE("a provider that is not there is said") {
        Registry registry;
        auto const refused = registry.write([](store::Transaction& t) {
            return import_charges(t, 9, "x", to_bytes("x"), {}, from_ms(1));
        });
        REQUIRE_FALSE(refused);
        CHECK(refused.error()[0].cure == "create it first");
    }

    TEST_CASE("imports are listed newest first with their doubts") {
        Registry registry;
        registry.good(invoices);
        registry.good(lines);
        auto const imports =
            registry.read([](store::Reading const& r) { return imports_of(r, 1, 10); });
        REQUIRE(imports.size() == 2);
        CHECK(imports[0].kind == FileKind::Lines);
        CHECK(imports[0].doubts.size() == 3);
        CHECK(imports[1].rows == 15);
    }
}
