#include "kiosk/ui/fonts.hpp"

#include "tests/kiosk/ui/support.hpp"

using namespace kiosk::ui;

TEST_SUITE("fonts") {
    TEST_CASE("a missing font is named with the package to install") {
        auto const fonts = Fonts::open("/nowhere");
        REQUIRE_FALSE(fonts.has_value());
        CHECK(fonts.error().place == "/nowhere/paratype/PTS55F.ttf");
        CHECK(fonts.error().cure.find("fonts-paratype") != std::string::npos);
    }

    TEST_CASE("the same font has the same number, another size or weight another") {
        auto fonts = our_fonts();
        auto const regular = fonts.find("PT Sans", 30, 400, false);
        CHECK(fonts.find("PT Sans", 30, 400, false) == regular);
        CHECK(fonts.find("PT Sans", 31, 400, false) != regular);
        CHECK(fonts.find("PT Sans", 30, 700, false) != regular);
        CHECK(fonts.metrics(regular).pixels == 30);
        CHECK(fonts.metrics(regular).ascent > fonts.metrics(regular).descent);
    }

    TEST_CASE("every sign that the screens use has a width of its own in our fonts") {
        auto fonts = our_fonts();
        auto const font = fonts.find("PT Sans", 40, 700, false);
        for (auto const* sign : {"₽", "№", "«", "»", "−", "…", "ё", "Ж", "“", "€"}) {
            CAPTURE(sign);
            CHECK(fonts.text_width(font, sign) > 5);
        }
        CHECK(fonts.text_width(font, "ООО") > fonts.text_width(font, "ОО"));
        CHECK(fonts.text_width(font, "\u00a0") > 0);
    }

    TEST_CASE("digits are equally wide, so that sums do not dance") {
        auto fonts = our_fonts();
        auto const font = fonts.find("PT Sans", 84, 700, false);
        for (auto const* digit : {"1", "2", "3", "4", "5", "6", "7", "8", "9"})
            CHECK(fonts.text_width(font, digit) == fonts.text_width(font, "0"));
    }
}
