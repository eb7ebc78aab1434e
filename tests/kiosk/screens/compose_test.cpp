#include "kiosk/screens/compose.hpp"

#include <doctest/doctest.h>

#include "kiosk/ui/assets_loader.hpp"
#include "tests/golden/screen_examples.hpp"

using namespace kiosk::screens;

namespace {

Assets const& our_assets() {
    static Assets const assets = [] {
        auto loaded = kiosk::ui::load_assets(KIOSK_SOURCE_DIR "/ui-assets");
        REQUIRE_MESSAGE(loaded.has_value(), protocol::to_string(loaded.error()));
        return *std::move(loaded);
    }();
    return assets;
}

std::string html_of(View const& view, Language language = Language::Ru) {
    auto const page = compose(view, golden::example_surroundings(), language, our_assets());
    REQUIRE_MESSAGE(page.has_value(), protocol::to_string(page.error()));
    return page->html;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t count(std::string const& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

} // namespace

TEST_SUITE("compose") {
    TEST_CASE("every example of every screen composes in both languages") {
        for (auto const& example : golden::screen_examples())
            for (auto const language : {Language::Ru, Language::En}) {
                CAPTURE(example.name);
                auto const page =
                    compose(example.view, example.surroundings, language, our_assets());
                REQUIRE_MESSAGE(page.has_value(), protocol::to_string(page.error()));
                CHECK(page->id == screen_id(example.view));
                CHECK_FALSE(has(page->html, "{{"));
            }
    }

    TEST_CASE("a payee named like HTML is text and makes no anchor") {
        ReviewView view{.bill = golden::example_bill()};
        auto const anchors = count(html_of(view), "<a ");
        view.bill.payee = R"(<a href="act:finish">&'{{due}}</a>)";
        view.bill.payer_masked = R"("><a href='act:pay'>)";
        view.bill.lines[0].service = "<b>1</b>";
        view.bill.account = "</div><style>";
        auto const html = html_of(view);
        CHECK(count(html, "<a ") == anchors);
        CHECK(count(html, "<style>") == 1);
        CHECK(has(html, "&lt;a href=&quot;act:finish&quot;&gt;&amp;&apos;{{due}}&lt;/a&gt;"));
        CHECK(has(html, "&lt;b&gt;1&lt;/b&gt;"));
    }

    TEST_CASE("values inside a string are escaped once, like all others") {
        CollectView view;
        view.bill = golden::example_bill();
        view.inserted = protocol::rub(100);
        view.bill.account = "A&<B>";
        view.leaves_in = std::chrono::seconds{25};
        auto const html = html_of(view);
        CHECK(has(html, "на счёт A&amp;&lt;B&gt;,"));
    }

    TEST_CASE("a note that moves leaves nothing to touch but the language") {
        CollectView view;
        view.bill = golden::example_bill();
        view.note_moving = true;
        CHECK(count(html_of(view), "href=\"act:") == 1);
        CHECK(has(html_of(view), "act:language-en"));
        CHECK(has(html_of(view, Language::En), "act:language-ru"));
    }

    TEST_CASE("less than the least payment offers neither finish nor cancel, and says how much") {
        CollectView view;
        view.bill = golden::example_bill();
        view.inserted = protocol::rub(1'000);
        view.least = protocol::rub(10'000);
        CHECK_FALSE(has(html_of(view), "act:finish"));
        CHECK_FALSE(has(html_of(view), "act:cancel"));
        CHECK(has(html_of(view), "100,00"));
        view.leaves_in = std::chrono::seconds{20};
        CHECK_FALSE(has(html_of(view), "act:finish"));
        CHECK(has(html_of(view), "act:more-time"));
    }

    TEST_CASE("with money inside there is no way to cancel") {
        for (auto const& example : golden::screen_examples()) {
            auto const* view = std::get_if<CollectView>(&example.view);
            if (view == nullptr || !view->inserted.is_positive())
                continue;
            CAPTURE(example.name);
            CHECK_FALSE(has(html_of(*view), "act:cancel"));
        }
    }

    TEST_CASE("of more than ten lines nine are shown and the rest are counted") {
        ReviewView view{.bill = golden::example_bill()};
        view.bill.lines.resize(10, view.bill.lines[0]);
        CHECK(count(html_of(view), "Тек, обслуживание") == 4);
        CHECK_FALSE(has(html_of(view), "полный перечень"));
        view.bill.lines.resize(14, view.bill.lines[1]);
        CHECK(has(html_of(view), "и ещё 5"));
    }

    TEST_CASE("the journal that failed is never said to hold the money") {
        auto const html =
            html_of(TroubleView{Reason::JournalFailed, protocol::rub(50'000), "17-4"});
        CHECK_FALSE(has(html, "учтены"));
        CHECK(has(html, "17-4"));
    }

    TEST_CASE("a template that names what there is not is a complaint, not an empty place") {
        for (auto const* wrong :
             {"{{salary}}", "{{>nowhere}}", "{{#salary}}1{{/salary}}", "{{#a}}"}) {
            CAPTURE(wrong);
            auto files = Assets::Files{
                {"strings/ru.json", R"({"a":"1"})"}, {"strings/en.json", R"({"a":"1"})"}};
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
                files["screens/" + id + ".html"] = wrong;
            auto const assets = Assets::from_files(files);
            REQUIRE(assets.has_value());
            auto const page =
                compose(HomeView{}, golden::example_surroundings(), Language::Ru, *assets);
            REQUIRE_FALSE(page.has_value());
            CHECK(page.error().place == "screens/home.html");
        }
    }

    TEST_CASE("every string is used by some screen") {
        // Reasons and problems are chosen by name; each must be reachable.
        std::string all;
        for (auto const& name :
             {"home",
              "scan-refused",
              "lookup",
              "review",
              "collect",
              "recovering",
              "printing",
              "done",
              "trouble"})
            all += *our_assets().screen(name);
        for (auto const* part : {"page_begin", "page_end", "language", "art"})
            all += *our_assets().piece(Language::Ru, part);
        auto const is_chosen = [](std::string const& key) {
            for (auto const* prefix :
                 {"title_",
                  "closed_",
                  "scan_",
                  "trouble_",
                  "notice_",
                  "month_",
                  "debt_",
                  "done_",
                  "collect_",
                  "review_lead"})
                if (key.starts_with(prefix))
                    return true;
            return false;
        };
        for (auto const& entry : our_assets().strings(Language::Ru)) {
            auto const& key = entry.first;
            CAPTURE(key);
            CHECK((has(all, "{{>" + key + "}}") || is_chosen(key)));
        }
    }
}
