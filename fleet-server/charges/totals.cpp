#include "fleet-server/charges/totals.hpp"

#include "protocol/money/amount_text.hpp"

namespace fleet::charges {

void Totals::add(Field field, protocol::Money amount) {
    Sums& sums = sums_[field];
    sums.all += amount.minor();
    sums.group += amount.minor();
}

std::optional<std::string> Totals::differs(Field field, protocol::Money stated) const {
    auto const found = sums_.find(field);
    Sums const sums = found == sums_.end() ? Sums{} : found->second;
    if (stated.minor() == sums.all || stated.minor() == sums.group)
        return std::nullopt;
    constexpr Wide most = protocol::amount_minor_max;
    if (sums.all > most || sums.all < -most)
        return "more than a total can hold";
    return protocol::to_decimal(protocol::rub(static_cast<std::int64_t>(sums.all)));
}

void Totals::close_group() {
    for (auto& [field, sums] : sums_)
        sums.group = 0;
}

} // namespace fleet::charges
