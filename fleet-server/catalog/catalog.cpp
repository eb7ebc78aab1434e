#include "fleet-server/catalog/catalog.hpp"

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/shelf.hpp"

namespace fleet::catalog {

using protocol::fail;
using store::Outcome;

namespace {

Outcome<std::optional<House>> find_house(store::Reading const& reading) {
    TRY(auto row,
        (reading.one<
            std::string,
            std::string,
            std::string,
            Money,
            Money,
            std::uint32_t,
            std::uint32_t>(
            "SELECT agent_name, agent_inn, hotline, offline_per_payment, offline_total, "
            "offline_count, offline_age_hours FROM house")));
    if (!row)
        return std::optional<House>{};
    auto& [name, inn, hotline, per_payment, total, count, age] = *row;
    return std::optional{House{
        std::move(name),
        std::move(inn),
        std::move(hotline),
        {.per_payment = per_payment, .total = total, .count = count, .age_hours = age}}};
}

} // namespace

Outcome<void> set_house(store::Transaction& transaction, House const& house) {
    TRY(auto const known, find_house(transaction));
    if (known == house)
        return {};
    TRY_VOID(transaction.execute(
        "INSERT OR REPLACE INTO house (id, agent_name, agent_inn, hotline, offline_per_payment, "
        "offline_total, offline_count, offline_age_hours) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        {house.agent_name,
         house.agent_inn,
         house.hotline,
         house.offline.per_payment,
         house.offline.total,
         house.offline.count,
         house.offline.age_hours}));
    TRY_VOID(raise_catalog_version(transaction));
    return {};
}

Outcome<std::optional<protocol::catalog::Catalog>> catalog_for(
    store::Reading const& reading, std::uint32_t kiosk) {
    TRY(auto const found, find_kiosk(reading, kiosk));
    if (!found)
        return std::optional<protocol::catalog::Catalog>{};
    TRY(auto const known, find_house(reading));
    House const house = known.value_or(House{});
    protocol::catalog::Catalog catalog;
    TRY(catalog.version, catalog_version(reading));
    catalog.agent = {house.agent_name, house.agent_inn, found->address, house.hotline};
    catalog.offline = house.offline;
    TRY(auto providers, all_providers(reading));
    for (Provider& provider : providers)
        if (!provider.is_closed)
            catalog.providers.push_back(std::move(provider.shown));
    return std::optional{std::move(catalog)};
}

Outcome<std::uint64_t> catalog_version(store::Reading const& reading) {
    TRY(auto const version, reading.value<std::uint64_t>("SELECT version FROM catalog_state"));
    if (!version)
        return fail(store::StoreError{store::StoreError::Kind::Shape, "no catalog version"});
    return *version;
}

Outcome<std::uint64_t> raise_catalog_version(store::Transaction& transaction) {
    transaction.companion<Shelf>().clear();
    TRY_VOID(transaction.execute("UPDATE catalog_state SET version = version + 1"));
    return catalog_version(transaction);
}

} // namespace fleet::catalog
