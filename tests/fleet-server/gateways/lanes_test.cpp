#include "fleet-server/gateways/lanes.hpp"

#include <doctest/doctest.h>

using namespace fleet::gateways;
using namespace std::chrono_literals;

namespace {

Moment const start{std::chrono::milliseconds{1'768'550'400'000}};

Now at(std::chrono::milliseconds since) {
    return {start + since, 1000};
}

void ask(Lanes& lanes, Ending ending, std::chrono::milliseconds since = 0ms) {
    lanes.started(1);
    lanes.finished(1, ending, at(since));
}

} // namespace

TEST_SUITE("lanes") {
    TEST_CASE("a provider gets ten requests at once, and all providers two hundred") {
        Lanes lanes{{}};
        for (int i = 0; i < 9; ++i)
            lanes.started(1);
        CHECK(lanes.room(1, start) == 1);
        lanes.started(1);
        CHECK(lanes.room(1, start) == 0);
        CHECK(lanes.room(2, start) == 10);
        for (std::uint32_t provider = 2; provider <= 20; ++provider)
            for (int i = 0; i < 10; ++i)
                lanes.started(provider);
        CHECK(lanes.room(21, start) == 0);
        lanes.finished(20, Ending::Heard, at(0ms));
        CHECK(lanes.room(21, start) == 1);
    }

    TEST_CASE("five silences in a row leave the provider in peace, the others go on") {
        Lanes lanes{{}};
        for (int i = 0; i < 4; ++i)
            ask(lanes, Ending::Silent);
        ask(lanes, Ending::Heard);
        for (int i = 0; i < 4; ++i)
            ask(lanes, Ending::Silent);
        CHECK(lanes.room(1, start) == 10);
        ask(lanes, Ending::Silent);
        CHECK(lanes.room(1, start) == 0);
        CHECK_FALSE(lanes.is_open(1, start));
        CHECK(lanes.room(2, start) == 10);
    }

    TEST_CASE("after the rest one question decides") {
        Lanes lanes{{}};
        for (int i = 0; i < 5; ++i)
            ask(lanes, Ending::Silent);
        CHECK(lanes.room(1, start + 4'999ms) == 0);
        CHECK(lanes.room(1, start + 5s) == 1);
        lanes.started(1);
        CHECK(lanes.room(1, start + 5s) == 0);
        lanes.finished(1, Ending::Heard, at(6s));
        CHECK(lanes.room(1, start + 6s) == 10);
    }

    TEST_CASE("a question that is not heard begins a longer rest, up to an end") {
        Lanes lanes{{}};
        for (int i = 0; i < 5; ++i)
            ask(lanes, Ending::Silent);
        ask(lanes, Ending::Silent, 5s);
        CHECK(lanes.room(1, start + 5s + 9'999ms) == 0);
        CHECK(lanes.room(1, start + 5s + 10s) == 1);
        std::chrono::milliseconds now = 15s;
        for (int i = 0; i < 20; ++i)
            ask(lanes, Ending::Silent, now += 300s);
        CHECK(lanes.room(1, start + now + 299s) == 0);
        CHECK(lanes.room(1, start + now + 300s) == 1);
    }

    TEST_CASE("requests that were under way when the rest began do not make it longer") {
        Lanes lanes{{}};
        for (int i = 0; i < 10; ++i)
            lanes.started(1);
        for (int i = 0; i < 10; ++i)
            lanes.finished(1, Ending::Silent, at(0ms));
        CHECK(lanes.room(1, start + 5s) == 1);
    }
}
