#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "kiosk/ui/geometry.hpp"
#include "kiosk/ui/painter.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace kiosk::ui {

struct FingerDown {
    Point at; ///< On the page, whatever the size of the window.
};
struct FingerUp {
    Point at;
};
/// The window must be presented whole: it was covered, or is new.
struct Exposed {};
struct Closed {};
/// Somebody called `wake`.
struct Woken {};
using WindowEvent = std::variant<FingerDown, FingerUp, Exposed, Closed, Woken>;

/// A place to show the picture and to be touched, or, offscreen, only to be woken. All but `wake`
/// is called on the main thread.
class Window {
public:
    virtual ~Window() = default;
    Window() = default;
    Window(Window const&) = delete;
    Window& operator=(Window const&) = delete;
    Window(Window&&) = delete;
    Window& operator=(Window&&) = delete;

    virtual void present(Picture const& picture, Box changed) = 0;
    /// Sleeps until something happens or `longest` has passed.
    [[nodiscard]] virtual std::optional<WindowEvent> wait(
        std::optional<std::chrono::milliseconds> longest) = 0;
    /// Ends a `wait`, from any thread.
    virtual void wake() = 0;
};

[[nodiscard]] std::unique_ptr<Window> make_offscreen_window();
/// A window of SDL2's. Complains when there is no display that SDL can open.
[[nodiscard]] protocol::Result<std::unique_ptr<Window>, protocol::Complaint> open_sdl_window(
    Size size);
/// Whether this machine seems to have a display at all: X11, Wayland or DRM.
[[nodiscard]] bool has_display();

} // namespace kiosk::ui
