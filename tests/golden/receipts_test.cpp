// Every receipt against docs/screens. KIOSK_UPDATE_GOLDEN=1 draws them anew: look at what changed.
#include "tests/golden/receipts.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

TEST_SUITE("golden receipts") {
    TEST_CASE("every receipt comes out of the printer to the dot as in docs/screens") {
        auto const receipts = golden::draw_receipts();
        REQUIRE_FALSE(receipts.empty());
        for (auto const& [name, png] : receipts) {
            auto const& file = name; // CAPTURE's lambda cannot take a structured binding.
            CAPTURE(file);
            std::string const path = KIOSK_SOURCE_DIR "/docs/screens/" + file;
            if (std::getenv("KIOSK_UPDATE_GOLDEN") != nullptr) {
                std::ofstream out{path, std::ios::binary};
                out.write(reinterpret_cast<char const*>(png.data()), static_cast<long>(png.size()));
                REQUIRE(out.flush());
            }
            auto const expected = golden::pixels_of(golden::read_file(path));
            REQUIRE_FALSE(expected.empty());
            // Not a CHECK of the vectors: a picture is no readable failure.
            bool const is_same = golden::pixels_of(png) == expected;
            CHECK_MESSAGE(is_same, "look at what changed, then KIOSK_UPDATE_GOLDEN=1");
        }
    }

    TEST_CASE("a picture with one other dot is another picture") {
        auto const receipts = golden::draw_receipts();
        REQUIRE(receipts.size() >= 2);
        CHECK(golden::pixels_of(receipts[0].png) != golden::pixels_of(receipts[1].png));
        CHECK(golden::pixels_of({1, 2, 3}).empty());
    }
}
