#pragma once

#include "fleet-server/api/context.hpp"

/// One function per call of the API; routes.cpp says which call is which, openapi.json what it
/// means.
namespace fleet::api {

// Providers, their rules, charges, accounts and registers.
[[nodiscard]] Reply list_providers(Context const& context, Request const& request);
[[nodiscard]] Reply create_provider(Context const& context, Request const& request);
[[nodiscard]] Reply show_provider(Context const& context, Request const& request);
[[nodiscard]] Reply show_rule(Context const& context, Request const& request);
[[nodiscard]] Reply set_rule(Context const& context, Request const& request);
[[nodiscard]] Reply list_charges(Context const& context, Request const& request);
[[nodiscard]] Reply import_charges(Context const& context, Request const& request);
[[nodiscard]] Reply show_account(Context const& context, Request const& request);
[[nodiscard]] Reply list_registers(Context const& context, Request const& request);
[[nodiscard]] Reply write_register(Context const& context, Request const& request);

// Kiosks.
[[nodiscard]] Reply list_kiosks(Context const& context, Request const& request);
[[nodiscard]] Reply enrol_kiosk(Context const& context, Request const& request);
[[nodiscard]] Reply release_kiosk(Context const& context, Request const& request);

// Payments and what becomes of them.
[[nodiscard]] Reply list_payments(Context const& context, Request const& request);
[[nodiscard]] Reply show_payment(Context const& context, Request const& request);
[[nodiscard]] Reply list_outbox(Context const& context, Request const& request);
[[nodiscard]] Reply list_discrepancies(Context const& context, Request const& request);

// The books as a whole.
[[nodiscard]] Reply show_trial_balance(Context const& context, Request const& request);
[[nodiscard]] Reply verify_books(Context const& context, Request const& request);
[[nodiscard]] Reply list_audit(Context const& context, Request const& request);
[[nodiscard]] Reply show_status(Context const& context, Request const& request);
[[nodiscard]] store::Outcome<Metrics::Gauges> gauges(
    store::Reading const& reading, Context const& context);

} // namespace fleet::api
