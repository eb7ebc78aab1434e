#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/ui/geometry.hpp"

/// What there is to draw, as values. Layout writes it, the painter carries it out, and the
/// difference of two lists says which part of the screen must be drawn again.
namespace kiosk::ui {

struct Color {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    std::uint8_t alpha = 255;
    friend bool operator==(Color const&, Color const&) = default;
};

/// Radii in pixels.
struct Corners {
    int top_left = 0;
    int top_right = 0;
    int bottom_right = 0;
    int bottom_left = 0;
    friend bool operator==(Corners const&, Corners const&) = default;
};

struct Fill {
    Box box;
    Corners corners;
    Color color;
    friend bool operator==(Fill const&, Fill const&) = default;
};

struct Edge {
    int width = 0;
    Color color;
    friend bool operator==(Edge const&, Edge const&) = default;
};
/// Lines along the inside of a box: top, right, bottom, left.
struct Frame {
    Box box;
    Corners corners;
    std::array<Edge, 4> edges;
    friend bool operator==(Frame const&, Frame const&) = default;
};

/// A word. `font` is a number from `Fonts`.
struct Word {
    Box box;
    std::string text;
    std::size_t font = 0;
    Color color;
    friend bool operator==(Word const&, Word const&) = default;
};

struct Item {
    std::variant<Fill, Frame, Word> what;
    Box clip; ///< Nothing outside it is drawn.
    friend bool operator==(Item const&, Item const&) = default;
};
using DisplayList = std::vector<Item>;

/// Where an item may leave pixels, its clip included.
[[nodiscard]] Box extent(Item const& item);

/// A box outside of which both lists give the same pixels. Empty when they are equal.
[[nodiscard]] Box difference(DisplayList const& before, DisplayList const& after);

} // namespace kiosk::ui
