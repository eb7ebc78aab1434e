#include <algorithm>

#include "fleet-server/catalog/catalog.hpp"

namespace fleet::catalog {

using protocol::fail;
using protocol::Result;
using protocol::commission::Channel;
using protocol::commission::Tariff;
using store::Outcome;

namespace {

constexpr char const* select_provider =
    "SELECT id, name, inn, kpp, bank_account, bank, bic, correspondent_account, category, "
    "account_mask, phone, payment_min, payment_max, osmp_url, is_closed FROM provider ";

Tariff to_tariff(
    std::uint64_t version, std::uint32_t ppm, Money fixed, Money minimum,
    std::optional<Money> maximum) {
    return Tariff{
        .version = version, .rate = {ppm}, .fixed = fixed, .minimum = minimum, .maximum = maximum};
}

Outcome<void> read_tariffs(store::Reading const& reading, protocol::catalog::Provider& shown) {
    return reading
        .each<std::uint8_t, std::uint64_t, std::uint32_t, Money, Money, std::optional<Money>>(
            "SELECT channel, version, rate_ppm, fixed, minimum, maximum FROM provider_tariff "
            "WHERE provider = ? ORDER BY version",
            {shown.id},
            [&](std::uint8_t channel,
                std::uint64_t version,
                std::uint32_t ppm,
                Money fixed,
                Money minimum,
                std::optional<Money>
                    maximum) {
                shown.tariffs[static_cast<Channel>(channel)] =
                    to_tariff(version, ppm, fixed, minimum, maximum);
            });
}

Outcome<std::vector<Provider>> select(
    store::Reading const& reading, std::string const& condition, store::Values values) {
    std::vector<Provider> found;
    TRY_VOID((reading.each<
              std::uint32_t,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              std::string,
              Money,
              Money,
              std::string,
              bool>(
        select_provider + condition,
        values,
        [&](std::uint32_t id,
            std::string name,
            std::string inn,
            std::string kpp,
            std::string account,
            std::string bank,
            std::string bic,
            std::string correspondent,
            std::string category,
            std::string mask,
            std::string phone,
            Money least,
            Money most,
            std::string url,
            bool is_closed) {
            Provider provider;
            provider.shown.id = id;
            provider.shown.name = std::move(name);
            provider.shown.inn = std::move(inn);
            provider.shown.bank_account = std::move(account);
            provider.shown.bic = std::move(bic);
            provider.shown.category = std::move(category);
            provider.shown.account_mask = std::move(mask);
            provider.shown.phone = std::move(phone);
            provider.shown.payment_min = least;
            provider.shown.payment_max = most;
            provider.kpp = std::move(kpp);
            provider.bank = std::move(bank);
            provider.correspondent_account = std::move(correspondent);
            provider.osmp_url = std::move(url);
            provider.is_closed = is_closed;
            found.push_back(std::move(provider));
        })));
    for (Provider& provider : found)
        TRY_VOID(read_tariffs(reading, provider.shown));
    return found;
}

Outcome<void> put_tariffs(
    store::Transaction& transaction, protocol::catalog::Provider const& shown,
    std::uint64_t version) {
    protocol::catalog::Provider known;
    known.id = shown.id;
    TRY_VOID(read_tariffs(transaction, known));
    for (auto const& [channel, tariff] : shown.tariffs) {
        auto const old = known.tariffs.find(channel);
        Tariff same = tariff;
        if (old != known.tariffs.end())
            same.version = old->second.version;
        if (old != known.tariffs.end() && old->second == same)
            continue;
        TRY_VOID(transaction.execute(
            "INSERT INTO provider_tariff (provider, channel, version, rate_ppm, fixed, minimum, "
            "maximum) VALUES (?, ?, ?, ?, ?, ?, ?)",
            {shown.id,
             static_cast<int>(channel),
             version,
             tariff.rate.ppm,
             tariff.fixed,
             tariff.minimum,
             tariff.maximum}));
    }
    return {};
}

Outcome<std::optional<Complaint>> check_requisites(
    store::Reading const& reading, Provider const& provider) {
    TRY(auto const same,
        (reading.one<std::uint32_t, std::string>(
            "SELECT id, name FROM provider WHERE bank_account = ? AND bic = ? AND id <> ?",
            {provider.shown.bank_account, provider.shown.bic, provider.shown.id})));
    if (!same)
        return std::optional<Complaint>{};
    auto const& [id, name] = *same;
    // A bill's payee is found by these two: they cannot mean two providers.
    return std::optional{Complaint{
        "account",
        "provider " + std::to_string(id) + " (" + name + ") has this bank account",
        "change that provider, or correct account and bic"}};
}

} // namespace

Outcome<Result<std::uint32_t, Complaints>> create_provider(
    store::Transaction& transaction, Provider const& provider, UtcTime now) {
    using Answer = Result<std::uint32_t, Complaints>;
    Provider created = provider;
    created.shown.id = 0;
    TRY(auto complaint, check_requisites(transaction, created));
    if (complaint)
        return Answer{fail(Complaints{std::move(*complaint)})};
    auto const& shown = created.shown;
    TRY(auto const id,
        transaction.insert(
            "INSERT INTO provider (name, inn, kpp, bank_account, bank, bic, "
            "correspondent_account, category, account_mask, phone, payment_min, payment_max, "
            "osmp_url, is_closed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {shown.name,
             shown.inn,
             created.kpp,
             shown.bank_account,
             created.bank,
             shown.bic,
             created.correspondent_account,
             shown.category,
             shown.account_mask,
             shown.phone,
             shown.payment_min,
             shown.payment_max,
             created.osmp_url,
             created.is_closed,
             now}));
    created.shown.id = static_cast<std::uint32_t>(id);
    TRY(auto const version, raise_catalog_version(transaction));
    TRY_VOID(put_tariffs(transaction, created.shown, version));
    return Answer{created.shown.id};
}

