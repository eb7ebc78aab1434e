#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/screens/views.hpp"
#include "kiosk/ui/display_list.hpp"
#include "kiosk/ui/fonts.hpp"

namespace kiosk::ui {

/// Something that can be touched: an `<a href="act:...">`.
struct Anchor {
    std::string action; ///< "act:pay"
    std::string text;   ///< What is written on it.
    Box box;
};

/// A page laid out for a screen of one size. Lives on one thread, not longer than the `Fonts`.
class Layout {
public:
    /// Complains of what litehtml would silently leave out: a font that is not ours, an image, a
    /// page that does not fit the screen's width.
    [[nodiscard]] static Result<Layout, Complaint> of(
        screens::Page const& page, Size size, Fonts& fonts);
    Layout(Layout&&) noexcept;
    Layout& operator=(Layout&&) noexcept;
    Layout(Layout const&) = delete;
    Layout& operator=(Layout const&) = delete;
    ~Layout();

    [[nodiscard]] std::string const& id() const;
    [[nodiscard]] DisplayList const& list() const;
    [[nodiscard]] std::vector<Anchor> const& anchors() const;
    /// What is written on the screen, a text for each block, in reading order. No-break spaces are
    /// plain ones here, and drawings made of letters (class "icon") are left out.
    [[nodiscard]] std::vector<std::string> const& texts() const;

    /// The anchor under a finger.
    [[nodiscard]] std::optional<std::size_t> hit(Point point) const;
    /// Shows that anchor as pressed (CSS `:active`), or none; `list` is then another.
    void press(std::optional<std::size_t> anchor);

private:
    struct Document;
    explicit Layout(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

} // namespace kiosk::ui
