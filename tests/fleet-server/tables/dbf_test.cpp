#include <doctest/doctest.h>

#include "fleet-server/tables/sheet.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::tables;

namespace {

protocol::Bytes fixture() {
    return fleet::to_bytes(read_fixture("charges/uniservis-invoices.cp866.dbf"));
}

std::string refusal_of(protocol::Bytes const& bytes) {
    auto const sheet = read_dbf(bytes, std::nullopt);
    return sheet ? "good" : to_string(sheet.error());
}

} // namespace

TEST_SUITE("DBF") {
    TEST_CASE("a register written by a program that is not ours is read") {
        auto const sheet = read_dbf(fixture(), std::nullopt);
        REQUIRE(sheet);
        CHECK(form_of(fixture()) == Form::Dbf);
        REQUIRE(sheet->rows.size() == 16);
        CHECK(sheet->rows[0] == Row{0, {"DATE", "LS", "NUM", "NACH", "SALDO", "ITOGO"}});
        CHECK(
            sheet->rows[1] ==
            Row{1, {"2009-09-01", "М003К006", "7822", "2220.21", "-2377.65", "4597.86"}});
        CHECK(sheet->encoding == Encoding::Cp866);
        CHECK(
            sheet->notes ==
            std::vector<std::string>{"the file does not name its code page; read as cp866"});
    }

    TEST_CASE("the code page that the file names is honoured, and the operator's word above it") {
        auto bytes = fixture();
        bytes[29] = 0x26;
        auto const named = read_dbf(bytes, std::nullopt);
        REQUIRE(named);
        CHECK(named->notes.empty());
        CHECK(named->rows[1].cells[1] == "М003К006");
        auto const told = read_dbf(bytes, Encoding::Windows1251);
        REQUIRE(told);
        CHECK(told->rows[1].cells[1] != "М003К006");
    }

    TEST_CASE("a deleted record is left out and told of") {
        auto bytes = fixture();
        bytes[0xE2] = '*';
        auto const sheet = read_dbf(bytes, std::nullopt);
        REQUIRE(sheet);
        CHECK(sheet->rows.size() == 15);
        CHECK(sheet->rows[1].line == 2);
        CHECK(sheet->notes.back() == "1 deleted records were left out");
    }

    TEST_CASE("a date that is none stays the text that it is") {
        auto bytes = fixture();
        constexpr std::size_t first_date = 0xE3;
        for (std::size_t at = 0; at < 8; ++at)
            bytes[first_date + at] = at < 4 ? 0x8C : ' '; // Four letters, eight bytes of UTF-8.
        auto const sheet = read_dbf(bytes, std::nullopt);
        REQUIRE(sheet);
        CHECK(sheet->rows[1].cells[0] == "ММММ");
    }

    TEST_CASE("sizes that do not fit the file are refused") {
        auto const with = [](std::size_t at, std::uint8_t value) {
            auto bytes = fixture();
            bytes[at] = value;
            return refusal_of(bytes);
        };
        CHECK(with(4, 0xFF).find("should hold 255 records and ends after 15") != std::string::npos);
        CHECK(with(7, 0xFF).find("divide the register") != std::string::npos);
        CHECK(with(9, 0xFF).find("more than the file holds") != std::string::npos);
        CHECK(with(10, 0x20).find("do not fit its records") != std::string::npos);
        CHECK(with(0xE0, 0x20).find("does not end") != std::string::npos);
        CHECK(with(0xE2, 'x').find("record 1") != std::string::npos);
        CHECK(refusal_of({0x03}).find("too short") != std::string::npos);
        auto cut = fixture();
        cut.resize(cut.size() - 100);
        CHECK(refusal_of(cut).find("ends after") != std::string::npos);
    }
}
