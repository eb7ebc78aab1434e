#include "kiosk/screens/assets.hpp"

#include <doctest/doctest.h>

using namespace kiosk::screens;

namespace {

/// The least that is complete.
Assets::Files good_files() {
    Assets::Files files{
        {"strings/ru.json", R"({"pay":"Оплатить"})"},
        {"strings/en.json", R"({"pay":"Pay"})"},
        {"screens/parts/foot.html", "foot"},
        {"styles/kiosk.css", "body {}"}};
    for (std::string const id :
         {"home",
          "scan-refused",
          "lookup",
          "review",
          "collect",
          "recovering",
          "printing",
          "done",
          "trouble"})
        files["screens/" + id + ".html"] = id;
    return files;
}

std::string complaint_about(Assets::Files files) {
    auto const assets = Assets::from_files(std::move(files));
    REQUIRE_FALSE(assets.has_value());
    return assets.error().place;
}

} // namespace

TEST_SUITE("screen assets") {
    TEST_CASE("screens, parts, styles and strings are found by their names") {
        auto const assets = Assets::from_files(good_files());
        REQUIRE(assets.has_value());
        REQUIRE(assets->screen("review") != nullptr);
        CHECK(*assets->screen("review") == "review");
        CHECK(assets->screen("service") == nullptr);
        CHECK(*assets->piece(Language::Ru, "foot") == "foot");
        CHECK(*assets->piece(Language::Ru, "kiosk.css") == "body {}");
        CHECK(*assets->piece(Language::Ru, "pay") == "Оплатить");
        CHECK(*assets->piece(Language::En, "pay") == "Pay");
        CHECK(assets->piece(Language::En, "nothing") == nullptr);
    }

    TEST_CASE("a string that one language lacks is named with its file") {
        auto files = good_files();
        files["strings/ru.json"] = R"({"pay":"Оплатить","stop":"Отмена"})";
        CHECK(complaint_about(files) == "strings/en.json");
        files = good_files();
        files["strings/en.json"] = R"({"pay":"Pay","stop":"Cancel"})";
        CHECK(complaint_about(files) == "strings/ru.json");
    }

    TEST_CASE("strings that are not a flat object of texts are refused") {
        for (auto const* text : {"", "[]", "{", R"({"pay":1})", R"({"pay":""})"}) {
            CAPTURE(text);
            auto files = good_files();
            files["strings/ru.json"] = text;
            CHECK(complaint_about(files) == "strings/ru.json");
        }
    }

    TEST_CASE("a missing screen is found before a resident finds it") {
        auto files = good_files();
        files.erase("screens/collect.html");
        CHECK(complaint_about(files) == "screens/collect.html");
    }

    TEST_CASE("a file that is too large is refused") {
        auto files = good_files();
        files["styles/kiosk.css"] = std::string(300UL * 1024, ' ');
        CHECK(complaint_about(files) == "styles/kiosk.css");
    }
}
