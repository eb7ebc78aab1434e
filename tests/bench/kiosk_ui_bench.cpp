// Prints figures of the kiosk's screen, one JSON object a line. Run from the root of the tree.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/screens/compose.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "kiosk/ui/display.hpp"
#include "kiosk/ui/painter.hpp"
#include "tests/golden/screen_examples.hpp"

namespace {

using namespace kiosk;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
using protocol::Complaint;
using protocol::Result;

constexpr int touches = 400;
constexpr int rounds = 5;
constexpr std::chrono::seconds patience{5};

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    auto const at =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    return values[at];
}

void print(std::string const& name, double value, std::string const& note) {
    std::cout
        << nlohmann::ordered_json{{"name", name}, {"value", value}, {"unit", "ms"}, {"note", note}}
               .dump()
        << std::endl;
}

/// Every example in both languages: template to pixels of the whole screen.
Result<void, Complaint> draw_screens(screens::Assets const& assets) {
    TRY(auto fonts, ui::Fonts::open(ui::fonts_folder_default));
    ui::Size const size{1280, 1024};
    ui::Picture picture{size};
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round)
        for (auto const& example : golden::screen_examples())
            for (auto const language : {screens::Language::Ru, screens::Language::En}) {
                auto const start = Clock::now();
                TRY(auto const page,
                    screens::compose(example.view, example.surroundings, language, assets));
                TRY(auto const layout, ui::Layout::of(page, size, fonts));
                ui::paint(picture, layout.list(), fonts, {0, 0, size.width, size.height});
                times.push_back(Milliseconds{Clock::now() - start}.count());
            }
    print(
        "kiosk.screen_draw_ms.p99",
        percentile(times, 0.99),
        "template, layout and all 1280x1024 pixels, every screen in two languages, " +
            std::to_string(times.size()) + " draws");
    return {};
}

/// Plays kioskd's other thread: touches, then shows the page that the touch asked for.
class Finger {
public:
    Finger(ui::Display& display, screens::Page first, screens::Page second)
        : display_{display}, pages_{std::move(first), std::move(second)} {}

    bool play() {
        display_.show(pages_[0]);
        if (!wait_for_more_than(0))
            return false;
        for (int touch = 0; touch < touches; ++touch) {
            auto const& next = pages_[(static_cast<std::size_t>(touch) + 1) % 2];
            auto const start = Clock::now();
            auto const touched = display_.touch("act:cancel");
            if (!touched)
                return false;
            pressed.push_back(Milliseconds{Clock::now() - start}.count());
            display_.show(next);
            if (!wait_for_more_than(touched->drawn))
                return false;
            shown.push_back(Milliseconds{Clock::now() - start}.count());
        }
        return true;
    }

    std::vector<double> pressed;
    std::vector<double> shown;

private:
    bool wait_for_more_than(std::uint64_t drawn) {
        auto const deadline = Clock::now() + patience;
        while (display_.drawn() <= drawn) {
            if (Clock::now() > deadline)
                return false;
            std::this_thread::yield();
        }
        return true;
    }

    ui::Display& display_;
    std::vector<screens::Page> pages_;
};

Result<void, Complaint> touch_screens(screens::Assets const& assets) {
    screens::ReviewView review{.bill = golden::example_bill(), .due = golden::example_bill().debt};
    screens::CollectView collect;
    collect.bill = review.bill;
    collect.due = collect.remaining = review.due;
    auto const around = golden::example_surroundings();
    TRY(auto first, screens::compose(review, around, screens::Language::Ru, assets));
    TRY(auto second, screens::compose(collect, around, screens::Language::Ru, assets));
    TRY(auto fonts, ui::Fonts::open(ui::fonts_folder_default));
    TRY(auto const display,
        ui::Display::open(
            {.size = {1280, 1024}, .mode = ui::DisplayMode::Offscreen},
            std::move(fonts),
            [](std::string const& /*action*/) {}));
    Finger finger{*display, std::move(first), std::move(second)};
    bool played = false;
    std::thread other{[&] {
        played = finger.play();
        display->quit();
    }};
    display->run();
    other.join();
    if (!played)
        return protocol::fail(Complaint{"kiosk_ui_bench", "a touch drew nothing", "run the tests"});
    std::string const note = "offscreen, review and collect in turn, " +
                             std::to_string(finger.shown.size()) + " touches";
    print(
        "kiosk.touch_to_pixels_ms.p50",
        percentile(finger.shown, 0.5),
        "touch to the next screen's pixels; " + note);
    print(
        "kiosk.touch_to_pixels_ms.p99",
        percentile(finger.shown, 0.99),
        "touch to the next screen's pixels; " + note);
    print(
        "kiosk.touch_to_pressed_ms.p50",
        percentile(finger.pressed, 0.5),
        "touch to the button's pressed look; " + note);
    print(
        "kiosk.touch_to_pressed_ms.p99",
        percentile(finger.pressed, 0.99),
        "touch to the button's pressed look; " + note);
    return {};
}

Result<void, Complaint> measure() {
    TRY(auto const assets, ui::load_assets("ui-assets"));
    TRY_VOID(draw_screens(assets));
    return touch_screens(assets);
}

} // namespace

int main() {
    if (auto const measured = measure(); !measured) {
        std::cerr << "kiosk_ui_bench: " << protocol::to_string(measured.error()) << "\n";
        return 1;
    }
    return 0;
}
