#include "fleet-server/api/routes.hpp"

#include <doctest/doctest.h>

using namespace fleet::api;

TEST_SUITE("routes") {
    TEST_CASE("a path finds its route and its names") {
        auto const found = find_route("GET", "/providers/7/accounts/%D0%9C003%2F1");
        REQUIRE(found);
        CHECK(found->route->path == "/providers/{provider}/accounts/{account}");
        CHECK(found->names.at("provider") == "7");
        CHECK(found->names.at("account") == "М003/1");
    }

    TEST_CASE("one path has a handler for each of its methods") {
        auto const get = find_route("GET", "/providers");
        auto const post = find_route("POST", "/providers");
        REQUIRE(get);
        REQUIRE(post);
        CHECK(get->route != post->route);
    }

    TEST_CASE("what is almost a path is none") {
        for (auto const* path :
             {"",
              "/",
              "/provider",
              "/providers/",
              "/providers//rule",
              "/providers/1/rule/2",
              "/Providers",
              "/status/x"})
            CHECK_MESSAGE(find_route("GET", path).error().status == Status::NotFound, path);
    }

    TEST_CASE("another method is told from another path") {
        CHECK(find_route("DELETE", "/providers").error().status == Status::MethodNotAllowed);
        CHECK(find_route("POST", "/status").error().status == Status::MethodNotAllowed);
    }

    TEST_CASE("numbers are whole and plain") {
        CHECK(read_number("17") == 17);
        for (auto const* text : {"", "1.0", "17 ", " 17", "0x1", "99999999999999999999"})
            CHECK_FALSE(read_number(text));
    }
}
