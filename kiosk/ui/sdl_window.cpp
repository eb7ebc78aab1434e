#include <SDL.h>

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <string_view>

#include "kiosk/ui/window.hpp"

namespace kiosk::ui {

namespace {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

// SDL 2.26 sleeps in the kernel on these; on its other drivers (KMSDRM) it polls, and so do we,
// ten times less often than SDL would: 10 ms nobody feels under the finger.
constexpr std::string_view drivers_that_wait[] = {"x11", "wayland"};
constexpr std::chrono::milliseconds poll_period{10};

class SdlWindow final : public Window {
public:
    SdlWindow(SDL_Window* window, Size page, Uint32 wake_event)
        : window_{window}, page_{page}, wake_event_{wake_event} {
        auto const* driver = SDL_GetCurrentVideoDriver();
        for (auto const name : drivers_that_wait)
            waits_ = waits_ || (driver != nullptr && name == driver);
    }
    ~SdlWindow() override {
        SDL_DestroyWindow(window_);
        SDL_Quit();
    }
    SdlWindow(SdlWindow const&) = delete;
    SdlWindow& operator=(SdlWindow const&) = delete;
    SdlWindow(SdlWindow&&) = delete;
    SdlWindow& operator=(SdlWindow&&) = delete;

    void present(Picture const& picture, Box changed) override {
        SDL_Surface* target = SDL_GetWindowSurface(window_);
        if (target == nullptr)
            return; // The window is being resized: an Exposed follows.
        // SDL only reads from it; its interface has no const.
        auto* pixels = const_cast<std::uint32_t*>(picture.pixels().data());
        std::unique_ptr<SDL_Surface, decltype(&SDL_FreeSurface)> const source{
            SDL_CreateRGBSurfaceWithFormatFrom(
                pixels,
                picture.size().width,
                picture.size().height,
                32,
                picture.stride(),
                SDL_PIXELFORMAT_XRGB8888),
            &SDL_FreeSurface};
        if (!source)
            return;
        if (target->w == page_.width && target->h == page_.height) {
            SDL_Rect part{changed.x, changed.y, changed.width, changed.height};
            SDL_Rect place = part;
            SDL_BlitSurface(source.get(), &part, target, &place);
            SDL_UpdateWindowSurfaceRects(window_, &part, 1);
        } else {
            SDL_BlitScaled(source.get(), nullptr, target, nullptr);
            SDL_UpdateWindowSurface(window_);
        }
    }

    std::optional<WindowEvent> wait(std::optional<std::chrono::milliseconds> longest) override {
        SDL_Event event{};
        auto const start = std::chrono::steady_clock::now();
        for (;;) {
            auto const passed = std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::steady_clock::now() - start);
            if (longest && passed >= *longest)
                return std::nullopt;
            bool has_event = false;
            if (!waits_) {
                has_event = SDL_PollEvent(&event) == 1;
                if (!has_event)
                    rest(longest ? std::min(poll_period, *longest - passed) : poll_period);
            } else if (longest) {
                has_event = SDL_WaitEventTimeout(
                                &event, static_cast<int>((*longest - passed).count())) == 1;
            } else {
                has_event = SDL_WaitEvent(&event) == 1;
            }
            if (has_event)
                if (auto translated = translate(event))
                    return translated;
        }
    }

    void wake() override {
        SDL_Event event{};
        event.type = wake_event_;
        SDL_PushEvent(&event); // Safe from any thread. A full queue wakes as well.
        {
            std::lock_guard const lock{mutex_};
            woken_ = true;
        }
        woken_up_.notify_one();
    }

private:
    /// Until somebody calls `wake`, at most so long.
    void rest(std::chrono::milliseconds longest) {
        std::unique_lock lock{mutex_};
        woken_up_.wait_for(lock, longest, [this] { return woken_; });
        woken_ = false;
    }

    [[nodiscard]] std::optional<WindowEvent> translate(SDL_Event const& event) {
        switch (event.type) {
        case SDL_QUIT: return Closed{};
        case SDL_WINDOWEVENT:
            if (event.window.event == SDL_WINDOWEVENT_EXPOSED ||
                event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED)
                return Exposed{};
            return std::nullopt;
        case SDL_FINGERDOWN:
        case SDL_FINGERUP: return finger(event.tfinger);
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP: return button(event.button);
        default: // Not an enum of ours: SDL has a hundred events, and we want six.
            if (event.type == wake_event_)
                return Woken{};
            return std::nullopt;
        }
    }

    [[nodiscard]] std::optional<WindowEvent> finger(SDL_TouchFingerEvent const& event) {
        // The first finger counts; a palm or a second hand beside it does not.
        bool const is_down = event.type == SDL_FINGERDOWN;
        if (is_down ? finger_.has_value() : finger_ != event.fingerId)
            return std::nullopt;
        finger_ = is_down ? std::optional{event.fingerId} : std::nullopt;
        Point const at{
            static_cast<int>(event.x * static_cast<float>(page_.width)),
            static_cast<int>(event.y * static_cast<float>(page_.height))};
        if (is_down)
            return FingerDown{at};
        return FingerUp{at};
    }

    [[nodiscard]] std::optional<WindowEvent> button(SDL_MouseButtonEvent const& event) {
        // SDL makes mouse events of touches too: those were seen already.
        if (event.which == SDL_TOUCH_MOUSEID || event.button != SDL_BUTTON_LEFT)
            return std::nullopt;
        Size window{};
        SDL_GetWindowSize(window_, &window.width, &window.height);
        if (window.width <= 0 || window.height <= 0)
            return std::nullopt;
        Point const at{
            event.x * page_.width / window.width, event.y * page_.height / window.height};
        if (event.type == SDL_MOUSEBUTTONDOWN)
            return FingerDown{at};
        return FingerUp{at};
    }

    SDL_Window* window_;
    Size page_;
    Uint32 wake_event_;
    bool waits_ = false;
    std::optional<SDL_FingerID> finger_;
    std::mutex mutex_; // `wake` comes from other threads.
    std::condition_variable woken_up_;
    bool woken_ = false;
};

Complaint sdl_complaint(std::string const& what) {
    return Complaint{
        "[screen] display",
        what + ": " + SDL_GetError(),
        "connect a display, or set display = \"offscreen\""};
}

} // namespace

Result<std::unique_ptr<Window>, Complaint> open_sdl_window(Size size) {
    // SIGTERM is the program's business, not SDL's.
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return fail(sdl_complaint("SDL finds no display"));
    SDL_DisplayMode mode{};
    bool const fills_display =
        SDL_GetDesktopDisplayMode(0, &mode) == 0 && mode.w == size.width && mode.h == size.height;
    SDL_Window* window = SDL_CreateWindow(
        "kiosk",
        SDL_WINDOWPOS_CENTERED,
        SDL_WINDOWPOS_CENTERED,
        size.width,
        size.height,
        fills_display ? SDL_WINDOW_FULLSCREEN_DESKTOP : SDL_WINDOW_RESIZABLE);
    Uint32 const wake_event = SDL_RegisterEvents(1);
    if (window == nullptr || SDL_GetWindowSurface(window) == nullptr || wake_event == Uint32(-1)) {
        auto complaint = sdl_complaint("SDL cannot open a window");
        if (window != nullptr)
            SDL_DestroyWindow(window);
        SDL_Quit();
        return fail(std::move(complaint));
    }
    if (fills_display)
        SDL_ShowCursor(SDL_DISABLE);
    return std::make_unique<SdlWindow>(window, size, wake_event);
}

} // namespace kiosk::ui
