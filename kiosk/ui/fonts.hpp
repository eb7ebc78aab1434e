#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

// As cairo.h declares it, so that who draws text need not include all of it.
typedef struct _cairo cairo_t; // NOLINT(bugprone-reserved-identifier)

namespace kiosk::ui {

using protocol::Complaint;
using protocol::Result;

/// Where Debian's fonts-paratype and fonts-dejavu-core put their fonts.
inline std::filesystem::path const fonts_folder_default = "/usr/share/fonts/truetype";

struct FontMetrics {
    int pixels = 0; ///< The font size.
    int ascent = 0;
    int descent = 0;
};

/// The fonts of the screens: PT Sans, and DejaVu Sans for signs such as "✓". They are loaded from
/// their files and measured with fixed options, so the fonts and settings of the machine change
/// nothing: the same page has the same pixels everywhere.
class Fonts {
public:
    /// Complains, with the package to install, when a font file is missing.
    [[nodiscard]] static Result<Fonts, Complaint> open(std::filesystem::path const& folder);
    Fonts(Fonts&&) noexcept;
    Fonts& operator=(Fonts&&) noexcept;
    Fonts(Fonts const&) = delete;
    Fonts& operator=(Fonts const&) = delete;
    ~Fonts();

    [[nodiscard]] static bool is_known(std::string_view family);

    /// The number of a font, the same for the life of this object.
    [[nodiscard]] std::size_t find(std::string_view family, int pixels, int weight, bool italic);
    [[nodiscard]] FontMetrics metrics(std::size_t font) const;
    [[nodiscard]] int text_width(std::size_t font, std::string const& text) const;
    /// Draws with the source colour of `target`; `baseline` is the y of the letters' feet.
    void draw(
        cairo_t* target, std::size_t font, std::string const& text, int x, int baseline) const;

private:
    struct Library;
    explicit Fonts(std::unique_ptr<Library> library);
    std::unique_ptr<Library> library_;
};

} // namespace kiosk::ui
