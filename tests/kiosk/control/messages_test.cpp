#include "kiosk/control/messages.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace kiosk::control;

TEST_SUITE("control messages") {
    TEST_CASE("every documented request is understood") {
        CHECK(std::holds_alternative<AskScreen>(*read_request(R"({"ask":"screen"})")));
        CHECK(std::holds_alternative<AskPicture>(*read_request(R"({"ask":"picture"})")));
        CHECK(std::holds_alternative<AskState>(*read_request(R"({"ask":"state"})")));
        auto const point = read_request(R"({"touch":{"x":640,"y":500}})");
        REQUIRE(point);
        CHECK(std::get<TouchPoint>(*point).x == 640);
        auto const action = read_request(R"({"touch":{"action":"act:pay"}})");
        REQUIRE(action);
        CHECK(std::get<TouchAction>(*action).action == "act:pay");
    }

    TEST_CASE("what is not a request names what is wrong with it") {
        for (std::string_view const text :
             {"",
              "[]",
              "{",
              "17",
              R"({"ask":7})",
              R"({"ask":"money"})",
              R"({"touch":1})",
              R"({"touch":{"x":1}})",
              R"({"touch":{"x":1.5,"y":2}})",
              "\xFF\xFE"}) {
            CAPTURE(text);
            auto const request = read_request(text);
            REQUIRE_FALSE(request);
            CHECK_FALSE(request.error().empty());
        }
    }

    TEST_CASE("coordinates beyond any screen stay beyond it") {
        auto const request = read_request(R"({"touch":{"x":9223372036854775807,"y":-5000000000}})");
        REQUIRE(request);
        CHECK(std::get<TouchPoint>(*request).x > 4096);
        CHECK(std::get<TouchPoint>(*request).y < 0);
    }

    TEST_CASE("an answer is one line of JSON, whatever bytes are in the texts") {
        ScreenAnswer answer;
        answer.screen = "review";
        answer.texts = {"Оплатить\n4 597,86 ₽", "\xFF"};
        auto const text = to_line(answer);
        CHECK(text.find('\n') == text.size() - 1);
        CHECK(nlohmann::json::parse(text)["texts"][0] == "Оплатить\n4 597,86 ₽");
    }

    TEST_CASE("a picture is base64 with padding") {
        auto const png = [](protocol::Bytes bytes) {
            return nlohmann::json::parse(to_line(PictureAnswer{1, std::move(bytes)}))["png"];
        };
        CHECK(png({'M', 'a', 'n'}) == "TWFu"); // RFC 4648's neighbours
        CHECK(png({'M', 'a'}) == "TWE=");
        CHECK(png({'M'}) == "TQ==");
        CHECK(png({}) == "");
    }

    TEST_CASE("notes are counted by their value in kopecks") {
        StateAnswer answer;
        answer.notes = {{200'000, 2}, {50'000, 1}};
        auto const state = nlohmann::json::parse(to_line(answer));
        CHECK(state["notes"]["200000"] == 2);
        CHECK(state["link"] == "down");
    }
}
