#pragma once

#include <algorithm>

namespace kiosk::ui {

struct Point {
    int x = 0;
    int y = 0;
};

struct Size {
    int width = 0;
    int height = 0;
    friend bool operator==(Size const&, Size const&) = default;
};

/// In pixels of the screen, from its top left corner. The right and bottom edges are not inside.
struct Box {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    [[nodiscard]] int right() const { return x + width; }
    [[nodiscard]] int bottom() const { return y + height; }
    [[nodiscard]] bool is_empty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] bool contains(Point point) const {
        return point.x >= x && point.x < right() && point.y >= y && point.y < bottom();
    }
    friend bool operator==(Box const&, Box const&) = default;
};

[[nodiscard]] inline Box intersection(Box const& left, Box const& right) {
    int const x = std::max(left.x, right.x);
    int const y = std::max(left.y, right.y);
    return Box{
        x,
        y,
        std::max(0, std::min(left.right(), right.right()) - x),
        std::max(0, std::min(left.bottom(), right.bottom()) - y)};
}

/// The smallest box around both; an empty box adds nothing.
[[nodiscard]] inline Box around(Box const& left, Box const& right) {
    if (left.is_empty())
        return right;
    if (right.is_empty())
        return left;
    int const x = std::min(left.x, right.x);
    int const y = std::min(left.y, right.y);
    return Box{
        x,
        y,
        std::max(left.right(), right.right()) - x,
        std::max(left.bottom(), right.bottom()) - y};
}

} // namespace kiosk::ui
