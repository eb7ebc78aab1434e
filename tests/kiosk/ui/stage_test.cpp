#include "kiosk/ui/stage.hpp"

#include <algorithm>

#include "tests/kiosk/ui/support.hpp"

using namespace kiosk::ui;
using kiosk::screens::Language;

namespace {

Stage stage_with(std::string const& body) {
    Stage stage{screen_size, our_fonts()};
    (void)needed(stage.show(page_with(body)));
    return stage;
}

char const* const two_buttons = R"(
<style>a { display: block; position: absolute; width: 200px; height: 80px; top: 0 }
a:active { background-color: #ff0000 }</style>
<a href="act:pay" style="left: 0">Оплатить</a><a href="act:cancel" style="left: 300px">Отмена</a>)";

} // namespace

TEST_SUITE("stage") {
    TEST_CASE("drawing only the difference gives the pixels of drawing everything") {
        auto fonts = our_fonts();
        Stage stage{screen_size, our_fonts()};
        for (auto const language : {Language::Ru, Language::En}) {
            for (auto const& example : golden::screen_examples()) {
                CAPTURE(example.name);
                auto const page = page_of(example, language);
                (void)needed(stage.show(page));
                auto const layout = needed(Layout::of(page, screen_size, fonts));
                Picture whole{screen_size};
                paint(whole, layout.list(), fonts, whole_screen);
                CHECK(std::ranges::equal(stage.picture().pixels(), whole.pixels()));
            }
        }
    }

    TEST_CASE("pressing and letting go draws little and leaves no trace") {
        for (auto const& example : golden::screen_examples()) {
            CAPTURE(example.name);
            Stage stage{screen_size, our_fonts()};
            (void)needed(stage.show(page_of(example, Language::Ru)));
            auto const before = stage.picture().copy();
            for (auto const& anchor : stage.layout()->anchors()) {
                CAPTURE(anchor.action);
                Point const middle{
                    anchor.box.x + anchor.box.width / 2, anchor.box.y + anchor.box.height / 2};
                Box const changed = stage.press(middle);
                CHECK_FALSE(changed.is_empty());
                CHECK(changed.width * changed.height < 1280 * 140);
                CHECK_FALSE(std::ranges::equal(stage.picture().pixels(), before.pixels()));
                CHECK(stage.release(middle) == anchor.action);
                stage.rest();
                CHECK(std::ranges::equal(stage.picture().pixels(), before.pixels()));
            }
        }
    }

    TEST_CASE("a page that is shown again draws nothing") {
        auto stage = stage_with(two_buttons);
        auto const drawn = stage.drawn();
        CHECK(needed(stage.show(page_with(two_buttons))).is_empty());
        CHECK(stage.drawn() == drawn);
    }

    TEST_CASE("a countdown draws its line and no more") {
        Stage stage{screen_size, our_fonts()};
        for (auto const& example : golden::screen_examples())
            if (example.name == "collect-leaving") {
                auto view = std::get<kiosk::screens::CollectView>(example.view);
                (void)needed(stage.show(page_of(example, Language::Ru)));
                view.leaves_in = std::chrono::seconds{24};
                Box const changed = needed(stage.show(needed(kiosk::screens::compose(
                    view, example.surroundings, Language::Ru, our_assets()))));
                CHECK_FALSE(changed.is_empty());
                CHECK(changed.height < 60);
                CHECK(changed.width < 100);
            }
    }

    TEST_CASE("a finger that slides off a button does nothing") {
        auto stage = stage_with(two_buttons);
        stage.press(Point{10, 10});
        CHECK(stage.release(Point{310, 10}) == std::nullopt);
        stage.press(Point{10, 10});
        CHECK(stage.release(Point{600, 600}) == std::nullopt);
        stage.press(Point{600, 600});
        CHECK(stage.release(Point{10, 10}) == std::nullopt);
        CHECK(stage.release(Point{10, 10}) == std::nullopt);
    }

    TEST_CASE("a button that appears under a finger is not taken for the one it touched") {
        auto stage = stage_with(two_buttons);
        stage.press(Point{10, 10});
        (void)needed(stage.show(
            page_with(R"(<a style="display: block; height: 80px" href="act:finish">Чек</a>)")));
        CHECK(stage.release(Point{10, 10}) == std::nullopt);
    }

    TEST_CASE("a page that cannot be laid out leaves the old one to be touched") {
        auto stage = stage_with(two_buttons);
        CHECK_FALSE(stage.show(page_with("<p style=\"font-family: Arial\">1</p>")).has_value());
        stage.press(Point{10, 10});
        CHECK(stage.release(Point{10, 10}) == "act:pay");
    }

    TEST_CASE("before the first page there is nothing to touch") {
        Stage stage{screen_size, our_fonts()};
        CHECK(stage.press(Point{10, 10}).is_empty());
        CHECK(stage.release(Point{10, 10}) == std::nullopt);
        CHECK(stage.rest().is_empty());
        CHECK(stage.drawn() == 0);
    }
}
