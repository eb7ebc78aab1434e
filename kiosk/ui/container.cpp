#include "kiosk/ui/container.hpp"

#include <cassert>
#include <string_view>
#include <utility>

namespace kiosk::ui {

namespace {

Box box_of(litehtml::position const& at) {
    return Box{at.x, at.y, at.width, at.height};
}

Color color_of(litehtml::web_color const& color) {
    return Color{color.red, color.green, color.blue, color.alpha};
}

Corners corners_of(litehtml::border_radiuses const& radii) {
    // Ours are circles: the x and y radii are the same.
    return Corners{radii.top_left_x, radii.top_right_x, radii.bottom_right_x, radii.bottom_left_x};
}

Edge edge_of(litehtml::border const& border) {
    bool const is_drawn = border.style != litehtml::border_style_none &&
                          border.style != litehtml::border_style_hidden;
    return is_drawn ? Edge{border.width, color_of(border.color)} : Edge{};
}

/// The first of "PT Sans, sans-serif", without quotes.
std::string first_family(std::string_view faces) {
    auto family = faces.substr(0, faces.find(','));
    while (!family.empty() &&
           (family.front() == ' ' || family.front() == '\'' || family.front() == '"'))
        family.remove_prefix(1);
    while (!family.empty() &&
           (family.back() == ' ' || family.back() == '\'' || family.back() == '"'))
        family.remove_suffix(1);
    return std::string{family};
}

// litehtml takes 0 for "no font".
litehtml::uint_ptr handle_of(std::size_t font) {
    return static_cast<litehtml::uint_ptr>(font + 1);
}
std::size_t font_of(litehtml::uint_ptr handle) {
    assert(handle != 0);
    return static_cast<std::size_t>(handle) - 1;
}

} // namespace

litehtml::uint_ptr Container::create_font(
    char const* faces, int size, int weight, litehtml::font_style italic, unsigned int decoration,
    litehtml::font_metrics* metrics) {
    auto const family = first_family(faces);
    if (!Fonts::is_known(family))
        complain("the font '" + family + "' is not one of the screens' fonts");
    if (decoration != litehtml::font_decoration_none)
        complain("text decoration is not drawn");
    auto const font = fonts_.find(family, size, weight, italic == litehtml::fontStyleItalic);
    if (metrics != nullptr) {
        auto const [pixels, ascent, descent] = fonts_.metrics(font);
        metrics->ascent = ascent;
        metrics->descent = descent;
        metrics->height = ascent + descent;
        metrics->x_height = pixels / 2;
        metrics->draw_spaces = false;
    }
    return handle_of(font);
}

void Container::delete_font(litehtml::uint_ptr /*font*/) {} // Fonts outlive pages.

int Container::text_width(char const* text, litehtml::uint_ptr font) {
    return fonts_.text_width(font_of(font), text);
}

void Container::draw_text(
    litehtml::uint_ptr /*target*/, char const* text, litehtml::uint_ptr font,
    litehtml::web_color color, litehtml::position const& at) {
    if (std::string_view{text}.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return;
    list_.push_back(Item{Word{box_of(at), text, font_of(font), color_of(color)}, clip()});
}

int Container::pt_to_px(int points) const {
    return points * 96 / 72;
}
int Container::get_default_font_size() const {
    return 24;
}
char const* Container::get_default_font_name() const {
    return "PT Sans";
}

void Container::draw_list_marker(
    litehtml::uint_ptr /*target*/, litehtml::list_marker const& /*marker*/) {
    complain("list markers are not drawn");
}
void Container::load_image(char const* source, char const* /*base*/, bool /*redraw_on_ready*/) {
    complain(std::string{"the image '"} + source + "' is not drawn");
}
void Container::get_image_size(char const* /*source*/, char const* /*base*/, litehtml::size& size) {
    size.width = 0;
    size.height = 0;
}

void Container::draw_background(
    litehtml::uint_ptr /*target*/, litehtml::background_paint const& background) {
    if (background.color.alpha == 0)
        return;
    // The root's background is the whole screen's, however short the page.
    Box const box =
        background.is_root ? Box{0, 0, size_.width, size_.height} : box_of(background.border_box);
    list_.push_back(
        Item{Fill{box, corners_of(background.border_radius), color_of(background.color)}, clip()});
}

void Container::draw_borders(
    litehtml::uint_ptr /*target*/, litehtml::borders const& borders, litehtml::position const& at,
    bool /*root*/) {
    Frame frame{
        box_of(at),
        corners_of(borders.radius),
        {edge_of(borders.top),
         edge_of(borders.right),
         edge_of(borders.bottom),
         edge_of(borders.left)}};
    for (auto const& edge : frame.edges)
        if (edge.width > 0) {
            list_.push_back(Item{frame, clip()});
            return;
        }
}

void Container::set_caption(char const* /*caption*/) {}
void Container::set_base_url(char const* /*base*/) {}
void Container::link(
    std::shared_ptr<litehtml::document> const& /*document*/,
    litehtml::element::ptr const& /*element*/) {
    complain("<link> is not followed: name the style sheet as {{{x.css}}}");
}
// Touches are answered by the anchors' boxes, not by litehtml's mouse.
void Container::on_anchor_click(char const* /*url*/, litehtml::element::ptr const& /*element*/) {}
void Container::set_cursor(char const* /*cursor*/) {}
void Container::transform_text(litehtml::tstring& /*text*/, litehtml::text_transform /*how*/) {
    complain("text-transform is not done: write the letters as they are to be");
}
void Container::import_css(
    litehtml::tstring& /*text*/, litehtml::tstring const& /*url*/, litehtml::tstring& /*base*/) {
    complain("@import is not followed: name the style sheet as {{{x.css}}}");
}

void Container::set_clip(
    litehtml::position const& box, litehtml::border_radiuses const& /*corners*/, bool valid_x,
    bool valid_y) {
    Box inside = clip();
    Box const asked = box_of(box);
    if (valid_x) {
        inside = intersection(inside, Box{asked.x, inside.y, asked.width, inside.height});
    }
    if (valid_y) {
        inside = intersection(inside, Box{inside.x, asked.y, inside.width, asked.height});
    }
    clips_.push_back(inside);
}

void Container::del_clip() {
    if (!clips_.empty())
        clips_.pop_back();
}

void Container::get_client_rect(litehtml::position& client) const {
    client = litehtml::position{0, 0, size_.width, size_.height};
}

std::shared_ptr<litehtml::element> Container::create_element(
    char const* /*tag*/, litehtml::string_map const& /*attributes*/,
    std::shared_ptr<litehtml::document> const& /*document*/) {
    return nullptr;
}

void Container::get_media_features(litehtml::media_features& media) const {
    media.type = litehtml::media_type_screen;
    media.width = media.device_width = size_.width;
    media.height = media.device_height = size_.height;
    media.color = 8;
    media.monochrome = 0;
    media.color_index = 0;
    media.resolution = 96;
}

void Container::get_language(litehtml::tstring& language, litehtml::tstring& culture) const {
    language = "ru";
    culture = "RU";
}

Box Container::clip() const {
    return clips_.empty() ? Box{0, 0, size_.width, size_.height} : clips_.back();
}

void Container::complain(std::string problem) {
    if (!fault_)
        fault_ = std::move(problem);
}

} // namespace kiosk::ui
