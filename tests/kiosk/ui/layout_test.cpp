#include "kiosk/ui/layout.hpp"

#include "tests/kiosk/ui/support.hpp"

using namespace kiosk::ui;
using kiosk::screens::Page;

namespace {

std::string problem_of(Page const& page) {
    auto fonts = our_fonts();
    auto const layout = Layout::of(page, screen_size, fonts);
    REQUIRE_FALSE(layout.has_value());
    return layout.error().problem;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

char const* const two_buttons = R"(
<style>a { display: block; position: absolute; width: 200px; height: 80px; border: 2px solid #000000 }
a:active { background-color: #ff0000 }</style>
<a href="act:pay" style="left: 100px; top: 50px"><b>Оплатить</b> всё</a>
<a href="act:cancel" style="left: 400px; top: 50px">Отмена</a>
<a href="http://elsewhere/">не для нас</a>)";

} // namespace

TEST_SUITE("layout") {
    TEST_CASE("a block is one text, its spaces are single and plain, icons are left out") {
        auto fonts = our_fonts();
        auto const layout = needed(Layout::of(
            page_with("<div>К  оплате\n <b>4\u00a0597,86\u00a0₽</b></div>"
                      "<table><tr><td>Охрана</td><td>181,10</td></tr></table>"
                      "<div><span class=\"icon\">✓</span> Готово</div>"
                      "<div style=\"display: none\">не видно</div><!-- и это -->"),
            screen_size,
            fonts));
        CHECK(
            layout.texts() ==
            std::vector<std::string>{"К оплате 4 597,86 ₽", "Охрана", "181,10", "Готово"});
    }

    TEST_CASE("anchors that act are found with their texts and boxes, others are not") {
        auto fonts = our_fonts();
        auto const layout = needed(Layout::of(page_with(two_buttons), screen_size, fonts));
        REQUIRE(layout.anchors().size() == 2);
        CHECK(layout.anchors()[0].action == "act:pay");
        CHECK(layout.anchors()[0].text == "Оплатить всё");
        CHECK(layout.anchors()[0].box == Box{100, 50, 204, 84});
        CHECK(layout.hit(Point{100, 50}) == 0);
        CHECK(layout.hit(Point{303, 133}) == 0);
        CHECK(layout.hit(Point{304, 133}) == std::nullopt);
        CHECK(layout.hit(Point{450, 100}) == 1);
        CHECK(layout.hit(Point{0, 0}) == std::nullopt);
    }

    TEST_CASE("what looks pressed is drawn otherwise, and afterwards as before") {
        auto fonts = our_fonts();
        auto layout = needed(Layout::of(page_with(two_buttons), screen_size, fonts));
        auto const before = layout.list();
        layout.press(0);
        CHECK(layout.list() != before);
        Box const changed = difference(before, layout.list());
        CHECK(intersection(changed, layout.anchors()[0].box) == layout.anchors()[0].box);
        CHECK(intersection(changed, layout.anchors()[1].box).is_empty());
        layout.press(std::nullopt);
        CHECK(layout.list() == before);
    }

    TEST_CASE("the last of two anchors that overlap is the one that is touched") {
        auto fonts = our_fonts();
        auto const layout = needed(Layout::of(
            page_with(R"(<style>a { display: block; position: absolute; left: 0; top: 0;
                width: 100px; height: 100px }</style><a href="act:a">1</a><a href="act:b">2</a>)"),
            screen_size,
            fonts));
        REQUIRE(layout.hit(Point{50, 50}));
        CHECK(layout.anchors()[*layout.hit(Point{50, 50})].action == "act:b");
    }

    TEST_CASE("what we do not draw is a complaint") {
        CHECK(has(problem_of(page_with("<p style=\"font-family: Arial\">1</p>")), "Arial"));
        CHECK(has(problem_of(page_with("<img src=\"logo.png\">")), "logo.png"));
        CHECK(has(
            problem_of(page_with("<u style=\"text-decoration: underline\">1</u>")), "decoration"));
        CHECK(has(problem_of(page_with("<div style=\"width: 1300px\">1</div>")), "wide"));
    }

    TEST_CASE("anchors on real screens are where their letters are") {
        auto fonts = our_fonts();
        for (auto const& example : golden::screen_examples()) {
            CAPTURE(example.name);
            auto const layout = needed(
                Layout::of(page_of(example, kiosk::screens::Language::Ru), screen_size, fonts));
            for (auto const& anchor : layout.anchors()) {
                CAPTURE(anchor.action);
                auto const first_word = anchor.text.substr(0, anchor.text.find(' '));
                bool is_there = false;
                for (auto const& item : layout.list())
                    if (auto const* word = std::get_if<Word>(&item.what))
                        is_there = is_there || (word->text.starts_with(first_word) &&
                                                intersection(word->box, anchor.box) == word->box);
                CHECK(is_there);
            }
        }
    }
}
