#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/screens/views.hpp"
#include "kiosk/ui/fonts.hpp"
#include "kiosk/ui/geometry.hpp"
#include "kiosk/ui/layout.hpp"
#include "protocol/base/bytes.hpp"

namespace kiosk::ui {

enum class DisplayMode : std::uint8_t { Auto, Window, Offscreen };

struct DisplaySettings {
    Size size{1280, 1024};
    DisplayMode mode = DisplayMode::Auto;
};

/// What is on the screen now, for programs.
struct Screen {
    std::string id; ///< Empty until the first page is shown.
    std::uint64_t drawn = 0;
    std::vector<std::string> texts;
    std::vector<Anchor> actions;
};

/// What is presented, as a PNG.
struct Snapshot {
    std::uint64_t drawn = 0;
    protocol::Bytes png;
};

struct Touched {
    std::string action; ///< Empty: there is nothing to touch there.
    std::uint64_t drawn = 0;
};
enum class TouchError : std::uint8_t {
    NoSuchAction,  ///< It is not on the screen.
    OutsideScreen, ///< The point is.
    NotRunning,    ///< `run` did not answer in time.
};

/// The kiosk's screen. The main thread opens it and sits in `run`; everything else may be called
/// from any thread but that one.
class Display {
public:
    /// Called on the main thread with "act:..." for each touch of an anchor. It must not wait for
    /// whoever calls `touch`, who waits for it.
    using Listener = std::function<void(std::string const& action)>;

    [[nodiscard]] static Result<std::unique_ptr<Display>, Complaint> open(
        DisplaySettings const& settings, Fonts fonts, Listener listener);
    ~Display();
    Display(Display const&) = delete;
    Display& operator=(Display const&) = delete;
    Display(Display&&) = delete;
    Display& operator=(Display&&) = delete;

    /// Shows, waits and listens until `quit`, or until somebody closes the window.
    void run();
    void quit();

    /// Of several pages shown at once only the last is drawn.
    void show(screens::Page page);

    [[nodiscard]] Screen screen() const;
    [[nodiscard]] std::uint64_t drawn() const;
    [[nodiscard]] Snapshot picture() const;

    /// A finger that goes down and up there; waits until the listener has been called.
    [[nodiscard]] Result<Touched, TouchError> touch(Point point);
    /// The same in the middle of that anchor.
    [[nodiscard]] Result<Touched, TouchError> touch(std::string_view action);

private:
    class Loop;
    explicit Display(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

} // namespace kiosk::ui
