#include <algorithm>
#include <array>
#include <utility>

#include "devices/bill-validator/simulated_validator.hpp"

namespace devices::bill_validator {

namespace {

template <class Value, std::size_t size>
std::optional<Value> look_up(
    std::array<std::pair<std::string_view, Value>, size> const& names, std::string_view name) {
    auto const* const found =
        std::ranges::find(names, name, &std::pair<std::string_view, Value>::first);
    if (found == names.end())
        return std::nullopt;
    return found->second;
}

} // namespace

std::optional<PowerCutMoment> power_cut_moment(std::string_view name) {
    using Moment = PowerCutMoment;
    static constexpr std::array<std::pair<std::string_view, Moment>, 7> names{{
        {"accepting", Moment::Accepting},
        {"escrow", Moment::Escrow},
        {"stack_acknowledged", Moment::StackAcknowledged},
        {"stacking", Moment::Stacking},
        {"stacked", Moment::StackedBeforeAck},
        {"stacked_before_ack", Moment::StackedBeforeAck},
        {"stacked_after_ack", Moment::StackedAfterAck},
    }};
    return look_up(names, name);
}

std::optional<LineFault> line_fault(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, LineFault>, 5> names{{
        {"miss_command", LineFault::MissCommand},
        {"lose_reply", LineFault::LoseReply},
        {"corrupt_reply", LineFault::CorruptReply},
        {"refuse_command", LineFault::RefuseCommand},
        {"delay_byte", LineFault::DelayByte},
    }};
    return look_up(names, name);
}

std::optional<Obstacle> obstacle(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, Obstacle>, 7> names{{
        {"none", Obstacle::None},
        {"stacker_full", Obstacle::StackerFull},
        {"stacker_removed", Obstacle::StackerRemoved},
        {"jammed", Obstacle::Jammed},
        {"stacker_jammed", Obstacle::StackerJammed},
        {"second_note", Obstacle::SecondNote},
        {"failed", Obstacle::Failed},
    }};
    return look_up(names, name);
}

} // namespace devices::bill_validator
