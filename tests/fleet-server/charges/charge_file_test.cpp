#include "fleet-server/charges/charge_file.hpp"

#include <doctest/doctest.h>

#include "fleet-server/charges/cells.hpp"
#include "fleet-server/charges/values.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::charges;
using protocol::rub;

namespace {

constexpr char const* invoice_header = "Дата;ЛицевойСчет;НомерСчета;Начислено;Баланс;КОплате\n";
constexpr char const* line_header = "ЛицевойСчет;Период;Услуга;Ед;Тариф;Количество;Сумма\n";

auto read(std::string const& text, std::optional<Encoding> encoding = {}) {
    return read_charge_file(to_bytes(text), encoding, common_profile());
}
std::string complaints_of(std::string const& text, std::optional<Encoding> encoding = {}) {
    auto const file = read(text, encoding);
    if (file)
        return "good";
    std::string all;
    for (auto const& complaint : file.error())
        all += to_string(complaint) + "\n";
    return all;
}

} // namespace

TEST_SUITE("charge file") {
    TEST_CASE("the invoices of ООО Юнисервис are read as they are, without a doubt") {
        auto const file = read(read_fixture("charges/uniservis-invoices.cp1251.csv"));
        REQUIRE(file);
        CHECK(file->kind == FileKind::Invoices);
        CHECK(file->encoding == Encoding::Windows1251);
        REQUIRE(file->invoices.size() == 15);
        auto const& first = file->invoices.front();
        CHECK(first.account == "М003К006");
        CHECK(first.date == "2009-09-01");
        CHECK(first.number == "7822");
        CHECK(first.balance == rub(-237'765));
        CHECK(first.to_pay == rub(459'786));
        CHECK(file->doubts.empty());
    }

    TEST_CASE("the seven lines are kept as printed and three are doubted by how much") {
        auto const file = read(read_fixture("charges/uniservis-lines-2009-09.cp866.txt"));
        REQUIRE(file);
        CHECK(file->kind == FileKind::Lines);
        CHECK(file->encoding == Encoding::Cp866);
        REQUIRE(file->lines.size() == 7);
        CHECK(file->lines[5].service.service == "ГВС");
        CHECK(file->lines[5].service.tariff == "-88,19");
        CHECK(file->lines[5].service.amount == rub(-35'274));
        CHECK(file->lines[6].period == "2009-09");
        CHECK(
            file->doubts ==
            std::vector<Doubt>{
                {4, "Вывоз ТБО: 1,48 x 52,8 = 78.14, the register says 78.67: +0.53"},
                {7, "ГВС: -88,19 x 4 = -352.76, the register says -352.74: +0.02"},
                {8, "Водоотведение: 11,35 x 6 = 68.10, the register says 90.80: +22.70"}});
    }

    TEST_CASE("the encoding is told from the bytes, or taken as given") {
        auto const cp866 = read_fixture("charges/uniservis-lines-2009-09.cp866.txt");
        CHECK(read(cp866, Encoding::Cp866));
        CHECK(
            complaints_of(cp866, Encoding::Windows1251).find("not those of a register") !=
            std::string::npos);
        CHECK(
            complaints_of(cp866, Encoding::Utf8)
                .find("line 1: it is not utf-8; name the file's encoding") != std::string::npos);
        std::string const utf8 = std::string{invoice_header} + "2009-09-01;М003К006;1;1;0;1\n";
        CHECK(read(utf8)->encoding == Encoding::Utf8);
        CHECK(read("\xEF\xBB\xBF" + utf8)->encoding == Encoding::Utf8);
        CHECK(encoding_from_name("Windows-1251") == Encoding::Windows1251);
        CHECK(encoding_from_name("cp866") == Encoding::Cp866);
        CHECK_FALSE(encoding_from_name("cp1252"));
    }

    TEST_CASE("columns are found by name, in any order, case and spelling") {
        auto const file = read("К оплате;№;Л/С;НОМЕР СЧЁТА;дата\n100,50;1;М003К006;7;01.09.2009\n");
        REQUIRE(file);
        CHECK(file->invoices[0].to_pay == rub(100'50));
        CHECK(file->invoices[0].account == "М003К006");
        CHECK(file->invoices[0].date == "2009-09-01");
        CHECK(file->doubts == std::vector<Doubt>{{1, "column '№' is not used"}});
    }

    TEST_CASE("every name of the profile is in the form in which headers are compared") {
        for (auto const* columns : {&common_profile().invoices, &common_profile().lines})
            for (auto const& column : *columns) {
                CHECK(plain_header(column.title) == column.names.front());
                for (auto const& name : column.names)
                    CHECK(plain_header(name) == name);
            }
        CHECK(plain_header("К оплате") == plain_header("к_оплате"));
    }

    TEST_CASE("what is wrong is named by line and column, and nothing is taken") {
        auto const good = std::string{invoice_header} + "2009-09-01;М003К006;1;1;0;1\n";
        CHECK(complaints_of(good) == "good");
        struct Row {
            char const* row;
            char const* says;
        };
        for (Row const& one : {
                 Row{"2009-09-31;М003К006;1;1;0;1",
                     "line 3, column Дата: '2009-09-31' is not a date"},
                 Row{"31/08/2009;М003К006;1;1;0;1", "line 3, column Дата"},
                 Row{"2009-09-01;;1;1;0;1", "line 3, column ЛицевойСчет: it is empty"},
                 Row{"2009-09-01;М003К006;;1;0;1", "line 3, column НомерСчета: it is empty"},
                 Row{"2009-09-01;М003К006;1;1;0;1,234", "line 3, column КОплате: '1,234'"},
                 Row{"2009-09-01;М003К006;1;1;0;", "line 3, column КОплате: ''"},
                 Row{"2009-09-01;М003К006;1;x;0;1", "line 3, column Начислено: 'x'"},
                 Row{"2009-09-01;М003К006;1;1;0", "line 3: 5 values, the header has 6"},
                 Row{"2009-09-01;М003К006;1;1;0;1;2", "line 3: 7 values, the header has 6"},
                 Row{"2009-09-01;\"М003К006;1;1;0;1", "line 3: a quotation mark is not closed"},
                 Row{"2009-09-01;М003К006\x01;1;1;0;1", "line 3: it holds a control character"},
             }) {
            auto const row = one.row;
            auto const says = one.says;
            CAPTURE(row);
            auto const complaints = complaints_of(good + row + "\n");
            CHECK_MESSAGE(complaints.find(says) != std::string::npos, complaints);
        }
        CHECK(complaints_of("").find("the file: it is empty") == 0);
        CHECK(complaints_of(invoice_header).find("the file: it has no rows") == 0);
        CHECK(
            complaints_of("a;b\n1;2\n").find("invoices lack ЛицевойСчет, Дата") !=
            std::string::npos);
        CHECK(
            complaints_of(std::string(cell_size_max + 1, 'a') + ";b\n").find("it is too wide") !=
            std::string::npos);
    }

    TEST_CASE("a register full of mistakes ends with fifty complaints") {
        std::string text = invoice_header;
        for (int i = 0; i < 200; ++i)
            text += "x;М003К006;1;1;0;1\n";
        CHECK(read(text).error().size() == complaints_max);
    }

    TEST_CASE("an invoice that does not add up is doubted") {
        auto const file = read(
            std::string{invoice_header} + "2009-08-01;М003К006;7821;2412,96;-4484,89;6877,65\n");
        REQUIRE(file);
        REQUIRE(file->doubts.size() == 1);
        CHECK(
            file->doubts[0].problem ==
            "invoice 7821: charged less balance is 6897.85, the register says 6877.65");
    }

    TEST_CASE("a tariff that is no number is doubted, an empty one is nothing to check") {
        auto const file = read(
            std::string{line_header} +
            "М003К006;09.2009;Домофон;;;;50,00\nМ003К006;09.2009;Лифт;м2;по счёту;2;7\n");
        REQUIRE(file);
        CHECK(file->doubts.size() == 1);
        CHECK(file->doubts[0].line == 3);
    }

    TEST_CASE("cells keep quotes, semicolons and empty ends") {
        CHECK(
            split_cells("a; b ;\"c;\"\"d\"\"\" ;") ==
            std::vector<std::string>{"a", "b", "c;\"d\"", ""});
        CHECK(split_cells("ООО \"УК\";2") == std::vector<std::string>{"ООО \"УК\"", "2"});
        CHECK(split_cells("") == std::vector<std::string>{""});
        CHECK_FALSE(split_cells("\"a"));
        CHECK_FALSE(split_cells("\"a\"b;c"));
    }

    TEST_CASE("dates and months are read in the forms of registers") {
        CHECK(read_date("29.02.2008") == "2008-02-29");
        for (char const* bad :
             {"29.02.2009",
              "2009-13-01",
              "2009-00-01",
              "1.9.2009",
              "01.09.1909",
              "2009.09.01",
              "09-01-2009",
              ""})
            CHECK_FALSE(read_date(bad));
        for (char const* good : {"09.2009", "2009-09", "092009", "200909", "01.09.2009"})
            CHECK(read_period(good) == "2009-09");
        for (char const* bad : {"13.2009", "2009-00", "0909", "сентябрь", "1309-09", ""})
            CHECK_FALSE(read_period(bad));
    }

    TEST_CASE("tariff times quantity is exact, half a kopeck goes away from zero") {
        auto const product = [](char const* tariff, char const* quantity) {
            return multiply(*read_decimal(tariff), *read_decimal(quantity));
        };
        CHECK(product("39,76", "52,8") == rub(209'933));
        CHECK(product("-88.19", "4") == rub(-35'276));
        CHECK(product("0,005", "1") == rub(1));
        CHECK(product("-0,005", "1") == rub(-1));
        CHECK(product("0,0049", "1") == rub(0));
        CHECK_FALSE(product("999999999999999", "999999999999999"));
        for (char const* bad :
             {"", "-", "1,", ",5", "1,2,3", "1 2", "0,1234567", "1e3", "9999999999999999"})
            CHECK_FALSE(read_decimal(bad));
    }
}
