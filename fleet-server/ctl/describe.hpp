#pragma once

#include <nlohmann/json.hpp>
#include <string>

/// The API's answers for a person at a terminal. Pure: JSON in, text out. A field that is missing
/// shows as nothing: a newer server must not break an older fleetctl.
namespace fleet::ctl {

using nlohmann::json;

/// "4 597,86 ₽" from "4597.86".
[[nodiscard]] std::string money(json const& value);

[[nodiscard]] std::string describe_provider(json const& provider);
[[nodiscard]] std::string describe_providers(json const& answer);
[[nodiscard]] std::string describe_rule(json const& rule);
[[nodiscard]] std::string describe_import(json const& report);
[[nodiscard]] std::string describe_kiosks(json const& answer);
[[nodiscard]] std::string describe_payment(json const& payment);
[[nodiscard]] std::string describe_payments(json const& answer);
[[nodiscard]] std::string describe_outbox(json const& answer);
[[nodiscard]] std::string describe_account(json const& account);
/// Ends with the line of the difference.
[[nodiscard]] std::string describe_trial_balance(json const& trial);
[[nodiscard]] std::string describe_verification(json const& verification);
[[nodiscard]] std::string describe_register(json const& written);
[[nodiscard]] std::string describe_status(json const& status);

} // namespace fleet::ctl
