#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "devices/bench/link_switch.hpp"
#include "devices/bench/virtual_kiosk.hpp"
#include "devices/bill-validator/simulated_validator.hpp"
#include "devices/printer/simulator.hpp"
#include "devices/printer/ticket.hpp"

/// The virtual kiosk's parts as JSON, as the HTTP calls answer them.
namespace devices::bench {

[[nodiscard]] nlohmann::json describe_kiosk(VirtualKiosk& kiosk);
[[nodiscard]] nlohmann::json describe_link(LinkSwitch const& link);
[[nodiscard]] nlohmann::json describe_printer(printer::Simulator const& simulator);
[[nodiscard]] nlohmann::json describe_validator(
    bill_validator::SimulatedValidator const& validator);
/// With what its QR codes say, read from the picture of the paper: takes long.
[[nodiscard]] nlohmann::json describe_ticket(printer::Ticket const& ticket);
[[nodiscard]] std::string_view name_of(bill_validator::Insertion outcome);

} // namespace devices::bench
