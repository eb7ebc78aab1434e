#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/store/reading.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/catalog/catalog.hpp"

/// Who is paid, under which tariff, within which limits, at which kiosks. Every change gives the
/// catalog a new version, and kiosks that hold an older one get it with their next Welcome.
namespace fleet::catalog {

using protocol::Complaint;
using protocol::Money;
using Complaints = std::vector<Complaint>;

/// A provider as the server keeps it: what kiosks know, and what only settlement needs.
struct Provider {
    protocol::catalog::Provider shown; ///< `shown.id` is its number everywhere.
    std::string kpp;
    std::string bank;
    std::string correspondent_account;
    std::string osmp_url; ///< Empty: payments go by register only.
    bool is_closed = false;
    friend bool operator==(Provider const&, Provider const&) = default;
};

/// Reads the text of a provider file, for example tests/fixtures/providers/uniservis.json:
///   name, inn, account (the bank account), bic                        must be there
///   kpp, bank, correspondent_account, category, phone                 text
///   mask         of resident accounts ("A999A999"), default "*"
///   payment_min, payment_max   "1.00", "15000.00": decimal text, roubles
///   tariffs      {"cash": {"rate": "1 %", "fixed": "0.00", "minimum": "0.00", "maximum": "50.00"}}
///   osmp         {"url": "http://..."}
/// Unknown keys are complained of: a misspelt tariff must not become "no commission".
[[nodiscard]] protocol::Result<Provider, Complaints> read_provider(std::string_view json);

/// Adds it, or a complaint: another provider has this bank account and BIC. Gives its number.
[[nodiscard]] store::Outcome<protocol::Result<std::uint32_t, Complaints>> create_provider(
    store::Transaction& transaction, Provider const& provider, UtcTime now);
/// New tariffs, limits, mask, phone, gateway for provider `provider.shown.id`; requisites as well.
/// Older tariffs stay known by their version, because receipts were printed under them; a channel
/// that is not named keeps its tariff. Versions in `provider` are given here, not read.
[[nodiscard]] store::Outcome<protocol::Result<void, Complaints>> change_provider(
    store::Transaction& transaction, Provider const& provider, UtcTime now);

[[nodiscard]] store::Outcome<std::optional<Provider>> find_provider(
    store::Reading const& reading, std::uint32_t id);
/// By what a person writes: the number, the INN, or the exact name. nullopt when none or several.
[[nodiscard]] store::Outcome<std::optional<Provider>> find_provider(
    store::Reading const& reading, std::string_view written);
[[nodiscard]] store::Outcome<std::vector<Provider>> all_providers(store::Reading const& reading);
/// The tariff that a receipt names, however old.
[[nodiscard]] store::Outcome<std::optional<protocol::commission::Tariff>> tariff_of(
    store::Reading const& reading, std::uint32_t provider, protocol::commission::Channel channel,
    std::uint64_t version);

using TariffsByVersion =
    std::map<std::pair<protocol::commission::Channel, std::uint64_t>, protocol::commission::Tariff>;
[[nodiscard]] store::Outcome<TariffsByVersion> all_tariffs_of(
    store::Reading const& reading, std::uint32_t provider);

/// From the configuration at each start; a new version only when something differs.
struct House {
    std::string agent_name;
    std::string agent_inn;
    std::string hotline;
    protocol::catalog::OfflineLimits offline = {
        .per_payment = protocol::rub(15'000'00), // Without identification of the payer, 115-FZ.
        .total = protocol::rub(500'000'00),      // About what a full stacker holds.
        .count = 2'000,
        .age_hours = 24 * 14,
    };
    friend bool operator==(House const&, House const&) = default;
};
[[nodiscard]] store::Outcome<void> set_house(store::Transaction& transaction, House const& house);

/// What this kiosk is to know. nullopt: no such kiosk.
[[nodiscard]] store::Outcome<std::optional<protocol::catalog::Catalog>> catalog_for(
    store::Reading const& reading, std::uint32_t kiosk);
[[nodiscard]] store::Outcome<std::uint64_t> catalog_version(store::Reading const& reading);
/// Called by everything that changes what a kiosk is shown.
[[nodiscard]] store::Outcome<std::uint64_t> raise_catalog_version(store::Transaction& transaction);

} // namespace fleet::catalog
