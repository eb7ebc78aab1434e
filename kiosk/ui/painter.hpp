#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "kiosk/ui/display_list.hpp"
#include "kiosk/ui/fonts.hpp"
#include "protocol/base/bytes.hpp"

typedef struct _cairo_surface cairo_surface_t; // NOLINT(bugprone-reserved-identifier)

namespace kiosk::ui {

/// The pixels of a screen, 0xAARRGGBB each, opaque.
class Picture {
public:
    explicit Picture(Size size);

    [[nodiscard]] Size size() const { return size_; }
    /// Bytes from one row to the next.
    [[nodiscard]] int stride() const;
    [[nodiscard]] std::span<std::uint32_t const> pixels() const;
    [[nodiscard]] Picture copy() const;
    [[nodiscard]] protocol::Bytes png() const;

private:
    friend void paint(Picture& picture, DisplayList const& list, Fonts const& fonts, Box part);

    struct Destroy {
        void operator()(cairo_surface_t* surface) const;
    };
    Size size_;
    std::unique_ptr<cairo_surface_t, Destroy> surface_;
};

/// Draws the list, but only inside `part`; pixels outside it stay.
void paint(Picture& picture, DisplayList const& list, Fonts const& fonts, Box part);

} // namespace kiosk::ui
