#include "kiosk/config/config.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace kiosk::config;

namespace {

std::string sample() {
    std::ifstream file{KIOSK_SOURCE_DIR "/kiosk/app/kioskd.toml"};
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

protocol::Complaint complaint(std::string const& text) {
    auto const config = read_config(text, "kioskd.toml");
    REQUIRE_FALSE(config);
    return config.error();
}

} // namespace

TEST_SUITE("kiosk configuration") {
    TEST_CASE("the sample that is installed is a valid configuration with the control closed") {
        auto const config = read_config(sample(), "kioskd.toml");
        REQUIRE(config);
        CHECK(config->number == 17);
        CHECK(config->bill_validator.baud_rate == 9600);
        CHECK(config->link.port == 8443);
        CHECK(config->limits.idle == std::chrono::seconds{60});
        CHECK_FALSE(config->control.enabled);
    }

    TEST_CASE("a wrong port names the line and the cure") {
        auto const found = complaint(replaced(sample(), "port = 8443", "port = 84430"));
        CHECK(found.place == "kioskd.toml:30");
        CHECK(found.cure == "write a number from 1 to 65535, without quotes");
    }

    TEST_CASE("a misspelt limit is not silently the default") {
        auto const found = complaint(replaced(sample(), "idle_seconds", "idle_second"));
        CHECK(found.cure == "did you mean 'limits.idle_seconds'?");
    }

    TEST_CASE("a kiosk without a number does not start as number zero") {
        CHECK(
            complaint(replaced(sample(), "number = 17", "")).problem ==
            "the key 'number' is missing");
    }

    TEST_CASE("less than 20 s of silence is refused: people need time to find their notes") {
        CHECK(
            complaint(replaced(sample(), "idle_seconds = 60", "idle_seconds = 5")).problem ==
            "'limits.idle_seconds' is 5");
    }

    TEST_CASE("accepted bills are kopecks") {
        auto const config = read_config(
            replaced(sample(), "bills_accepted = []", "bills_accepted = [5000, 10000]"),
            "kioskd.toml");
        REQUIRE(config);
        CHECK(
            config->limits.bills_accepted ==
            std::vector{protocol::rub(5'000), protocol::rub(10'000)});
    }

    TEST_CASE("an open control socket wants a path") {
        auto text = replaced(sample(), "enabled = false", "enabled = true");
        text = replaced(text, "socket = \"/run/kioskd/control\"", "");
        CHECK(complaint(text).problem == "the control socket has no path");
    }
}
