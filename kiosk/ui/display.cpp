#include "kiosk/ui/display.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "kiosk/ui/stage.hpp"
#include "kiosk/ui/window.hpp"

namespace kiosk::ui {

namespace {

using protocol::fail;
using Clock = std::chrono::steady_clock;

// Long enough to be seen, short enough not to be waited for.
constexpr std::chrono::milliseconds pressed_look{150};
// Fingers bounce, and gloved ones press twice: a second touch of a person within this time is the
// same touch. A new screen can have another button in the same place.
constexpr std::chrono::milliseconds bounce{300};
// A page takes 20 ms. Whoever waits longer waits for a program that is ending.
constexpr std::chrono::seconds touch_answer_max{2};
constexpr std::size_t touches_waiting_max = 16;

struct TouchRequest {
    std::variant<Point, std::string> where;
    std::optional<Result<Touched, TouchError>> answer;
    bool is_abandoned = false;
};

} // namespace

class Display::Loop {
public:
    Loop(Size size, Fonts fonts, Listener listener, std::unique_ptr<Window> window)
        : size_{size},
          listener_{std::move(listener)},
          window_{std::move(window)},
          stage_{size, std::move(fonts)} {}

    void run();
    void quit();
    void show(screens::Page page);
    [[nodiscard]] Screen screen() const;
    [[nodiscard]] std::uint64_t drawn() const;
    [[nodiscard]] Snapshot picture() const;
    [[nodiscard]] Result<Touched, TouchError> touch(std::variant<Point, std::string> where);

private:
    void handle(WindowEvent const& event);
    void show_pending();
    void serve_touches();
    [[nodiscard]] Result<Touched, TouchError> serve(TouchRequest const& request);
    void press(Point at);
    void release(Point at);
    void rest_when_due();
    [[nodiscard]] std::optional<std::chrono::milliseconds> until_rest() const;
    [[nodiscard]] bool is_quitting() const;

    Size size_;
    Listener listener_;
    std::unique_ptr<Window> window_;

    // The main thread writes the stage, others read its picture. The main thread reads it without
    // the lock, being the only writer.
    mutable std::mutex stage_mutex_;
    Stage stage_;

    // What others ask of the main thread. A lock of its own: who shows a page must not wait for the
    // drawing of the one before.
    mutable std::mutex requests_mutex_;
    std::condition_variable answered_;
    std::optional<screens::Page> pending_page_;
    std::deque<std::shared_ptr<TouchRequest>> touches_; // Shared with the waiting caller.
    bool quitting_ = false;

