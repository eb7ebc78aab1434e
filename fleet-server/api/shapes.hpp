#pragma once

#include "fleet-server/api/audit.hpp"
#include "fleet-server/api/reply.hpp"
#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/charges/import.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/intake/payments.hpp"
#include "fleet-server/ledger/history.hpp"
#include "fleet-server/ledger/verify.hpp"
#include "fleet-server/registers/registers.hpp"

/// How our values look in JSON: amounts are decimal text in roubles ("4597.86"), moments are ISO
/// 8601 in UTC with milliseconds, numbers are numbers. See openapi.json.
namespace fleet::api {

[[nodiscard]] std::string iso(UtcTime at);

[[nodiscard]] json shape(catalog::Provider const& provider);
[[nodiscard]] json shape(catalog::RuleVersion const& rule);
[[nodiscard]] json shape(catalog::Kiosk const& kiosk);
[[nodiscard]] json shape(charges::Report const& report);
[[nodiscard]] json shape(protocol::catalog::AccountState const& state);
[[nodiscard]] json shape(debts::Movement const& movement);
[[nodiscard]] json shape(intake::Payment const& payment);
[[nodiscard]] json shape(intake::Discrepancy const& discrepancy);
[[nodiscard]] json shape(gateways::StoredDelivery const& stored);
[[nodiscard]] json shape(gateways::StoryLine const& line);
[[nodiscard]] json shape(ledger::HistoryLeg const& leg);
[[nodiscard]] json shape(ledger::Account const& account);
[[nodiscard]] json shape(ledger::Difference const& difference);
[[nodiscard]] json shape(registers::Register const& written);
[[nodiscard]] json shape(AuditLine const& line);

template <class T>
[[nodiscard]] json shapes(std::vector<T> const& values) {
    json array = json::array();
    for (T const& value : values)
        array.push_back(shape(value));
    return array;
}

} // namespace fleet::api
