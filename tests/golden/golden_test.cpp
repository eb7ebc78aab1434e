// Every screen against docs/screens. KIOSK_UPDATE_GOLDEN=1 draws them anew: look at what changed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/golden/draw.hpp"

namespace {

std::string const folder = KIOSK_SOURCE_DIR "/docs/screens/";

void write(std::string const& path, golden::SmallPicture const& picture) {
    auto const png = golden::to_png(picture);
    std::ofstream out{path, std::ios::binary};
    out.write(reinterpret_cast<char const*>(png.data()), static_cast<long>(png.size()));
    REQUIRE(out.flush());
}

std::size_t pixels_that_differ(golden::SmallPicture const& one, golden::SmallPicture const& other) {
    if (one.width != other.width || one.height != other.height)
        return one.pixels.size() + other.pixels.size();
    std::size_t count = 0;
    for (std::size_t at = 0; at < one.pixels.size(); ++at)
        if (one.color_at(at) != other.color_at(at))
            ++count;
    return count;
}

} // namespace

TEST_SUITE("golden screens") {
    TEST_CASE("every screen is drawn to the pixel as in docs/screens") {
        auto const drawn = golden::draw_screens(KIOSK_SOURCE_DIR "/ui-assets");
        REQUIRE_MESSAGE(drawn.has_value(), protocol::to_string(drawn.error()));
        bool const updates = std::getenv("KIOSK_UPDATE_GOLDEN") != nullptr;
        std::filesystem::path const actual = KIOSK_BINARY_DIR "/screens";
        std::filesystem::create_directories(actual);
        std::set<std::string> files;
        for (auto const& [name, picture] : *drawn) {
            auto const& file = name; // CAPTURE's lambda cannot take a structured binding.
            CAPTURE(file);
            files.insert(file);
            if (updates)
                write(folder + file, picture);
            auto const differing = pixels_that_differ(golden::read_png(folder + file), picture);
            if (differing != 0)
                write((actual / file).string(), picture);
            CHECK_MESSAGE(
                differing == 0,
                differing << " pixels differ; compare " << folder + file << " with "
                          << (actual / file).string() << ", then KIOSK_UPDATE_GOLDEN=1");
        }
        for (auto const& entry : std::filesystem::directory_iterator{folder}) {
            auto const file = entry.path().filename().string();
            if (file.starts_with("receipt")) // receipts_test.cpp
                continue;
            if (file.ends_with(".ru.png") || file.ends_with(".en.png")) {
                CAPTURE(file);
                CHECK_MESSAGE(files.contains(file), "no screen looks like this any more");
            }
        }
    }

    TEST_CASE("a small picture keeps grounds exactly and shades nearly") {
        std::vector<std::uint32_t> pixels(100'000, 0xFF10233F);
        for (std::size_t shade = 0; shade < 2000; ++shade)
            pixels[shade] = static_cast<std::uint32_t>(0xFF000000 + shade * 4001);
        auto const small = golden::make_small(pixels, 1000);
        CHECK(small.width == 1000);
        CHECK(small.height == 100);
        CHECK(small.palette.size() <= 256);
        CHECK(small.color_at(99'999) == 0x10233F);
    }

    TEST_CASE("a small picture survives being written and read") {
        std::vector<std::uint32_t> pixels(400);
        for (std::size_t at = 0; at < pixels.size(); ++at)
            pixels[at] = static_cast<std::uint32_t>(0xFF000000 + at * 65793 / 4);
        auto const small = golden::make_small(pixels, 20);
        std::filesystem::path const path = KIOSK_BINARY_DIR "/small.png";
        write(path.string(), small);
        CHECK(pixels_that_differ(golden::read_png(path.string()), small) == 0);
        std::filesystem::remove(path);
        CHECK(golden::read_png(path.string()).pixels.empty());
    }
}
