#include "devices/bench/validator_order.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "devices/bench/field.hpp"

namespace devices::bench {

namespace bv = bill_validator;
using nlohmann::json;
using protocol::fail;
using protocol::Result;
using Order = Result<ValidatorOrder, std::string>;

namespace {

constexpr std::int64_t times_max = 1000;
constexpr std::int64_t busy_ms_max = 600'000;
constexpr std::uint8_t usual_rejection = bv::ccnet::rejection::identification;
constexpr std::uint8_t usual_failure = 0x50; // Motor of the cassette.

std::int64_t number(json const& request, char const* name, std::int64_t otherwise) {
    return field<std::int64_t>(request, name).value_or(otherwise);
}

// A code of the manual, as a number.
std::optional<std::uint8_t> code(json const& request, char const* name, std::uint8_t otherwise) {
    std::int64_t const value = number(request, name, otherwise);
    if (value < 0 || value > 0xFF)
        return std::nullopt;
    return static_cast<std::uint8_t>(value);
}

Order power_cut_at(json const& request) {
    auto const moment = bv::power_cut_moment(field<std::string>(request, "at").value_or(""));
    if (!moment)
        return fail(
            std::string{"at: write accepting, escrow, stack_acknowledged, stacking, "
                        "stacked_before_ack (stacked) or stacked_after_ack"});
    return [moment = *moment](auto& validator, auto) { validator.cut_power_at(moment); };
}

Order on_line(json const& request, bv::LineFault fault) {
    std::int64_t const times = number(request, "times", 1);
    if (times < 1 || times > times_max)
        return fail(std::string{"times: write a number from 1 to 1000"});
    return
        [fault, times](auto& validator, auto) { validator.inject(fault, static_cast<int>(times)); };
}

Order obstacle_order(json const& request, bv::Obstacle obstacle) {
    auto const failure = code(request, "failure", usual_failure);
    if (!failure)
        return fail(std::string{"failure: write a code of the manual, 0 to 255"});
    return [obstacle, failure = *failure](auto& validator, auto now) {
        validator.set_obstacle(obstacle, now, failure);
    };
}

Order reject_next(json const& request) {
    auto const reason = code(request, "reason", usual_rejection);
    if (!reason)
        return fail(std::string{"reason: write a code of the manual, 0 to 255"});
    return [reason = *reason](auto& validator, auto) { validator.reject_next(reason); };
}

Order busy(json const& request) {
    std::int64_t const lasting = number(request, "milliseconds", 3000);
    if (lasting < 0 || lasting > busy_ms_max)
        return fail(std::string{"milliseconds: write a number from 0 to 600000"});
    return [lasting](auto& validator, auto now) {
        validator.be_busy(std::chrono::milliseconds{lasting}, now);
    };
}

} // namespace

Order validator_order(json const& request) {
    std::string const name = field<std::string>(request, "fault").value_or("");
    if (name == "none")
        return [](auto& validator, auto now) {
            validator.set_obstacle(bv::Obstacle::None, now);
            validator.clear_faults(now);
        };
    if (name == "power_cut")
        return [](auto& validator, auto now) { validator.cut_power(now); };
    if (name == "power_cut_at")
        return power_cut_at(request);
    if (name == "cheat")
        return [](auto& validator, auto now) { validator.cheat(now); };
    if (name == "reject_next")
        return reject_next(request);
    if (name == "busy")
        return busy(request);
    if (auto const fault = bv::line_fault(name))
        return on_line(request, *fault);
    if (auto const obstacle = bv::obstacle(name))
        return obstacle_order(request, *obstacle);
    return fail(
        std::string{"fault: write none, power_cut, power_cut_at, cheat, reject_next, busy, "
                    "stacker_full, stacker_removed, jammed, stacker_jammed, second_note, "
                    "failed, miss_command, lose_reply, corrupt_reply, refuse_command or "
                    "delay_byte"});
}

} // namespace devices::bench
