#include "fleet-server/gateways/lanes.hpp"

#include <algorithm>
#include <cassert>

namespace fleet::gateways {

bool Lanes::is_open(std::uint32_t provider, Moment now) const {
    auto const found = lanes_.find(provider);
    return found == lanes_.end() || now >= found->second.rest_until;
}

std::size_t Lanes::room(std::uint32_t provider, Moment now) const {
    std::size_t const room_all = limits_.together_all - under_way_;
    auto const found = lanes_.find(provider);
    if (found == lanes_.end())
        return std::min(limits_.together, room_all);
    Lane const& lane = found->second;
    if (now < lane.rest_until)
        return 0;
    std::size_t const width = lane.rests > 0 ? 1 : limits_.together;
    return lane.under_way >= width ? 0 : std::min(width - lane.under_way, room_all);
}

void Lanes::started(std::uint32_t provider) {
    ++lanes_[provider].under_way;
    ++under_way_;
}

void Lanes::finished(std::uint32_t provider, Ending ending, Now now) {
    Lane& lane = lanes_[provider];
    assert(lane.under_way > 0);
    --lane.under_way;
    --under_way_;
    if (ending == Ending::Heard) {
        lane.silences = 0;
        lane.rests = 0;
        lane.rest_until = {};
        return;
    }
    ++lane.silences;
    // After a rest a single question decides; those that were under way when it began do not count.
    bool const is_on_trial = lane.rests > 0 && now.at >= lane.rest_until;
    if (!is_on_trial && (lane.rests > 0 || lane.silences < limits_.silences))
        return;
    DeliveryLimits const rests{
        .retry_first = limits_.rest_first,
        .retry_longest = limits_.rest_longest,
        .person_after = {}};
    lane.rest_until = now.at + back_off(lane.rests, now.jitter_permille, rests);
    ++lane.rests;
}

} // namespace fleet::gateways
