#include "devices/bench/validator_order.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace bv = devices::bill_validator;
using devices::bench::validator_order;
using nlohmann::json;

namespace {

constexpr bv::TimePoint now{std::chrono::hours{1}};

bv::SimulatedValidator after(json const& request) {
    bv::SimulatedValidator validator{{}, now};
    auto const order = validator_order(request);
    REQUIRE(order);
    (*order)(validator, now);
    return validator;
}

} // namespace

TEST_SUITE("orders to the validator") {
    TEST_CASE("a power cut is one at once, and none mends it") {
        CHECK_FALSE(after({{"fault", "power_cut"}}).has_power());
        CHECK(after({{"fault", "none"}}).has_power());
    }

    TEST_CASE("every fault that the page offers is understood") {
        for (auto const* name :
             {"cheat",
              "reject_next",
              "busy",
              "stacker_full",
              "stacker_removed",
              "jammed",
              "stacker_jammed",
              "second_note",
              "failed",
              "miss_command",
              "lose_reply",
              "corrupt_reply",
              "refuse_command",
              "delay_byte"}) {
            CAPTURE(name);
            after({{"fault", name}});
        }
        for (auto const* moment :
             {"accepting",
              "escrow",
              "stack_acknowledged",
              "stacking",
              "stacked",
              "stacked_before_ack",
              "stacked_after_ack"}) {
            CAPTURE(moment);
            after({{"fault", "power_cut_at"}, {"at", moment}});
        }
    }

    TEST_CASE("what cannot be understood says what can be written") {
        CHECK(validator_order({{"fault", "fire"}}).error().starts_with("fault: write none"));
        CHECK(validator_order(json::object()).error().starts_with("fault: write none"));
        CHECK(validator_order({{"fault", 7}}).error().starts_with("fault: write none"));
        CHECK(validator_order({{"fault", "power_cut_at"}}).error().starts_with("at: write"));
        CHECK(
            validator_order({{"fault", "lose_reply"}, {"times", 0}}).error().starts_with("times"));
        CHECK(validator_order({{"fault", "reject_next"}, {"reason", 256}})
                  .error()
                  .starts_with("reason"));
        CHECK(
            validator_order({{"fault", "failed"}, {"failure", -1}}).error().starts_with("failure"));
        CHECK(validator_order({{"fault", "busy"}, {"milliseconds", 1'000'000}})
                  .error()
                  .starts_with("milliseconds"));
    }
}