Outcome<Result<void, Complaints>> change_provider(
    store::Transaction& transaction, Provider const& provider, UtcTime) {
    using Answer = Result<void, Complaints>;
    TRY(auto complaint, check_requisites(transaction, provider));
    if (complaint)
        return Answer{fail(Complaints{std::move(*complaint)})};
    auto const& shown = provider.shown;
    TRY(auto const changed,
        transaction.execute(
            "UPDATE provider SET name = ?, inn = ?, kpp = ?, bank_account = ?, bank = ?, bic = ?, "
            "correspondent_account = ?, category = ?, account_mask = ?, phone = ?, "
            "payment_min = ?, payment_max = ?, osmp_url = ?, is_closed = ? WHERE id = ?",
            {shown.name,
             shown.inn,
             provider.kpp,
             shown.bank_account,
             provider.bank,
             shown.bic,
             provider.correspondent_account,
             shown.category,
             shown.account_mask,
             shown.phone,
             shown.payment_min,
             shown.payment_max,
             provider.osmp_url,
             provider.is_closed,
             shown.id}));
    if (changed != 1)
        return Answer{fail(Complaints{
            {"id", "there is no provider " + std::to_string(shown.id), "create it first"}})};
    TRY(auto const version, raise_catalog_version(transaction));
    TRY_VOID(put_tariffs(transaction, shown, version));
    return Answer{};
}

Outcome<std::optional<Provider>> find_provider(store::Reading const& reading, std::uint32_t id) {
    TRY(auto found, select(reading, "WHERE id = ?", {id}));
    if (found.empty())
        return std::optional<Provider>{};
    return std::optional{std::move(found.front())};
}

Outcome<std::optional<Provider>> find_provider(
    store::Reading const& reading, std::string_view written) {
    constexpr std::size_t id_digits_max = 9; // An INN has 10 or 12.
    bool const is_number =
        !written.empty() && written.size() <= id_digits_max &&
        std::all_of(written.begin(), written.end(), [](char c) { return c >= '0' && c <= '9'; });
    TRY(auto found,
        is_number ? select(reading, "WHERE id = CAST(? AS INTEGER)", {written})
                  : select(reading, "WHERE inn = ?1 OR name = ?1", {written}));
    if (found.size() != 1)
        return std::optional<Provider>{};
    return std::optional{std::move(found.front())};
}

Outcome<std::vector<Provider>> all_providers(store::Reading const& reading) {
    return select(reading, "ORDER BY id", {});
}

Outcome<TariffsByVersion> all_tariffs_of(store::Reading const& reading, std::uint32_t provider) {
    TariffsByVersion tariffs;
    TRY_VOID(
        (reading
             .each<std::uint8_t, std::uint64_t, std::uint32_t, Money, Money, std::optional<Money>>(
                 "SELECT channel, version, rate_ppm, fixed, minimum, maximum FROM provider_tariff "
                 "WHERE provider = ?",
                 {provider},
                 [&](std::uint8_t channel,
                     std::uint64_t version,
                     std::uint32_t ppm,
                     Money fixed,
                     Money minimum,
                     std::optional<Money>
                         maximum) {
                     tariffs[{static_cast<Channel>(channel), version}] =
                         to_tariff(version, ppm, fixed, minimum, maximum);
                 })));
    return tariffs;
}

Outcome<std::optional<Tariff>> tariff_of(
    store::Reading const& reading, std::uint32_t provider, Channel channel, std::uint64_t version) {
    TRY(auto const row,
        (reading.one<std::uint32_t, Money, Money, std::optional<Money>>(
            "SELECT rate_ppm, fixed, minimum, maximum FROM provider_tariff "
            "WHERE provider = ? AND channel = ? AND version = ?",
            {provider, static_cast<int>(channel), version})));
    if (!row)
        return std::optional<Tariff>{};
    auto const& [ppm, fixed, minimum, maximum] = *row;
    return std::optional{to_tariff(version, ppm, fixed, minimum, maximum)};
}

} // namespace fleet::catalog
