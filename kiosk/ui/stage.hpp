#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/screens/views.hpp"
#include "kiosk/ui/layout.hpp"
#include "kiosk/ui/painter.hpp"

namespace kiosk::ui {

/// The page that is shown, its pixels, and the finger on it. Lives on one thread and knows neither
/// window nor clock: what it changes it reports as a box to present.
class Stage {
public:
    Stage(Size size, Fonts fonts);

    /// Replaces the page. Only what differs from the page before is drawn. A finger that was down
    /// loses its hold: a button that appears under it must not be taken for the one it touched.
    /// On a complaint the old page stays.
    [[nodiscard]] Result<Box, Complaint> show(screens::Page const& page);

    /// A finger goes down: what it touches looks pressed.
    Box press(Point point);
    /// The finger goes up. The action is there when it leaves the same thing that it touched, which
    /// looks pressed until `rest` or the next page.
    [[nodiscard]] std::optional<std::string> release(Point point);
    /// Nothing looks pressed any more.
    Box rest();

    [[nodiscard]] Layout const* layout() const { return layout_ ? &*layout_ : nullptr; }
    [[nodiscard]] Picture const& picture() const { return picture_; }
    /// How many frames changed pixels.
    [[nodiscard]] std::uint64_t drawn() const { return drawn_; }

private:
    Box draw(Box changed);
    Box press_anchor(std::optional<std::size_t> anchor);

    Size size_;
    Fonts fonts_;
    Picture picture_;
    std::optional<Layout> layout_;
    std::optional<std::size_t> touched_; ///< The anchor under the finger that is down.
    std::uint64_t drawn_ = 0;
};

} // namespace kiosk::ui
