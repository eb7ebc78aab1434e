#include "tests/golden/draw.hpp"

#include "kiosk/screens/compose.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "kiosk/ui/layout.hpp"
#include "kiosk/ui/painter.hpp"
#include "tests/golden/screen_examples.hpp"

namespace golden {

using kiosk::screens::Language;
using protocol::Complaint;
using protocol::Result;

Result<std::vector<DrawnScreen>, Complaint> draw_screens(std::string const& assets_folder) {
    namespace ui = kiosk::ui;
    TRY(auto const assets, ui::load_assets(assets_folder));
    TRY(auto fonts, ui::Fonts::open(ui::fonts_folder_default));
    ui::Size const size{1280, 1024};
    std::vector<DrawnScreen> drawn;
    for (auto const& example : screen_examples()) {
        if (example.name.ends_with("-longest"))
            continue;
        for (auto const language : {Language::Ru, Language::En}) {
            bool const is_russian = language == Language::Ru;
            if (!is_russian && example.name != kiosk::screens::screen_id(example.view) &&
                example.name != "collect-overpaid")
                continue;
            TRY(auto const page,
                kiosk::screens::compose(example.view, example.surroundings, language, assets));
            TRY(auto const layout, ui::Layout::of(page, size, fonts));
            ui::Picture picture{size};
            ui::paint(picture, layout.list(), fonts, ui::Box{0, 0, size.width, size.height});
            drawn.push_back(DrawnScreen{
                example.name + (is_russian ? ".ru.png" : ".en.png"),
                make_small(picture.pixels(), size.width)});
        }
    }
    return drawn;
}

} // namespace golden
