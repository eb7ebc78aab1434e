#include <doctest/doctest.h>

#include "fleet-server/tables/sheet.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::tables;

namespace {

protocol::Bytes fixture() {
    return fleet::to_bytes(read_fixture("charges/uniservis-invoices.xlsx"));
}

} // namespace

TEST_SUITE("XLSX") {
    TEST_CASE("a workbook written by a program that is not ours is read") {
        CHECK(form_of(fixture()) == Form::Xlsx);
        auto const sheet = read_xlsx(fixture());
        REQUIRE(sheet);
        REQUIRE(sheet->rows.size() == 18);
        CHECK(sheet->rows[0] == Row{1, {"ООО Юнисервис — реестр начислений"}});
        CHECK(
            sheet->rows[1] ==
            Row{3, {"Дата", "ЛицевойСчет", "НомерСчета", "Начислено", "Баланс", "КОплате"}});
        CHECK(
            sheet->rows[3] ==
            Row{5, {"2009-09-01", "М003К005", "7798", "3538.99", "-3611.21", "7150.2"}});
        // The formula's stored value.
        CHECK(sheet->rows[17] == Row{19, {"Итого", "", "", "45733.37"}});
    }

    TEST_CASE("a damaged workbook is refused, wherever it is cut or changed") {
        auto const whole = fixture();
        for (std::size_t size = 0; size < whole.size(); size += 97) {
            CAPTURE(size);
            CHECK_FALSE(read_xlsx(protocol::ByteView{whole}.first(size)));
        }
        int refused = 0;
        for (std::size_t at = 40; at < whole.size(); at += 53) {
            auto bytes = whole;
            bytes[at] ^= 0xFF;
            refused += read_xlsx(bytes) ? 0 : 1; // Never worse than a complaint.
        }
        CHECK(refused > 20);
    }

    TEST_CASE("other zips are no registers") {
        protocol::Bytes const empty_zip{'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0,
                                        0,   0,   0, 0, 0, 0, 0, 0, 0, 0, 0};
        auto const sheet = read_xlsx(empty_zip);
        REQUIRE_FALSE(sheet);
        CHECK(to_string(sheet.error()).find("xl/workbook.xml is missing") != std::string::npos);
    }
}
