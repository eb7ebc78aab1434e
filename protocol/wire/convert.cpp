#include "protocol/wire/convert.hpp"

#include <algorithm>
#include <cassert>
#include <initializer_list>
#include <set>
#include <utility>

namespace protocol::wire {

namespace {

Result<Money, ConvertError> amount(std::int64_t kopecks) {
    if (kopecks < 0 || kopecks > amount_minor_max)
        return fail(ConvertError::AmountOutOfRange);
    return rub(kopecks);
}

std::int64_t kopecks(Money money) {
    assert(money.currency() == Currency::RUB);
    return money.minor();
}

// UTF-8 itself was checked when the message was parsed. Control characters would reach a screen, a
// printer or a log line.
Result<std::string, ConvertError> text(std::string const& field) {
    if (field.size() > text_size_max)
        return fail(ConvertError::TextTooLong);
    if (std::ranges::any_of(field, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }))
        return fail(ConvertError::ControlCharacter);
    return field;
}

/// Empty, when the payee has none, or digits of one of these lengths.
Result<std::string, ConvertError> digits(
    std::string const& field, std::initializer_list<std::size_t> lengths) {
    if (field.empty())
        return field;
    bool const is_right_length = std::ranges::find(lengths, field.size()) != lengths.end();
    if (!is_right_length ||
        !std::ranges::all_of(field, [](char c) { return c >= '0' && c <= '9'; }))
        return fail(ConvertError::NotDigits);
    return field;
}

Result<commission::Channel, ConvertError> channel(std::uint32_t number) {
    using commission::Channel;
    for (Channel const known : {Channel::Cash, Channel::Card, Channel::Sbp, Channel::Web})
        if (number == static_cast<std::uint32_t>(known))
            return known;
    return fail(ConvertError::ChannelUnknown);
}

Result<catalog::Agent, ConvertError> agent_from_wire(Agent const& message) {
    catalog::Agent agent;
    TRY(agent.name, text(message.name()));
    TRY(agent.inn, digits(message.inn(), {10, 12}));
    TRY(agent.address, text(message.address()));
    TRY(agent.hotline, text(message.hotline()));
    return agent;
}

Result<catalog::OfflineLimits, ConvertError> limits_from_wire(OfflineLimits const& message) {
    catalog::OfflineLimits limits;
    TRY(limits.per_payment, amount(message.per_payment()));
    TRY(limits.total, amount(message.total()));
    limits.count = message.count();
    limits.age_hours = message.age_hours();
    return limits;
}

Result<catalog::Provider, ConvertError> provider_from_wire(Provider const& message) {
    if (message.id() == 0)
        return fail(ConvertError::ProviderUnnumbered);
    if (message.name().empty())
        return fail(ConvertError::ProviderUnnamed);
    catalog::Provider provider;
    provider.id = message.id();
    TRY(provider.name, text(message.name()));
    TRY(provider.inn, digits(message.inn(), {10, 12}));
    TRY(provider.bank_account, digits(message.bank_account(), {20}));
    TRY(provider.bic, digits(message.bic(), {9}));
    TRY(provider.category, text(message.category()));
    TRY(provider.account_mask, text(message.account_mask()));
    TRY(provider.phone, text(message.phone()));
    TRY(provider.payment_min, amount(message.payment_min()));
    TRY(provider.payment_max, amount(message.payment_max()));
    if (provider.payment_min.minor() > provider.payment_max.minor())
        return fail(ConvertError::LimitsCrossed);
    for (Tariff const& tariff : message.tariffs()) {
        TRY(auto const key, channel(tariff.channel()));
        TRY(auto const value, tariff_from_wire(tariff));
        if (!provider.tariffs.emplace(key, value).second)
            return fail(ConvertError::ChannelRepeated);
    }
    return provider;
}

Result<catalog::ServiceLine, ConvertError> line_from_wire(ServiceLine const& message) {
    catalog::ServiceLine line;
    TRY(line.service, text(message.service()));
    TRY(line.unit, text(message.unit()));
    TRY(line.tariff, text(message.tariff()));
    TRY(line.quantity, text(message.quantity()));
    // A line may be below zero: providers print recalculations so. Only its size is limited.
    if (message.amount() < -amount_minor_max || message.amount() > amount_minor_max)
        return fail(ConvertError::AmountOutOfRange);
    line.amount = rub(message.amount());
    return line;
}

} // namespace

std::string_view name(ConvertError error) {
    switch (error) {
    case ConvertError::AmountOutOfRange: return "AmountOutOfRange";
    case ConvertError::TextTooLong: return "TextTooLong";
    case ConvertError::ControlCharacter: return "ControlCharacter";
    case ConvertError::NotDigits: return "NotDigits";
    case ConvertError::TooMany: return "TooMany";
    case ConvertError::ProviderUnnumbered: return "ProviderUnnumbered";
    case ConvertError::ProviderRepeated: return "ProviderRepeated";
    case ConvertError::ProviderUnnamed: return "ProviderUnnamed";
    case ConvertError::ChannelUnknown: return "ChannelUnknown";
    case ConvertError::ChannelRepeated: return "ChannelRepeated";
    case ConvertError::TariffImpossible: return "TariffImpossible";
    case ConvertError::LimitsCrossed: return "LimitsCrossed";
    case ConvertError::OutcomeNotFound: return "OutcomeNotFound";
    case ConvertError::DebtAndAdvance: return "DebtAndAdvance";
    }
    return "unknown";
}

