#include "devices/printer/ticket_picture.hpp"

#include <cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "devices/printer/layout.hpp"

namespace devices::printer {

namespace {

constexpr int paper_width = 640; // 80 mm, 8 dots each.
constexpr int margin = 32;       // 4 mm that the head does not reach.
constexpr int edge = 28;         // White at the top and at the bottom.
constexpr int line_height = 34;
constexpr int double_line_height = 58;
constexpr double font_pixels = 25;
constexpr int picture_height_max = 32'000; // Cairo's own limit is 32 767.

template <class T, void (*free)(T*)>
struct Free {
    void operator()(T* object) const { free(object); }
};
using Surface = std::unique_ptr<cairo_surface_t, Free<cairo_surface_t, cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Free<cairo_t, cairo_destroy>>;
using FontOptions =
    std::unique_ptr<cairo_font_options_t, Free<cairo_font_options_t, cairo_font_options_destroy>>;
using FontDescription =
    std::unique_ptr<PangoFontDescription, Free<PangoFontDescription, pango_font_description_free>>;
struct Unref {
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

int height_of(Printed const& piece) {
    if (auto const* line = std::get_if<PrintedLine>(&piece))
        return line->size == Size::Double ? double_line_height : line_height;
    if (auto const* blank = std::get_if<BlankPaper>(&piece))
        return static_cast<int>(std::min<std::size_t>(blank->dots, picture_height_max));
    return 1;
}

std::size_t character_size(char lead) {
    auto const byte = static_cast<std::uint8_t>(lead);
    if (byte < 0x80)
        return 1;
    return byte < 0xE0 ? 2 : 3;
}

class Picture {
public:
    explicit Picture(int height)
        : surface_{cairo_image_surface_create(CAIRO_FORMAT_RGB24, paper_width, height)},
          context_{cairo_create(surface_.get())},
          layout_{pango_cairo_create_layout(context_.get())} {
        // Hinting would fit letters to a screen's pixels; a head has its own.
        FontOptions const options{cairo_font_options_create()};
        cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
        cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(
            pango_layout_get_context(layout_.get()), options.get());
        FontDescription const font{
            pango_font_description_from_string("PT Mono,DejaVu Sans Mono,monospace")};
        pango_font_description_set_absolute_size(font.get(), font_pixels * PANGO_SCALE);
        pango_layout_set_font_description(layout_.get(), font.get());
        pango_layout_context_changed(layout_.get());
        draw_paper(height);
    }

    void draw(PrintedLine const& line, int y) {
        double const scale = line.size == Size::Double ? 2 : 1;
        double const columns = line.is_narrow ? paper_columns : 30;
        double const cell = static_cast<double>(paper_dots) / columns * scale;
        auto const length =
            static_cast<double>(std::count_if(line.text.begin(), line.text.end(), [](char byte) {
                return (static_cast<std::uint8_t>(byte) & 0xC0U) != 0x80U;
            }));
        double x = margin;
        if (line.align == Align::Centre)
            x += (static_cast<double>(paper_dots) - length * cell) / 2;
        else if (line.align == Align::Right)
            x += static_cast<double>(paper_dots) - length * cell;
        std::string_view text = line.text;
        while (!text.empty()) {
            std::size_t const size = std::min(character_size(text[0]), text.size());
            draw_character(text.substr(0, size), x, y, scale, line.weight);
            text.remove_prefix(size);
            x += cell;
        }
    }

    void draw(PrintedDots const& dots, int y) {
        for (std::size_t dot = 0; dot < dots.bits.size() * 8; ++dot)
            if ((dots.bits[dot / 8] & 0x80U >> dot % 8) != 0)
                cairo_rectangle(context_.get(), margin + static_cast<double>(dot), y, 1, 1);
        cairo_fill(context_.get());
    }
    void draw(BlankPaper const&, int) {}

    [[nodiscard]] protocol::Bytes png() const {
        protocol::Bytes bytes;
        auto const append = [](void* to, unsigned char const* data, unsigned size) {
            auto& all = *static_cast<protocol::Bytes*>(to);
            all.insert(all.end(), data, data + size);
            return CAIRO_STATUS_SUCCESS;
        };
        cairo_surface_write_to_png_stream(surface_.get(), append, &bytes);
        return bytes;
    }

private:
    void draw_paper(int height) {
        cairo_set_source_rgb(context_.get(), 0.992, 0.988, 0.972);
        cairo_paint(context_.get());
        // The paper is bent by the rollers: a little darker at its sides.
        cairo_pattern_t* const bend = cairo_pattern_create_linear(0, 0, paper_width, 0);
        cairo_pattern_add_color_stop_rgba(bend, 0, 0, 0, 0, 0.07);
        cairo_pattern_add_color_stop_rgba(bend, 0.03, 0, 0, 0, 0);
        cairo_pattern_add_color_stop_rgba(bend, 0.97, 0, 0, 0, 0);
        cairo_pattern_add_color_stop_rgba(bend, 1, 0, 0, 0, 0.07);
        cairo_set_source(context_.get(), bend);
        cairo_paint(context_.get());
        cairo_pattern_destroy(bend);
        cairo_set_source_rgb(context_.get(), 0, 0, 0);
        cairo_set_line_width(context_.get(), 1);
        cairo_set_source_rgba(context_.get(), 0, 0, 0, 0.18);
        cairo_rectangle(context_.get(), 0.5, 0.5, paper_width - 1, height - 1);
        cairo_stroke(context_.get());
        cairo_set_source_rgb(context_.get(), 0.07, 0.07, 0.08);
        cairo_set_antialias(context_.get(), CAIRO_ANTIALIAS_NONE);
    }

    void draw_character(std::string_view character, double x, int y, double scale, Weight weight) {
        if (character == " ")
            return;
        pango_layout_set_text(layout_.get(), character.data(), static_cast<int>(character.size()));
        cairo_save(context_.get());
        cairo_translate(context_.get(), x, y);
        cairo_scale(context_.get(), scale, scale);
        cairo_move_to(context_.get(), 0, 0);
        pango_cairo_show_layout(context_.get(), layout_.get());
        if (weight == Weight::Bold) { // A thermal head prints bold by striking twice.
            cairo_move_to(context_.get(), 1, 0);
            pango_cairo_show_layout(context_.get(), layout_.get());
        }
        cairo_restore(context_.get());
    }

    Surface surface_;
    Context context_;
    Layout layout_;
};

} // namespace

protocol::Bytes render_png(Ticket const& ticket) {
    int height = 2 * edge;
    for (Printed const& piece : ticket.content)
        height = std::min(height + height_of(piece), picture_height_max);

    Picture picture{height};
    int y = edge;
    for (Printed const& piece : ticket.content) {
        std::visit([&](auto const& printed) { picture.draw(printed, y); }, piece);
        y += height_of(piece);
        if (y >= height) // The rest would be drawn beside the paper.
            break;
    }
    return picture.png();
}

} // namespace devices::printer
