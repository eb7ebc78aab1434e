#pragma once

#include <doctest/doctest.h>

#include <string>

#include "kiosk/screens/compose.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "kiosk/ui/layout.hpp"
#include "kiosk/ui/painter.hpp"
#include "tests/golden/screen_examples.hpp"

namespace kiosk::ui {

inline constexpr Size screen_size{1280, 1024};
inline constexpr Box whole_screen{0, 0, 1280, 1024};

template <class T>
T needed(protocol::Result<T, protocol::Complaint> result) {
    REQUIRE_MESSAGE(result.has_value(), protocol::to_string(result.error()));
    return *std::move(result);
}

inline Fonts our_fonts() {
    return needed(Fonts::open(fonts_folder_default));
}

inline screens::Assets const& our_assets() {
    static screens::Assets const assets = needed(load_assets(KIOSK_SOURCE_DIR "/ui-assets"));
    return assets;
}

inline screens::Page page_of(golden::ScreenExample const& example, screens::Language language) {
    return needed(screens::compose(example.view, example.surroundings, language, our_assets()));
}

/// A page of our own making: `body` inside a 1280 x 1024 screen.
inline screens::Page page_with(std::string const& body, std::string const& id = "test") {
    return screens::Page{
        id,
        "<html><head><style>body { font-family: 'PT Sans'; font-size: 30px }</style></head><body>" +
            body + "</body></html>"};
}

} // namespace kiosk::ui
