#include "kiosk/ui/window.hpp"

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>

namespace kiosk::ui {

namespace {

class OffscreenWindow final : public Window {
public:
    void present(Picture const& /*picture*/, Box /*changed*/) override {}

    std::optional<WindowEvent> wait(std::optional<std::chrono::milliseconds> longest) override {
        std::unique_lock lock{mutex_};
        auto const is_woken = [this] { return woken_; };
        if (longest)
            condition_.wait_for(lock, *longest, is_woken);
        else
            condition_.wait(lock, is_woken);
        if (!woken_)
            return std::nullopt;
        woken_ = false;
        return Woken{};
    }

    void wake() override {
        {
            std::lock_guard const lock{mutex_};
            woken_ = true;
        }
        condition_.notify_one();
    }

private:
    std::mutex mutex_; // `wake` comes from other threads.
    std::condition_variable condition_;
    bool woken_ = false;
};

} // namespace

std::unique_ptr<Window> make_offscreen_window() {
    return std::make_unique<OffscreenWindow>();
}

bool has_display() {
    auto const is_set = [](char const* name) {
        // Asked before any thread is made.
        auto const* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
        return value != nullptr && *value != '\0';
    };
    std::error_code ignored;
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") ||
           std::filesystem::exists("/dev/dri/card0", ignored);
}

} // namespace kiosk::ui
