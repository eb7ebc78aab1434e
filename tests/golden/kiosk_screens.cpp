// Draws every screen of the kiosk: kiosk_screens OUTDIR
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>

#include "tests/golden/draw.hpp"

int main(int count, char** arguments) {
    if (count != 2 || std::string_view{arguments[1]}.starts_with('-')) {
        std::cerr << "usage: kiosk_screens OUTDIR\n"
                     "Draws every screen of the kiosk as PNG files into OUTDIR.\n";
        return count == 2 && std::string_view{arguments[1]} == "--help" ? 0 : 2;
    }
    std::filesystem::path const folder = arguments[1];
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    auto const drawn = golden::draw_screens(KIOSK_SOURCE_DIR "/ui-assets");
    if (!drawn) {
        std::cerr << "kiosk_screens: " << protocol::to_string(drawn.error()) << "\n";
        return 1;
    }
    for (auto const& [file, picture] : *drawn) {
        auto const png = golden::to_png(picture);
        std::ofstream out{folder / file, std::ios::binary};
        out.write(reinterpret_cast<char const*>(png.data()), static_cast<long>(png.size()));
        if (!out.flush()) {
            std::cerr << "kiosk_screens: " << (folder / file).string() << " cannot be written\n";
            return 1;
        }
    }
    return 0;
}
