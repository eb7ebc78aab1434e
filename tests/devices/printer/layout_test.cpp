#include "devices/printer/layout.hpp"

#include <doctest/doctest.h>

#include <random>

#include "devices/printer/code_page.hpp"

using namespace devices::printer;

namespace {

std::vector<std::string> texts(std::vector<Row> const& rows) {
    std::vector<std::string> texts;
    for (Row const& row : rows)
        texts.push_back(from_code_page(row.text));
    return texts;
}

} // namespace

TEST_SUITE("printer layout") {
    TEST_CASE("text is broken at the last space that fits") {
        CHECK(
            texts(rows_of(
                TextLine{.text = "Деньги будут зачислены на лицевой счёт в течение одного дня"})) ==
            std::vector<std::string>{
                "Деньги будут зачислены на лицевой счёт в", "течение одного дня"});
    }

    TEST_CASE("text is not broken at a no-break space, which is printed as a space") {
        CHECK(
            texts(
                rows_of(TextLine{.text = "Телефон для вопросов об оплате 8\u00A0800\u00A0000"})) ==
            std::vector<std::string>{"Телефон для вопросов об оплате 8 800 000"});
        CHECK(
            texts(rows_of(
                TextLine{.text = "Телефон для вопросов об оплате: 8\u00A0800\u00A0000-00"})) ==
            std::vector<std::string>{"Телефон для вопросов об оплате:", "8 800 000-00"});
    }

    TEST_CASE("a word that ends at the last column stays on its line") {
        std::string const word(paper_columns, 'a');
        CHECK(texts(rows_of(TextLine{.text = word + " b"})) == std::vector<std::string>{word, "b"});
    }

    TEST_CASE("a word wider than the paper is broken in the middle") {
        CHECK(
            texts(rows_of(TextLine{.text = std::string(50, 'x')})) ==
            std::vector<std::string>{std::string(42, 'x'), std::string(8, 'x')});
    }

    TEST_CASE("double characters have half the columns") {
        for (Row const& row : rows_of(TextLine{
                 .text = "КВИТАНЦИЯ ОБ ОПЛАТЕ УСЛУГ ЖКХ",
                 .align = Align::Centre,
                 .weight = Weight::Bold,
                 .size = Size::Double})) {
            CHECK(row.text.size() <= paper_columns / 2);
            CHECK(row.align == Align::Centre);
            CHECK(row.weight == Weight::Bold);
            CHECK(row.size == Size::Double);
        }
    }

    TEST_CASE("an empty line is one row, and a newline begins another") {
        CHECK(texts(rows_of(TextLine{})) == std::vector<std::string>{""});
        CHECK(texts(rows_of(TextLine{.text = "a\n\nb"})) == std::vector<std::string>{"a", "", "b"});
    }

    TEST_CASE("a pair fills the line from edge to edge") {
        auto const rows = rows_of(PairLine{.name = "Внесено", .value = "4 600,00"});
        CHECK(
            texts(rows) == std::vector<std::string>{"Внесено ......................... 4 600,00"});
        CHECK(rows[0].text.size() == paper_columns);
    }

    TEST_CASE("a pair without room for dots keeps at least one space") {
        CHECK(
            texts(rows_of(PairLine{.name = std::string(33, 'n'), .value = "12345678"})) ==
            std::vector<std::string>{std::string(33, 'n') + " 12345678"});
    }

    TEST_CASE("a long name wraps and the value stands at the end of its last row") {
        CHECK(
            texts(rows_of(PairLine{
                .name = "Содержание и ремонт жилого помещения, включая вывоз мусора",
                .value = "1 234,56"})) == std::vector<std::string>{
                                              "Содержание и ремонт жилого помещения,",
                                              "включая вывоз мусора ............ 1 234,56"});
    }

    TEST_CASE("a value that does not fit beside the name gets a row of its own, at the right") {
        auto const rows = rows_of(PairLine{.name = std::string(40, 'n'), .value = "100,00"});
        REQUIRE(rows.size() == 2);
        CHECK(rows[1].text == "100,00");
        CHECK(rows[1].align == Align::Right);
    }

    TEST_CASE("a name without a value is a line of text") {
        CHECK(
            texts(rows_of(PairLine{.name = "Услуги", .value = ""})) ==
            std::vector<std::string>{"Услуги"});
    }

    TEST_CASE("no row is ever wider than the paper, and no visible character is lost") {
        std::mt19937_64 random{20090915};
        std::string const alphabet = "ab  c-d1\n";
        for (int round = 0; round < 2000; ++round) {
            std::string text;
            for (auto left = random() % 200; left > 0; --left)
                text += alphabet[random() % alphabet.size()];
            std::string seen;
            for (Row const& row : rows_of(TextLine{.text = text})) {
                REQUIRE(row.text.size() <= paper_columns);
                seen += row.text;
            }
            std::erase_if(seen, [](char c) { return c == ' '; });
            std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
            REQUIRE(seen == text);
        }
    }
}
