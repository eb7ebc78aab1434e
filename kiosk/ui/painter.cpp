#include "kiosk/ui/painter.hpp"

#include <cairo.h>

#include <cassert>
#include <cstring>
#include <numbers>

namespace kiosk::ui {

namespace {

using Target = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

void set_color(cairo_t* target, Color color) {
    cairo_set_source_rgba(
        target, color.red / 255.0, color.green / 255.0, color.blue / 255.0, color.alpha / 255.0);
}

/// A box with rounded corners, `inset` pixels inside `box`.
void trace(cairo_t* target, Box const& box, Corners const& corners, double inset) {
    double const left = box.x + inset;
    double const top = box.y + inset;
    double const right = box.right() - inset;
    double const bottom = box.bottom() - inset;
    auto const radius = [inset](int corner) { return std::max(0.0, corner - inset); };
    constexpr double quarter = std::numbers::pi / 2;
    auto const corner = [&](double x, double y, double size, double from) {
        cairo_arc(target, x, y, size, from, from + quarter);
    };
    double const top_right = radius(corners.top_right);
    double const bottom_right = radius(corners.bottom_right);
    double const bottom_left = radius(corners.bottom_left);
    double const top_left = radius(corners.top_left);
    cairo_new_sub_path(target);
    corner(right - top_right, top + top_right, top_right, -quarter);
    corner(right - bottom_right, bottom - bottom_right, bottom_right, 0);
    corner(left + bottom_left, bottom - bottom_left, bottom_left, quarter);
    corner(left + top_left, top + top_left, top_left, 2 * quarter);
    cairo_close_path(target);
}

void draw(cairo_t* target, Fonts const& /*fonts*/, Fill const& fill) {
    set_color(target, fill.color);
    if (fill.corners == Corners{})
        cairo_rectangle(target, fill.box.x, fill.box.y, fill.box.width, fill.box.height);
    else
        trace(target, fill.box, fill.corners, 0);
    cairo_fill(target);
}

/// One side of a frame, mitred at its corners.
void draw_edge(cairo_t* target, Frame const& frame, std::size_t side) {
    auto const& [box, corners, edges] = frame;
    double const inner_left = box.x + edges[3].width;
    double const inner_top = box.y + edges[0].width;
    double const inner_right = box.right() - edges[1].width;
    double const inner_bottom = box.bottom() - edges[2].width;
    struct At {
        double x;
        double y;
    };
    std::array<At, 4> const outer{
        At{double(box.x), double(box.y)},
        At{double(box.right()), double(box.y)},
        At{double(box.right()), double(box.bottom())},
        At{double(box.x), double(box.bottom())}};
    std::array<At, 4> const inner{
        At{inner_left, inner_top},
        At{inner_right, inner_top},
        At{inner_right, inner_bottom},
        At{inner_left, inner_bottom}};
    std::size_t const next = (side + 1) % 4;
    set_color(target, edges[side].color);
    cairo_move_to(target, outer[side].x, outer[side].y);
    cairo_line_to(target, outer[next].x, outer[next].y);
    cairo_line_to(target, inner[next].x, inner[next].y);
    cairo_line_to(target, inner[side].x, inner[side].y);
    cairo_close_path(target);
    cairo_fill(target);
}

void draw(cairo_t* target, Fonts const& /*fonts*/, Frame const& frame) {
    Edge const& first = frame.edges[0];
    bool const is_even = frame.edges[1] == first && frame.edges[2] == first &&
                         frame.edges[3] == first && first.width > 0;
    if (is_even) {
        set_color(target, first.color);
        cairo_set_line_width(target, first.width);
        trace(target, frame.box, frame.corners, first.width / 2.0);
        cairo_stroke(target);
        return;
    }
    for (std::size_t side = 0; side < frame.edges.size(); ++side)
        if (frame.edges[side].width > 0)
            draw_edge(target, frame, side);
}

void draw(cairo_t* target, Fonts const& fonts, Word const& word) {
    set_color(target, word.color);
    fonts.draw(
        target, word.font, word.text, word.box.x, word.box.y + fonts.metrics(word.font).ascent);
}

} // namespace

void Picture::Destroy::operator()(cairo_surface_t* surface) const {
    cairo_surface_destroy(surface);
}

Picture::Picture(Size size)
    : size_{size},
      surface_{cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height)} {
    assert(cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS);
}

int Picture::stride() const {
    return cairo_image_surface_get_stride(surface_.get());
}

std::span<std::uint32_t const> Picture::pixels() const {
    // Rows of a 32-bit format have no padding.
    assert(stride() == size_.width * 4);
    auto const* data = cairo_image_surface_get_data(surface_.get());
    return {
        reinterpret_cast<std::uint32_t const*>(data),
        static_cast<std::size_t>(size_.width) * static_cast<std::size_t>(size_.height)};
}

Picture Picture::copy() const {
    Picture twin{size_};
    std::memcpy(
        cairo_image_surface_get_data(twin.surface_.get()),
        cairo_image_surface_get_data(surface_.get()),
        pixels().size_bytes());
    cairo_surface_mark_dirty(twin.surface_.get());
    return twin;
}

protocol::Bytes Picture::png() const {
    protocol::Bytes bytes;
    auto const append = [](void* sink, unsigned char const* data, unsigned size) {
        auto& all = *static_cast<protocol::Bytes*>(sink);
        all.insert(all.end(), data, data + size);
        return CAIRO_STATUS_SUCCESS;
    };
    auto const status = cairo_surface_write_to_png_stream(surface_.get(), append, &bytes);
    assert(status == CAIRO_STATUS_SUCCESS);
    return bytes;
}

void paint(Picture& picture, DisplayList const& list, Fonts const& fonts, Box part) {
    Target const target{cairo_create(picture.surface_.get()), &cairo_destroy};
    Box const inside = intersection(part, Box{0, 0, picture.size_.width, picture.size_.height});
    if (inside.is_empty())
        return;
    cairo_rectangle(target.get(), inside.x, inside.y, inside.width, inside.height);
    cairo_clip(target.get());
    set_color(target.get(), Color{255, 255, 255, 255});
    cairo_paint(target.get());
    for (auto const& item : list) {
        if (intersection(extent(item), inside).is_empty())
            continue;
        cairo_save(target.get());
        cairo_rectangle(target.get(), item.clip.x, item.clip.y, item.clip.width, item.clip.height);
        cairo_clip(target.get());
        std::visit([&](auto const& what) { draw(target.get(), fonts, what); }, item.what);
        cairo_restore(target.get());
    }
    cairo_surface_flush(picture.surface_.get());
}

} // namespace kiosk::ui
