#pragma once

#include <litehtml.h>

#include <optional>
#include <string>
#include <vector>

#include "kiosk/ui/display_list.hpp"
#include "kiosk/ui/fonts.hpp"

namespace kiosk::ui {

/// What litehtml asks of its surroundings while it lays a page out and draws it: fonts are measured
/// by Pango, and drawing writes a display list. Requests that our pages have no use for (loading of
/// images, imports, captions) are remembered as a fault instead of being ignored.
class Container final : public litehtml::document_container {
public:
    Container(Size size, Fonts& fonts) : size_{size}, fonts_{fonts} {}
    Container(Container const&) = delete;
    Container& operator=(Container const&) = delete;
    virtual ~Container() = default;

    /// What `document::draw` writes from now on.
    void start_list() { list_.clear(); }
    [[nodiscard]] DisplayList take_list() { return std::move(list_); }
    [[nodiscard]] std::optional<std::string> const& fault() const { return fault_; }

    litehtml::uint_ptr create_font(
        char const* faces, int size, int weight, litehtml::font_style italic,
        unsigned int decoration, litehtml::font_metrics* metrics) override;
    void delete_font(litehtml::uint_ptr font) override;
    int text_width(char const* text, litehtml::uint_ptr font) override;
    void draw_text(
        litehtml::uint_ptr target, char const* text, litehtml::uint_ptr font,
        litehtml::web_color color, litehtml::position const& at) override;
    [[nodiscard]] int pt_to_px(int points) const override;
    [[nodiscard]] int get_default_font_size() const override;
    [[nodiscard]] char const* get_default_font_name() const override;
    void draw_list_marker(litehtml::uint_ptr target, litehtml::list_marker const& marker) override;
    void load_image(char const* source, char const* base, bool redraw_on_ready) override;
    void get_image_size(char const* source, char const* base, litehtml::size& size) override;
    void draw_background(
        litehtml::uint_ptr target, litehtml::background_paint const& background) override;
    void draw_borders(
        litehtml::uint_ptr target, litehtml::borders const& borders, litehtml::position const& at,
        bool root) override;
    void set_caption(char const* caption) override;
    void set_base_url(char const* base) override;
    void link(
        std::shared_ptr<litehtml::document> const& document,
        litehtml::element::ptr const& element) override;
    void on_anchor_click(char const* url, litehtml::element::ptr const& element) override;
    void set_cursor(char const* cursor) override;
    void transform_text(litehtml::tstring& text, litehtml::text_transform how) override;
    void import_css(
        litehtml::tstring& text, litehtml::tstring const& url, litehtml::tstring& base) override;
    void set_clip(
        litehtml::position const& box, litehtml::border_radiuses const& corners, bool valid_x,
        bool valid_y) override;
    void del_clip() override;
    void get_client_rect(litehtml::position& client) const override;
    std::shared_ptr<litehtml::element> create_element(
        char const* tag, litehtml::string_map const& attributes,
        std::shared_ptr<litehtml::document> const& document) override;
    void get_media_features(litehtml::media_features& media) const override;
    void get_language(litehtml::tstring& language, litehtml::tstring& culture) const override;

private:
    [[nodiscard]] Box clip() const;
    void complain(std::string problem);

    Size size_;
    Fonts& fonts_;
    DisplayList list_;
    std::vector<Box> clips_;
    std::optional<std::string> fault_;
};

} // namespace kiosk::ui
