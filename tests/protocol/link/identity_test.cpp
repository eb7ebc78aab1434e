#include "protocol/link/identity.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace protocol::link;

TEST_SUITE("link identity") {
    TEST_CASE("a kiosk's common name says its number and epoch") {
        CHECK(common_name({17, 1}) == "kiosk-17-1");
        CHECK(identity_from_common_name("kiosk-17-1") == Identity{17, 1});
        CHECK(identity_from_common_name("kiosk-999999-999") == Identity{999'999, 999});
    }

    TEST_CASE("nothing but the exact form names a kiosk") {
        for (std::string_view const name :
             {"",
              "kiosk-",
              "kiosk-17",
              "kiosk-17-",
              "kiosk--1",
              "kiosk-017-1",
              "kiosk-17-01",
              "kiosk-0-1",
              "kiosk-17-0",
              "kiosk-+17-1",
              "kiosk- 17-1",
              "kiosk-17-1 ",
              "Kiosk-17-1",
              "kiosk-17-1-1",
              "kiosk-1000000-1",
              "kiosk-17-1000",
              "kiosk-99999999999-1",
              "fleet-17-1"}) {
            CAPTURE(name);
            CHECK_FALSE(identity_from_common_name(name));
        }
        CHECK_FALSE(identity_from_common_name(std::string_view{"kiosk-17-1\0", 11}));
    }
}
