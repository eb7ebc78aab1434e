// Whatever an operator writes as a rule: it is complained of, or it divides every amount exactly.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fleet-server/splitting/rule.hpp"

namespace {

using namespace fleet::splitting;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_division(Rule const& rule, std::int64_t kopecks) {
    auto const legs = split(rule, protocol::rub(kopecks));
    require(legs.has_value());
    std::int64_t sum = 0;
    for (Leg const& leg : *legs) {
        require(leg.receiver < rule.receivers.size());
        require(leg.gross.is_positive() && !leg.net.is_negative() && !leg.withheld.is_negative());
        require(leg.gross.minor() == leg.net.minor() + leg.withheld.minor());
        sum += leg.gross.minor();
    }
    require(sum == kopecks);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const rule = read_rule({reinterpret_cast<char const*>(data), size});
    if (!rule) {
        require(!rule.error().place.empty() && !rule.error().problem.empty());
        return 0;
    }
    require(rule->receivers.size() <= receivers_max && rule->steps.size() <= steps_max);
    for (std::int64_t const kopecks :
         {0L,
          1L,
          2L,
          3L,
          99L,
          101L,
          460'000L,
          459'787L,
          1'000'000'007L,
          protocol::amount_minor_max})
        require_division(*rule, kopecks);
    return 0;
}
