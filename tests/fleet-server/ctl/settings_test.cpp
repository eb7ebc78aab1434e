#include "fleet-server/ctl/settings.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace fleet::ctl;

namespace {

Settings const fallback{"http://127.0.0.1:8080", "/etc/fleetd/api-token"};

} // namespace

TEST_SUITE("fleetctl settings") {
    TEST_CASE("the sample that is installed says what holds without it") {
        std::ifstream file{KIOSK_SOURCE_DIR "/fleet-server/ctl/fleetctl.toml"};
        std::stringstream text;
        text << file.rdbuf();
        auto const settings = read_settings(text.str(), "fleetctl.toml", {"http://x", "y"});
        REQUIRE(settings);
        CHECK(*settings == fallback);
    }

    TEST_CASE("what is not written stays as it was") {
        auto const settings =
            read_settings("server = \"https://fleet\"", "fleetctl.toml", fallback);
        REQUIRE(settings);
        CHECK(settings->server == "https://fleet");
        CHECK(settings->token_file == fallback.token_file);
    }

    TEST_CASE("a wrong configuration names the line and the cure") {
        auto const address = read_settings("\nserver = \"fleet:8080\"", "fleetctl.toml", fallback);
        REQUIRE_FALSE(address);
        CHECK(address.error().place == "fleetctl.toml:2");
        CHECK(address.error().cure == "write it as http://HOST:PORT");
        auto const key = read_settings("token_fil = \"x\"", "fleetctl.toml", fallback);
        REQUIRE_FALSE(key);
        CHECK(key.error().cure == "did you mean 'token_file'?");
    }
}
