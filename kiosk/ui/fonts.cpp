#include "kiosk/ui/fonts.hpp"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <array>
#include <cassert>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kiosk::ui {

namespace {

using protocol::fail;

struct FontFile {
    char const* path;
    char const* package;
};
constexpr std::array font_files = {
    FontFile{"paratype/PTS55F.ttf", "fonts-paratype"},
    FontFile{"paratype/PTS75F.ttf", "fonts-paratype"},
    FontFile{"dejavu/DejaVuSans.ttf", "fonts-dejavu-core"},
    FontFile{"dejavu/DejaVuSans-Bold.ttf", "fonts-dejavu-core"}};
constexpr std::array families = {std::string_view{"PT Sans"}, std::string_view{"DejaVu Sans"}};

constexpr std::size_t widths_kept_max = 4096; // Words; a screen has about 150.

template <class Object>
struct Unref {
    void operator()(Object* object) const { g_object_unref(object); }
};
template <class Object>
using Held = std::unique_ptr<Object, Unref<Object>>;

struct Font {
    Held<PangoLayout> layout;
    FontMetrics metrics;
    // Measuring a word costs more than all else in layout, and pages repeat their words.
    std::unordered_map<std::string, int> widths;
};

} // namespace

struct Fonts::Library {
    Held<PangoFontMap> map;
    Held<PangoContext> context;
    std::vector<Font> fonts;
    std::map<std::tuple<std::string, int, int, bool>, std::size_t> numbers;
};

Fonts::Fonts(std::unique_ptr<Library> library) : library_{std::move(library)} {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

Result<Fonts, Complaint> Fonts::open(std::filesystem::path const& folder) {
    std::unique_ptr<FcConfig, decltype(&FcConfigDestroy)> const config{
        FcConfigCreate(), &FcConfigDestroy};
    for (auto const& file : font_files) {
        auto const path = folder / file.path;
        auto const* name = reinterpret_cast<FcChar8 const*>(path.c_str());
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored) ||
            FcConfigAppFontAddFile(config.get(), name) != FcTrue)
            return fail(Complaint{
                path.string(),
                "the font is missing, or is not a font",
                std::string{"install the Debian package "} + file.package});
    }
    auto library = std::make_unique<Library>();
    library->map.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    if (!library->map)
        return fail(Complaint{"Pango", "it was built without FreeType", "install libpangocairo"});
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(library->map.get()), config.get());
    library->context.reset(pango_font_map_create_context(library->map.get()));
    std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> const options{
        cairo_font_options_create(), &cairo_font_options_destroy};
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(library->context.get(), options.get());
    pango_cairo_context_set_resolution(library->context.get(), 96);
    pango_context_set_language(library->context.get(), pango_language_from_string("ru"));
    return Fonts{std::move(library)};
}

bool Fonts::is_known(std::string_view family) {
    for (auto known : families)
        if (known == family)
            return true;
    return false;
}

std::size_t Fonts::find(std::string_view family, int pixels, int weight, bool italic) {
    auto const [entry, is_new] = library_->numbers.try_emplace(
        std::tuple{std::string{family}, pixels, weight, italic}, library_->fonts.size());
    if (!is_new)
        return entry->second;
    std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> const description{
        pango_font_description_new(), &pango_font_description_free};
    pango_font_description_set_family(description.get(), std::string{family}.c_str());
    pango_font_description_set_absolute_size(description.get(), pixels * PANGO_SCALE);
    pango_font_description_set_weight(
        description.get(), weight >= 600 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(
        description.get(), italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    Font font;
    font.layout.reset(pango_layout_new(library_->context.get()));
    pango_layout_set_font_description(font.layout.get(), description.get());
    pango_layout_set_single_paragraph_mode(font.layout.get(), true);
    std::unique_ptr<PangoFontMetrics, decltype(&pango_font_metrics_unref)> const metrics{
        pango_context_get_metrics(library_->context.get(), description.get(), nullptr),
        &pango_font_metrics_unref};
    font.metrics.pixels = pixels;
    font.metrics.ascent = PANGO_PIXELS_CEIL(pango_font_metrics_get_ascent(metrics.get()));
    font.metrics.descent = PANGO_PIXELS_CEIL(pango_font_metrics_get_descent(metrics.get()));
    library_->fonts.push_back(std::move(font));
    return entry->second;
}

FontMetrics Fonts::metrics(std::size_t font) const {
    assert(font < library_->fonts.size());
    return library_->fonts[font].metrics;
}

int Fonts::text_width(std::size_t number, std::string const& text) const {
    assert(number < library_->fonts.size());
    Font& font = library_->fonts[number];
    if (auto const known = font.widths.find(text); known != font.widths.end())
        return known->second;
    pango_layout_set_text(font.layout.get(), text.c_str(), static_cast<int>(text.size()));
    int width = 0;
    pango_layout_get_pixel_size(font.layout.get(), &width, nullptr);
    if (font.widths.size() == widths_kept_max)
        font.widths.clear();
    font.widths.emplace(text, width);
    return width;
}

void Fonts::draw(
    cairo_t* target, std::size_t number, std::string const& text, int x, int baseline) const {
    assert(number < library_->fonts.size());
    PangoLayout* layout = library_->fonts[number].layout.get();
    pango_layout_set_text(layout, text.c_str(), static_cast<int>(text.size()));
    cairo_move_to(target, x, baseline);
    pango_cairo_show_layout_line(target, pango_layout_get_line_readonly(layout, 0));
}

} // namespace kiosk::ui
