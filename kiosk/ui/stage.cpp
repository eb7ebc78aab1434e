#include "kiosk/ui/stage.hpp"

#include <utility>

namespace kiosk::ui {

Stage::Stage(Size size, Fonts fonts) : size_{size}, fonts_{std::move(fonts)}, picture_{size} {}

Result<Box, Complaint> Stage::show(screens::Page const& page) {
    TRY(Layout next, Layout::of(page, size_, fonts_));
    Box const changed =
        layout_ ? difference(layout_->list(), next.list()) : Box{0, 0, size_.width, size_.height};
    layout_ = std::move(next);
    touched_.reset();
    return draw(changed);
}

Box Stage::press(Point point) {
    touched_ = layout_ ? layout_->hit(point) : std::nullopt;
    return press_anchor(touched_);
}

std::optional<std::string> Stage::release(Point point) {
    auto const touched = std::exchange(touched_, std::nullopt);
    if (!layout_ || !touched || layout_->hit(point) != touched)
        return std::nullopt;
    return layout_->anchors()[*touched].action;
}

Box Stage::rest() {
    return press_anchor(std::nullopt);
}

Box Stage::press_anchor(std::optional<std::size_t> anchor) {
    if (!layout_)
        return Box{};
    DisplayList const before = layout_->list();
    layout_->press(anchor);
    return draw(difference(before, layout_->list()));
}

Box Stage::draw(Box changed) {
    if (changed.is_empty())
        return Box{};
    paint(picture_, layout_->list(), fonts_, changed);
    ++drawn_;
    return changed;
}

} // namespace kiosk::ui
