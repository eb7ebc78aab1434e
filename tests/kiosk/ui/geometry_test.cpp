// What a resident would stumble over, measured on every screen in both languages.
#include <cmath>
#include <set>

#include "tests/kiosk/ui/support.hpp"

using namespace kiosk::ui;
using kiosk::screens::Language;

namespace {

constexpr int text_pixels_min = 24;
constexpr int key_pixels_min = 76;   // 20 mm on 17 inches, 5:4, 1280 x 1024.
constexpr double contrast_min = 4.5; // WCAG 2.1 AA.

/// Calls `check(layout, fonts)` for every example in both languages.
template <class Check>
void on_every_screen(Check check) {
    auto fonts = our_fonts();
    for (auto const& example : golden::screen_examples())
        for (auto const language : {Language::Ru, Language::En}) {
            std::string const name = example.name + (language == Language::Ru ? " ru" : " en");
            CAPTURE(name);
            auto const layout = needed(Layout::of(page_of(example, language), screen_size, fonts));
            check(layout, fonts);
        }
}

/// Where the letters are: a line box has air above and below that may overlap the next one's.
Box letters_of(Word const& word) {
    int const air = word.box.height / 6;
    return Box{word.box.x, word.box.y + air, word.box.width, word.box.height - 2 * air};
}

bool is_inside(Box const& inner, Box const& outer) {
    return intersection(inner, outer) == inner;
}

/// Relative luminance of sRGB, WCAG 2.1.
double luminance(Color color) {
    auto const linear = [](std::uint8_t channel) {
        double const value = channel / 255.0;
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

double contrast(Color one, Color other) {
    double const lighter = std::max(luminance(one), luminance(other));
    double const darker = std::min(luminance(one), luminance(other));
    return (lighter + 0.05) / (darker + 0.05);
}

/// The topmost fill below item `at` that lies under the middle of its letters.
Fill const* ground_of(DisplayList const& list, std::size_t at, Word const& word) {
    Box const letters = letters_of(word);
    Point const middle{letters.x + letters.width / 2, letters.y + letters.height / 2};
    for (std::size_t below = at; below-- > 0;)
        if (auto const* fill = std::get_if<Fill>(&list[below].what))
            if (intersection(fill->box, list[below].clip).contains(middle))
                return fill;
    return nullptr;
}

template <class Check>
void on_every_word(Check check) {
    on_every_screen([&](Layout const& layout, Fonts const& fonts) {
        for (std::size_t at = 0; at < layout.list().size(); ++at)
            if (auto const* word = std::get_if<Word>(&layout.list()[at].what)) {
                CAPTURE(word->text);
                check(layout.list(), at, *word, fonts);
            }
    });
}

} // namespace

TEST_SUITE("geometry of screens") {
    TEST_CASE("no word is cut by the screen or by what holds it") {
        on_every_word([](DisplayList const& list, std::size_t at, Word const& word, Fonts const&) {
            CHECK(is_inside(letters_of(word), whole_screen));
            CHECK(is_inside(letters_of(word), list[at].clip));
            auto const* ground = ground_of(list, at, word);
            REQUIRE(ground != nullptr);
            CHECK(is_inside(letters_of(word), ground->box));
        });
    }

    TEST_CASE("no word lies on another or under something drawn later") {
        on_every_word([](DisplayList const& list, std::size_t at, Word const& word, Fonts const&) {
            for (std::size_t above = at + 1; above < list.size(); ++above) {
                Box cover;
                if (auto const* fill = std::get_if<Fill>(&list[above].what))
                    cover = fill->box;
                else if (auto const* other = std::get_if<Word>(&list[above].what))
                    cover = letters_of(*other);
                CHECK(intersection(intersection(cover, list[above].clip), letters_of(word))
                          .is_empty());
            }
        });
    }

    TEST_CASE("letters are at least 24 pixels") {
        on_every_word([](DisplayList const&, std::size_t, Word const& word, Fonts const& fonts) {
            CHECK(fonts.metrics(word.font).pixels >= text_pixels_min);
        });
    }

    TEST_CASE("every word stands out against its ground by 4.5 to 1") {
        on_every_word([](DisplayList const& list, std::size_t at, Word const& word, Fonts const&) {
            auto const* ground = ground_of(list, at, word);
            REQUIRE(ground != nullptr);
            REQUIRE(ground->color.alpha == 255);
            CHECK(contrast(word.color, ground->color) >= contrast_min);
        });
    }

    TEST_CASE("a pressed button can still be read") {
        auto fonts = our_fonts();
        for (auto const& example : golden::screen_examples()) {
            CAPTURE(example.name);
            auto layout = needed(Layout::of(page_of(example, Language::Ru), screen_size, fonts));
            for (std::size_t anchor = 0; anchor < layout.anchors().size(); ++anchor) {
                layout.press(anchor);
                for (std::size_t at = 0; at < layout.list().size(); ++at)
                    if (auto const* word = std::get_if<Word>(&layout.list()[at].what)) {
                        CAPTURE(word->text);
                        auto const* ground = ground_of(layout.list(), at, *word);
                        REQUIRE(ground != nullptr);
                        CHECK(contrast(word->color, ground->color) >= contrast_min);
                    }
            }
        }
    }

    TEST_CASE(
        "everything that is touched is 20 mm high, apart from the rest, and says what it does") {
        on_every_screen([](Layout const& layout, Fonts const&) {
            for (auto const& anchor : layout.anchors()) {
                CAPTURE(anchor.action);
                CHECK(anchor.box.height >= key_pixels_min);
                CHECK(anchor.box.width >= 2 * key_pixels_min);
                CHECK(is_inside(anchor.box, whole_screen));
                CHECK_FALSE(anchor.text.empty());
                for (auto const& other : layout.anchors())
                    if (&other != &anchor)
                        CHECK(intersection(other.box, anchor.box).is_empty());
                for (auto const& item : layout.list())
                    if (auto const* fill = std::get_if<Fill>(&item.what)) {
                        Box const common = intersection(fill->box, anchor.box);
                        bool const is_apart =
                            common.is_empty() || common == anchor.box || common == fill->box;
                        CHECK(is_apart);
                    }
            }
        });
    }

    TEST_CASE("what is touched does one of the things that the contract names") {
        std::set<std::string> const known{
            "act:home",
            "act:pay",
            "act:cancel",
            "act:finish",
            "act:more-time",
            "act:language-ru",
            "act:language-en",
            "act:again"};
        on_every_screen([&](Layout const& layout, Fonts const&) {
            for (auto const& anchor : layout.anchors())
                CHECK(known.contains(anchor.action));
        });
    }

    TEST_CASE("every screen says which kiosk it is, whom to call and whose it is") {
        auto fonts = our_fonts();
        for (auto const& example : golden::screen_examples())
            for (auto const language : {Language::Ru, Language::En}) {
                CAPTURE(example.name);
                auto const layout =
                    needed(Layout::of(page_of(example, language), screen_size, fonts));
                std::string all;
                for (auto const& text : layout.texts())
                    all += text + "\n";
                CHECK(all.find("№ 17\n") != std::string::npos);
                if (example.surroundings.agent_name.empty())
                    continue;
                CHECK(all.find("8 800 000-00-00") != std::string::npos);
                CHECK(all.find("ООО Расчётный центр") != std::string::npos);
                CHECK(all.find("7701234567") != std::string::npos);
            }
    }

    TEST_CASE("a Russian screen has no Latin words but the code's name and the other language's") {
        auto fonts = our_fonts();
        for (auto const& example : golden::screen_examples()) {
            CAPTURE(example.name);
            auto const layout =
                needed(Layout::of(page_of(example, Language::Ru), screen_size, fonts));
            for (auto text : layout.texts()) {
                CAPTURE(text);
                for (std::string const known : {"QR", "English"})
                    if (auto const at = text.find(known); at != std::string::npos)
                        text.erase(at, known.size());
                CHECK_FALSE(std::ranges::any_of(text, [](char letter) {
                    return std::isalpha(static_cast<unsigned char>(letter));
                }));
            }
        }
    }

    TEST_CASE("the English strings have no Russian letters") {
        for (auto const& entry : our_assets().strings(Language::En)) {
            auto const& text = entry.second;
            CAPTURE(entry.first);
            // Cyrillic in UTF-8 begins with D0 or D1.
            CHECK(text.find('\xD0') == std::string::npos);
            CHECK(text.find('\xD1') == std::string::npos);
        }
    }
}
