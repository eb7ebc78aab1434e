// Draws every screen of the kiosk in both languages: kiosk_screens OUTDIR
#include <filesystem>
#include <fstream>
#include <iostream>

#include "kiosk/screens/compose.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "kiosk/ui/layout.hpp"
#include "kiosk/ui/painter.hpp"
#include "tests/golden/screen_examples.hpp"

namespace {

using kiosk::screens::Language;
using namespace kiosk;

protocol::Result<void, protocol::Complaint> draw_all(std::filesystem::path const& folder) {
    TRY(auto const assets, ui::load_assets(KIOSK_SOURCE_DIR "/ui-assets"));
    TRY(auto fonts, ui::Fonts::open(ui::fonts_folder_default));
    ui::Size const size{1280, 1024};
    for (auto const& example : golden::screen_examples()) {
        for (auto const language : {Language::Ru, Language::En}) {
            TRY(auto const page,
                screens::compose(example.view, example.surroundings, language, assets));
            TRY(auto const layout, ui::Layout::of(page, size, fonts));
            ui::Picture picture{size};
            ui::paint(picture, layout.list(), fonts, ui::Box{0, 0, size.width, size.height});
            auto const png = picture.png();
            auto const path =
                folder / (example.name + (language == Language::Ru ? ".ru.png" : ".en.png"));
            std::ofstream file{path, std::ios::binary};
            file.write(
                reinterpret_cast<char const*>(png.data()),
                static_cast<std::streamsize>(png.size()));
            if (!file.flush())
                return protocol::fail(
                    protocol::Complaint{path.string(), "cannot be written", "see to the folder"});
        }
    }
    return {};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: kiosk_screens OUTDIR\n";
        return 2;
    }
    std::error_code error;
    std::filesystem::create_directories(arguments[1], error);
    if (auto const drawn = draw_all(arguments[1]); !drawn) {
        std::cerr << "kiosk_screens: " << protocol::to_string(drawn.error()) << "\n";
        return 1;
    }
    return 0;
}
