#include "devices/bench/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using devices::bench::from_base64;

namespace {

std::string text(std::string_view base64) {
    auto const bytes = from_base64(base64);
    REQUIRE(bytes);
    return {bytes->begin(), bytes->end()};
}

} // namespace

TEST_SUITE("base64") {
    TEST_CASE("the vectors of RFC 4648 are read, with padding and without") {
        CHECK(text("").empty());
        CHECK(text("Zg==") == "f");
        CHECK(text("Zg") == "f");
        CHECK(text("Zm8=") == "fo");
        CHECK(text("Zm9v") == "foo");
        CHECK(text("Zm9vYmFy") == "foobar");
        CHECK(text("/+8A") == std::string("\xFF\xEF\x00", 3));
    }

    TEST_CASE("what is not base64 is nothing") {
        for (auto const* wrong : {"Z", "Zm9vY", "Zm 9v", "Zm9v=Zm9v", "Zg===", "Zm9-", "\n"})
            CHECK_FALSE(from_base64(wrong));
    }
}
