#include "fleet-server/tables/cell_values.hpp"

#include <doctest/doctest.h>

using namespace fleet::tables;

TEST_SUITE("cells of a spreadsheet") {
    TEST_CASE("a binary fraction is read as the decimal that was typed") {
        struct Row {
            char const* stored;
            char const* meant;
        };
        for (Row const& row :
             {Row{"4597.86", "4597.86"},
              Row{"7150.2", "7150.2"},
              Row{"2803.2999999999997", "2803.3"},
              Row{"-12794.659999999998", "-12794.66"},
              Row{"0.30000000000000004", "0.3"},
              Row{"9.9999999", "10"},
              Row{"999999.9999999", "1000000"},
              Row{"7822", "7822"},
              Row{"007822", "7822"},
              Row{"-0.0000001", "0"},
              Row{"1.2E-2", "0.012"},
              Row{"1.5E+3", "1500"},
              Row{"1E17", "100000000000000000"},
              Row{".5", "0.5"},
              Row{"5.", "5"},
              Row{"0.0000005", "0.000001"}}) {
            auto const stored = std::string{row.stored};
            CAPTURE(stored);
            CHECK(plain_number(stored) == std::string{row.meant});
        }
        for (char const* bad :
             {"", "-", ".", "1e", "1.2.3", "NaN", "1,5", "1E31", "1E-31", "--1", "1E19"}) {
            auto const text = std::string{bad};
            CAPTURE(text);
            CHECK_FALSE(plain_number(text));
        }
    }

    TEST_CASE("days are counted as the two systems count them") {
        CHECK(date_of_serial(40057, false) == "2009-09-01");
        CHECK(date_of_serial(1, false) == "1900-01-01");
        CHECK(date_of_serial(59, false) == "1900-02-28");
        CHECK_FALSE(date_of_serial(60, false));
        CHECK(date_of_serial(61, false) == "1900-03-01");
        CHECK(date_of_serial(38595, true) == "2009-09-01");
        CHECK_FALSE(date_of_serial(0, false));
        CHECK_FALSE(date_of_serial(2'000'000, false));
    }

    TEST_CASE("a format shows a date when it has days or years outside of quotes") {
        for (char const* date : {"dd.mm.yyyy", "yyyy\\-mm\\-dd", "[$-419]d mmmm yyyy", "DD/MM/YY"})
            CHECK(is_date_format(std::string_view{date}));
        for (char const* other :
             {"0.00", "#,##0.00\" руб. за день d\"", "[Red]0", "\\d0", "General"})
            CHECK_FALSE(is_date_format(std::string_view{other}));
        CHECK(is_date_format(14));
        CHECK_FALSE(is_date_format(2));
    }

    TEST_CASE("columns are letters") {
        CHECK(column_of("A1") == 0);
        CHECK(column_of("Z9") == 25);
        CHECK(column_of("AA10") == 26);
        CHECK_FALSE(column_of("12"));
        CHECK_FALSE(column_of("ABCD1"));
    }
}
