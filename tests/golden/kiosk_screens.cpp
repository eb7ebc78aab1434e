// Draws every screen of the kiosk and its receipts: kiosk_screens OUTDIR
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>

#include "tests/golden/draw.hpp"
#include "tests/golden/receipts.hpp"

namespace {

bool write(std::filesystem::path const& path, protocol::Bytes const& png) {
    std::ofstream out{path, std::ios::binary};
    out.write(reinterpret_cast<char const*>(png.data()), static_cast<long>(png.size()));
    if (!out.flush())
        std::cerr << "kiosk_screens: " << path.string() << " cannot be written\n";
    return out.good();
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2 || std::string_view{arguments[1]}.starts_with('-')) {
        std::cerr << "usage: kiosk_screens OUTDIR\n"
                     "Draws every screen of the kiosk and its receipts as PNG files into OUTDIR.\n";
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
    auto const receipts = golden::draw_receipts();
    if (receipts.empty()) {
        std::cerr << "kiosk_screens: the simulated printer did not print a receipt\n";
        return 1;
    }
    bool is_written = true;
    for (auto const& [file, picture] : *drawn)
        is_written = write(folder / file, golden::to_png(picture)) && is_written;
    for (auto const& [file, png] : receipts)
        is_written = write(folder / file, png) && is_written;
    return is_written ? 0 : 1;
}
