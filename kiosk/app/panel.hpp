#pragma once

#include <string>

#include "kiosk/app/ears.hpp"
#include "kiosk/app/till.hpp"
#include "kiosk/control/server.hpp"
#include "kiosk/ui/display.hpp"

namespace kiosk::app {

/// The control socket's view of the kiosk. A touch here is a finger: it goes through the screen.
class Panel final : public control::Panel {
public:
    Panel(ui::Display& display, Till const& till, ScannerEar const& scanner)
        : display_{display}, till_{till}, scanner_{scanner} {}

    [[nodiscard]] control::ScreenAnswer screen() override;
    [[nodiscard]] control::PictureAnswer picture() override;
    [[nodiscard]] control::StateAnswer state() override;
    [[nodiscard]] protocol::Result<control::TouchAnswer, std::string> touch(
        control::TouchPoint point) override;
    [[nodiscard]] protocol::Result<control::TouchAnswer, std::string> touch(
        control::TouchAction action) override;

private:
    ui::Display& display_;
    Till const& till_;
    ScannerEar const& scanner_;
};

} // namespace kiosk::app
