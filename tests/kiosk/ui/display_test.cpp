#include "kiosk/ui/display.hpp"

#include <SDL.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <thread>

#include "tests/kiosk/ui/support.hpp"

using namespace kiosk::ui;
using namespace std::chrono_literals;

namespace {

char const* const two_buttons = R"(
<style>a { display: block; position: absolute; width: 200px; height: 80px; top: 0 }
a:active { background-color: #ff0000 }</style>
<a href="act:pay" style="left: 0">Оплатить</a><a href="act:cancel" style="left: 300px">Отмена</a>)";
char const* const one_button =
    R"(<a style="display: block; height: 80px" href="act:home">Готово</a>)";

/// Opens a display, plays `scenario` on a thread of its own while `run` has this one, as kioskd
/// does.
class Running {
public:
    explicit Running(DisplayMode mode = DisplayMode::Offscreen)
        : display_{needed(Display::open(
              DisplaySettings{screen_size, mode}, our_fonts(), [this](std::string const& action) {
                  {
                      std::lock_guard const lock{mutex_};
                      actions_.push_back(action);
                  }
                  acted_.notify_all();
              }))} {}

    template <class Scenario>
    void play(Scenario scenario) {
        std::thread other{[&] {
            scenario(*display_);
            display_->quit();
        }};
        display_->run();
        other.join();
    }

