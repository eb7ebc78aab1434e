#include "fleet-server/app/config.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace fleet::app;
using namespace std::chrono_literals;

namespace {

std::string const least = R"(state = "/var/lib/fleetd"
[api]
token_file = "/etc/fleetd/api-token"
[agent]
name = "ООО Расчётный центр"
inn = "7701234567"
hotline = "8 800 000-00-00"
)";

protocol::Complaint complaint(std::string const& text) {
    auto const config = read_config(text, "fleetd.toml");
    REQUIRE_FALSE(config);
    return config.error();
}

std::string with(std::string const& from, std::string const& to) {
    std::string text = least;
    text.replace(text.find(from), from.size(), to);
    return text;
}

} // namespace

TEST_SUITE("fleetd configuration") {
    TEST_CASE("the commented sample is a configuration, and says what the program assumes") {
        std::ifstream file{KIOSK_SOURCE_DIR "/fleet-server/app/fleetd.toml"};
        auto const sample =
            read_config(std::string{std::istreambuf_iterator<char>{file}, {}}, "fleetd.toml");
        if (!sample)
            FAIL(to_string(sample.error()));
        auto const assumed = read_config(least, "fleetd.toml");
        REQUIRE(assumed);
        CHECK(sample->ingress.address == assumed->ingress.address);
        CHECK(sample->ingress.port == assumed->ingress.port);
        CHECK(sample->ingress.server_name == assumed->ingress.server_name);
        CHECK(sample->api.port == assumed->api.port);
        CHECK(sample->time_zone == assumed->time_zone);
        CHECK(sample->gateways.answer == assumed->gateways.answer);
        CHECK(sample->cut == assumed->cut);
    }

    TEST_CASE("what is wrong is named with its line and a cure") {
        struct Row {
            std::string text;
            std::string place;
            std::string part;
        };
        Row const rows[] = {
            {with("[api]\n", "[api]\nport = 70000\n"), "fleetd.toml:3", "70000"},
            {with("[api]\n", "[api]\nprot = 8080\n"), "fleetd.toml:3", "did you mean 'api.port'?"},
            {with("[api]\n", "[api]\nport = 8443\n"), "fleetd.toml:3", "port of its own"},
            {with("state =", "time_zone = \"Europe/Moscou\"\nstate ="),
             "fleetd.toml:1",
             "no time zone 'Europe/Moscou'"},
            {with("state =", "time_zone = \"../../etc/passwd\"\nstate ="),
             "fleetd.toml:1",
             "no time zone"},
            {with("7701234567", "770123456"), "fleetd.toml:6", "is not an INN"},
            {with("/var/lib/fleetd", ""), "fleetd.toml:1", "empty"},
            {least + "[registers]\ncut = \"24:00\"\n", "fleetd.toml:9", "not a time of day"},
            {least + "[gateways]\nanswer_seconds = 61\n", "fleetd.toml:9", "from 1 to 60"},
            {least + "[registers\n", "fleetd.toml:8", ""},
        };
        for (Row const& row : rows) {
            auto const found = complaint(row.text);
            CHECK(found.place == row.place);
            CHECK_MESSAGE(to_string(found).find(row.part) != std::string::npos, to_string(found));
            CHECK_FALSE(found.cure.empty());
        }
    }

    TEST_CASE("a key that must be there is missed by name") {
        CHECK(complaint("").problem.find("missing") != std::string::npos);
        CHECK(
            complaint(with("token_file = \"/etc/fleetd/api-token\"", ""))
                .problem.find("api.token_file") != std::string::npos);
    }

    TEST_CASE("a time of day has hours and minutes") {
        CHECK(read_time_of_day("00:00") == 0min);
        CHECK(read_time_of_day("10:30") == 630min);
        CHECK(read_time_of_day("23:59") == 1439min);
        for (auto const* text : {"", "24:00", "10:60", "1:00", "10:3", "10-30", "aa:bb", "10:300"})
            CHECK_FALSE_MESSAGE(read_time_of_day(text), text);
    }
}