    // Of the main thread alone.
    std::optional<Clock::time_point> rest_at_;
    std::optional<Clock::time_point> last_touch_;
};

void Display::Loop::run() {
    while (!is_quitting()) {
        show_pending();
        serve_touches();
        rest_when_due();
        if (auto const event = window_->wait(until_rest()))
            handle(*event);
    }
    std::lock_guard const lock{requests_mutex_};
    for (auto const& request : touches_)
        request->answer = fail(TouchError::NotRunning);
    touches_.clear();
    answered_.notify_all();
}

void Display::Loop::quit() {
    {
        std::lock_guard const lock{requests_mutex_};
        quitting_ = true;
    }
    window_->wake();
}

bool Display::Loop::is_quitting() const {
    std::lock_guard const lock{requests_mutex_};
    return quitting_;
}

void Display::Loop::show(screens::Page page) {
    {
        std::lock_guard const lock{requests_mutex_};
        pending_page_ = std::move(page);
    }
    window_->wake();
}

void Display::Loop::show_pending() {
    std::optional<screens::Page> page;
    {
        std::lock_guard const lock{requests_mutex_};
        page = std::exchange(pending_page_, std::nullopt);
    }
    if (!page)
        return;
    Box changed;
    {
        std::lock_guard const lock{stage_mutex_};
        auto const shown = stage_.show(*page);
        if (!shown) {
            spdlog::critical("screen.broken {}", protocol::to_string(shown.error()));
            return;
        }
        changed = *shown;
    }
    rest_at_.reset();
    if (!changed.is_empty())
        window_->present(stage_.picture(), changed);
}

void Display::Loop::handle(WindowEvent const& event) {
    if (auto const* down = std::get_if<FingerDown>(&event)) {
        auto const now = Clock::now();
        if (last_touch_ && now - *last_touch_ < bounce)
            return;
        last_touch_ = now;
        press(down->at);
    } else if (auto const* up = std::get_if<FingerUp>(&event)) {
        release(up->at);
    } else if (std::holds_alternative<Exposed>(event)) {
        window_->present(stage_.picture(), Box{0, 0, size_.width, size_.height});
    } else if (std::holds_alternative<Closed>(event)) {
        quit();
    }
}

void Display::Loop::press(Point at) {
    Box changed;
    {
        std::lock_guard const lock{stage_mutex_};
        changed = stage_.press(at);
    }
    rest_at_.reset();
    if (!changed.is_empty())
        window_->present(stage_.picture(), changed);
}

void Display::Loop::release(Point at) {
    std::optional<std::string> action;
    {
        std::lock_guard const lock{stage_mutex_};
        action = stage_.release(at);
    }
    rest_at_ = Clock::now() + pressed_look;
    if (action)
        listener_(*action);
}

void Display::Loop::rest_when_due() {
    if (!rest_at_ || Clock::now() < *rest_at_)
        return;
    rest_at_.reset();
    Box changed;
    {
        std::lock_guard const lock{stage_mutex_};
        changed = stage_.rest();
    }
    if (!changed.is_empty())
        window_->present(stage_.picture(), changed);
}

std::optional<std::chrono::milliseconds> Display::Loop::until_rest() const {
    if (!rest_at_)
        return std::nullopt;
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(*rest_at_ - Clock::now());
    return std::max(left, std::chrono::milliseconds{1});
}

void Display::Loop::serve_touches() {
    for (;;) {
        std::shared_ptr<TouchRequest> request;
        {
            std::lock_guard const lock{requests_mutex_};
            while (!touches_.empty() && touches_.front()->is_abandoned)
                touches_.pop_front();
            if (touches_.empty())
                return;
            request = std::move(touches_.front());
            touches_.pop_front();
        }
        auto answer = serve(*request);
        {
            std::lock_guard const lock{requests_mutex_};
            request->answer = std::move(answer);
        }
        answered_.notify_all();
        show_pending();
    }
}

Result<Touched, TouchError> Display::Loop::serve(TouchRequest const& request) {
    Point at;
    if (auto const* point = std::get_if<Point>(&request.where)) {
        at = *point;
        if (!Box{0, 0, size_.width, size_.height}.contains(at))
            return fail(TouchError::OutsideScreen);
    } else {
        auto const& action = std::get<std::string>(request.where);
        auto const* layout = stage_.layout();
        Anchor const* found = nullptr;
        if (layout != nullptr)
            for (auto const& anchor : layout->anchors())
                if (anchor.action == action)
                    found = &anchor;
        if (found == nullptr)
            return fail(TouchError::NoSuchAction);
        at = Point{found->box.x + found->box.width / 2, found->box.y + found->box.height / 2};
    }
    press(at);
    auto const* layout = stage_.layout();
    auto const anchor = layout == nullptr ? std::nullopt : layout->hit(at);
    Touched touched{anchor ? layout->anchors()[*anchor].action : "", stage_.drawn()};
    release(at);
    return touched;
}

Result<Touched, TouchError> Display::Loop::touch(std::variant<Point, std::string> where) {
    auto const request = std::make_shared<TouchRequest>();
    request->where = std::move(where);
    {
        std::lock_guard const lock{requests_mutex_};
        if (quitting_ || touches_.size() == touches_waiting_max)
            return fail(TouchError::NotRunning);
        touches_.push_back(request);
    }
    window_->wake();
    std::unique_lock lock{requests_mutex_};
    answered_.wait_for(lock, touch_answer_max, [&] { return request->answer.has_value(); });
    if (request->answer)
        return *request->answer;
    request->is_abandoned = true;
    return fail(TouchError::NotRunning);
}

Screen Display::Loop::screen() const {
    std::lock_guard const lock{stage_mutex_};
    Screen screen;
    screen.drawn = stage_.drawn();
    if (auto const* layout = stage_.layout()) {
        screen.id = layout->id();
        screen.texts = layout->texts();
        screen.actions = layout->anchors();
    }
    return screen;
}

std::uint64_t Display::Loop::drawn() const {
    std::lock_guard const lock{stage_mutex_};
    return stage_.drawn();
}

Snapshot Display::Loop::picture() const {
    Snapshot snapshot;
    auto const copy = [&] {
        std::lock_guard const lock{stage_mutex_};
        snapshot.drawn = stage_.drawn();
        return stage_.picture().copy();
    }();
    snapshot.png = copy.png();
    return snapshot;
}

Result<std::unique_ptr<Display>, Complaint> Display::open(
    DisplaySettings const& settings, Fonts fonts, Listener listener) {
    assert(settings.size.width > 0 && settings.size.height > 0);
    std::unique_ptr<Window> window;
    bool const wants_window = settings.mode == DisplayMode::Window ||
                              (settings.mode == DisplayMode::Auto && has_display());
    if (wants_window) {
        auto opened = open_sdl_window(settings.size);
        if (opened)
            window = *std::move(opened);
        else if (settings.mode == DisplayMode::Window)
            return fail(std::move(opened).error());
        else
            spdlog::warn("screen.offscreen {}", protocol::to_string(opened.error()));
    }
    if (!window)
        window = make_offscreen_window();
    return std::unique_ptr<Display>{new Display{std::make_unique<Loop>(
        settings.size, std::move(fonts), std::move(listener), std::move(window))}};
}

Display::Display(std::unique_ptr<Loop> loop) : loop_{std::move(loop)} {}
Display::~Display() = default;
void Display::run() {
    loop_->run();
}
void Display::quit() {
    loop_->quit();
}
void Display::show(screens::Page page) {
    loop_->show(std::move(page));
}
Screen Display::screen() const {
    return loop_->screen();
}
std::uint64_t Display::drawn() const {
    return loop_->drawn();
}
Snapshot Display::picture() const {
    return loop_->picture();
}
Result<Touched, TouchError> Display::touch(Point point) {
    return loop_->touch(point);
}
Result<Touched, TouchError> Display::touch(std::string_view action) {
    return loop_->touch(std::string{action});
}

} // namespace kiosk::ui
