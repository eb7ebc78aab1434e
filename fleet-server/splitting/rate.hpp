#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/commission/tariff.hpp"

/// Rates as operators write them.
namespace fleet::splitting {

/// "0.4 %", "0,4%", "12 %": at most four decimals, because a rate is kept in parts per million;
/// 0 to 100 %. The sign of percent must be there: 0.4 alone could be meant as a fraction.
[[nodiscard]] std::optional<protocol::commission::Rate> read_rate(std::string_view text);

/// "0.4 %"
[[nodiscard]] std::string to_string(protocol::commission::Rate rate);

} // namespace fleet::splitting
