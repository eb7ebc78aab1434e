#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "devices/bill-validator/simulated_validator.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

using ValidatorOrder =
    std::function<void(bill_validator::SimulatedValidator&, bill_validator::TimePoint)>;

/// What `POST /validator/fault` asks for; the error says what can be asked.
[[nodiscard]] protocol::Result<ValidatorOrder, std::string> validator_order(
    nlohmann::json const& request);

} // namespace devices::bench