Tariff to_wire(commission::Channel channel, commission::Tariff const& tariff) {
    Tariff message;
    message.set_channel(static_cast<std::uint32_t>(channel));
    message.set_version(tariff.version);
    message.set_rate_ppm(tariff.rate.ppm);
    message.set_fixed(kopecks(tariff.fixed));
    message.set_minimum(kopecks(tariff.minimum));
    if (tariff.maximum)
        message.set_maximum(kopecks(*tariff.maximum));
    return message;
}

Catalog to_wire(catalog::Catalog const& catalog) {
    Catalog message;
    message.set_version(catalog.version);
    Agent& agent = *message.mutable_agent();
    agent.set_name(catalog.agent.name);
    agent.set_inn(catalog.agent.inn);
    agent.set_address(catalog.agent.address);
    agent.set_hotline(catalog.agent.hotline);
    OfflineLimits& offline = *message.mutable_offline();
    offline.set_per_payment(kopecks(catalog.offline.per_payment));
    offline.set_total(kopecks(catalog.offline.total));
    offline.set_count(catalog.offline.count);
    offline.set_age_hours(catalog.offline.age_hours);
    for (catalog::Provider const& from : catalog.providers) {
        Provider& provider = *message.add_providers();
        provider.set_id(from.id);
        provider.set_name(from.name);
        provider.set_inn(from.inn);
        provider.set_bank_account(from.bank_account);
        provider.set_bic(from.bic);
        provider.set_category(from.category);
        provider.set_account_mask(from.account_mask);
        provider.set_phone(from.phone);
        for (auto const& [key, tariff] : from.tariffs)
            *provider.add_tariffs() = to_wire(key, tariff);
        provider.set_payment_min(kopecks(from.payment_min));
        provider.set_payment_max(kopecks(from.payment_max));
    }
    return message;
}

AccountAnswer to_wire(catalog::AccountState const& state, std::uint32_t id) {
    AccountAnswer message;
    message.set_id(id);
    message.set_outcome(AccountAnswer::FOUND);
    message.set_payer_masked(state.payer_masked);
    message.set_address_masked(state.address_masked);
    message.set_debt(kopecks(state.debt));
    message.set_advance(kopecks(state.advance));
    message.set_debt_date(state.debt_date);
    message.set_period(state.period);
    for (catalog::ServiceLine const& from : state.lines) {
        ServiceLine& line = *message.add_lines();
        line.set_service(from.service);
        line.set_unit(from.unit);
        line.set_tariff(from.tariff);
        line.set_quantity(from.quantity);
        line.set_amount(kopecks(from.amount));
    }
    return message;
}

Result<commission::Tariff, ConvertError> tariff_from_wire(Tariff const& message) {
    commission::Tariff tariff;
    tariff.version = message.version();
    tariff.rate.ppm = message.rate_ppm();
    TRY(tariff.fixed, amount(message.fixed()));
    TRY(tariff.minimum, amount(message.minimum()));
    if (message.has_maximum()) {
        TRY(tariff.maximum, amount(message.maximum()));
    }
    if (!commission::check(tariff))
        return fail(ConvertError::TariffImpossible);
    return tariff;
}

Result<catalog::Catalog, ConvertError> catalog_from_wire(Catalog const& message) {
    if (message.providers_size() > providers_max)
        return fail(ConvertError::TooMany);
    catalog::Catalog catalog;
    catalog.version = message.version();
    TRY(catalog.agent, agent_from_wire(message.agent()));
    TRY(catalog.offline, limits_from_wire(message.offline()));
    std::set<std::uint32_t> ids;
    for (Provider const& from : message.providers()) {
        TRY(auto provider, provider_from_wire(from));
        if (!ids.insert(provider.id).second)
            return fail(ConvertError::ProviderRepeated);
        catalog.providers.push_back(std::move(provider));
    }
    return catalog;
}

Result<catalog::AccountState, ConvertError> account_from_wire(
    AccountAnswer const& message, std::uint32_t provider_id, std::string account) {
    if (message.outcome() != AccountAnswer::FOUND)
        return fail(ConvertError::OutcomeNotFound);
    if (message.lines_size() > service_lines_max)
        return fail(ConvertError::TooMany);
    catalog::AccountState state;
    state.provider_id = provider_id;
    state.account = std::move(account);
    TRY(state.payer_masked, text(message.payer_masked()));
    TRY(state.address_masked, text(message.address_masked()));
    TRY(state.debt, amount(message.debt()));
    TRY(state.advance, amount(message.advance()));
    if (state.debt.is_positive() && state.advance.is_positive())
        return fail(ConvertError::DebtAndAdvance);
    TRY(state.debt_date, text(message.debt_date()));
    TRY(state.period, text(message.period()));
    for (ServiceLine const& from : message.lines()) {
        TRY(auto line, line_from_wire(from));
        state.lines.push_back(std::move(line));
    }
    return state;
}

} // namespace protocol::wire