    [[nodiscard]] std::vector<std::string> actions() {
        std::lock_guard const lock{mutex_};
        return actions_;
    }
    [[nodiscard]] bool wait_for_actions(std::size_t count) {
        std::unique_lock lock{mutex_};
        return acted_.wait_for(lock, 10s, [&] { return actions_.size() >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable acted_;
    std::vector<std::string> actions_;
    std::unique_ptr<Display> display_;
};

bool wait_until_shown(Display const& display, std::string const& id) {
    auto const deadline = std::chrono::steady_clock::now() + 10s;
    while (display.screen().id != id) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

std::chrono::nanoseconds cpu_time() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a page shown from another thread is seen with its texts and actions") {
        Running running;
        running.play([](Display& display) {
            CHECK(display.screen().id.empty());
            display.show(page_with(two_buttons, "review"));
            CHECK(wait_until_shown(display, "review"));
            auto const screen = display.screen();
            CHECK(screen.drawn == 1);
            CHECK(screen.texts == std::vector<std::string>{"Оплатить", "Отмена"});
            REQUIRE(screen.actions.size() == 2);
            CHECK(screen.actions[1].action == "act:cancel");
            auto const [drawn, png] = display.picture();
            CHECK(drawn == 1);
            REQUIRE(png.size() > 8);
            CHECK(std::string(png.begin() + 1, png.begin() + 4) == "PNG");
        });
    }

    TEST_CASE("a touch by point and by action reach the listener like a finger") {
        Running running;
        running.play([&](Display& display) {
            display.show(page_with(two_buttons));
            auto const by_point = display.touch(Point{10, 10});
            REQUIRE(by_point.has_value());
            CHECK(by_point->action == "act:pay");
            CHECK(by_point->drawn == 2); // The page, then the pressed look.
            auto const by_action = display.touch("act:cancel");
            REQUIRE(by_action.has_value());
            CHECK(by_action->action == "act:cancel");
            auto const beside = display.touch(Point{700, 700});
            REQUIRE(beside.has_value());
            CHECK(beside->action.empty());
            CHECK(running.actions() == std::vector<std::string>{"act:pay", "act:cancel"});
        });
    }

    TEST_CASE("what is not on the screen cannot be touched") {
        Running running;
        running.play([&](Display& display) {
            CHECK(display.touch("act:pay").error() == TouchError::NoSuchAction);
            display.show(page_with(one_button));
            CHECK(display.touch("act:pay").error() == TouchError::NoSuchAction);
            CHECK(display.touch(Point{1280, 10}).error() == TouchError::OutsideScreen);
            CHECK(display.touch(Point{10, -1}).error() == TouchError::OutsideScreen);
            CHECK(running.actions().empty());
        });
    }

    TEST_CASE("the pressed look ends by itself") {
        Running running;
        running.play([](Display& display) {
            display.show(page_with(two_buttons));
            CHECK(wait_until_shown(display, "test"));
            auto const before = display.picture().png;
            auto const touched = display.touch("act:pay");
            REQUIRE(touched.has_value());
            CHECK(display.picture().png != before);
            auto const deadline = std::chrono::steady_clock::now() + 10s;
            while (display.drawn() == touched->drawn && std::chrono::steady_clock::now() < deadline)
                std::this_thread::sleep_for(1ms);
            CHECK(display.picture().png == before);
        });
    }

    TEST_CASE("of pages shown in a burst the last one stays") {
        Running running;
        running.play([](Display& display) {
            for (int page = 0; page < 50; ++page)
                display.show(page_with("<p>" + std::to_string(page) + "</p>"));
            display.show(page_with(one_button, "last"));
            CHECK(wait_until_shown(display, "last"));
        });
    }

    TEST_CASE("nobody waits for a display that has quit") {
        Running running;
        Display* kept = nullptr;
        running.play([&](Display& display) { kept = &display; });
        CHECK(kept->touch(Point{1, 1}).error() == TouchError::NotRunning);
    }

    TEST_CASE("an idle display uses no processor") {
        Running running;
        running.play([](Display& display) {
            display.show(page_with(one_button, "idle"));
            CHECK(wait_until_shown(display, "idle"));
            auto const before = cpu_time();
            std::this_thread::sleep_for(300ms); // The time measured, not a wait for luck.
            CHECK(cpu_time() - before < 15ms);
        });
    }

    TEST_CASE("a window of SDL's shows pages, takes the mouse, and closing it ends the display") {
        setenv("SDL_VIDEODRIVER", "dummy", 1);
        Running running{DisplayMode::Window};
        running.play([&](Display& display) {
            display.show(page_with(two_buttons, "window"));
            CHECK(wait_until_shown(display, "window"));
            SDL_Event event{};
            event.button.type = SDL_MOUSEBUTTONDOWN;
            event.button.button = SDL_BUTTON_LEFT;
            event.button.x = 310;
            event.button.y = 10;
            SDL_PushEvent(&event);
            event.button.type = SDL_MOUSEBUTTONUP;
            SDL_PushEvent(&event);
            CHECK(running.wait_for_actions(1));
            CHECK(running.actions() == std::vector<std::string>{"act:cancel"});
            // A bounce: the same press again, at once.
            event.button.type = SDL_MOUSEBUTTONDOWN;
            SDL_PushEvent(&event);
            event.button.type = SDL_MOUSEBUTTONUP;
            SDL_PushEvent(&event);
            CHECK(display.touch("act:pay").has_value());
            CHECK(running.actions() == std::vector<std::string>{"act:cancel", "act:pay"});
            SDL_Event close{};
            close.type = SDL_QUIT;
            SDL_PushEvent(&close);
        });
        unsetenv("SDL_VIDEODRIVER");
    }

    TEST_CASE("a window that cannot be opened is a complaint, or, on auto, no window") {
        setenv("SDL_VIDEODRIVER", "nothing-like-that", 1);
        setenv("DISPLAY", ":987", 1);
        auto const window = Display::open(
            DisplaySettings{screen_size, DisplayMode::Window}, our_fonts(), [](auto const&) {});
        REQUIRE_FALSE(window.has_value());
        CHECK(window.error().cure.find("offscreen") != std::string::npos);
        CHECK(Display::open(
                  DisplaySettings{screen_size, DisplayMode::Auto}, our_fonts(), [](auto const&) {})
                  .has_value());
        unsetenv("SDL_VIDEODRIVER");
        unsetenv("DISPLAY");
    }
}
