#include "kiosk/journal/fields.hpp"

namespace kiosk::journal {

namespace {

using payment::DebtSource;
using protocol::Money;

constexpr auto debt_source = words<DebtSource>(
    {{DebtSource::Server, "server"}, {DebtSource::Bill, "bill"}, {DebtSource::None, "none"}});

Json tariff_to_json(protocol::commission::Tariff const& tariff) {
    Json json{
        {"version", tariff.version},
        {"rate_ppm", tariff.rate.ppm},
        {"fixed", amount_to_json(tariff.fixed)},
        {"minimum", amount_to_json(tariff.minimum)}};
    if (tariff.maximum)
        json["maximum"] = amount_to_json(*tariff.maximum);
    return json;
}

protocol::commission::Tariff tariff_from_json(Json const& json) {
    protocol::commission::Tariff tariff;
    tariff.version = json.at("version").get<std::uint64_t>();
    tariff.rate.ppm = json.at("rate_ppm").get<std::uint32_t>();
    tariff.fixed = amount_from_json(json.at("fixed"));
    tariff.minimum = amount_from_json(json.at("minimum"));
    if (json.contains("maximum"))
        tariff.maximum = amount_from_json(json.at("maximum"));
    return tariff;
}

Json sums_to_json(payment::Settlement const& sums) {
    return {
        {"cash", amount_to_json(sums.cash)},
        {"fee", amount_to_json(sums.fee)},
        {"credited", amount_to_json(sums.credited)},
        {"change", amount_to_json(sums.change)},
        {"advance", amount_to_json(sums.advance)},
        {"debt_left", amount_to_json(sums.debt_left)},
        {"advance_after", amount_to_json(sums.advance_after)}};
}

payment::Settlement sums_from_json(Json const& json) {
    payment::Settlement sums;
    sums.cash = amount_from_json(json.at("cash"));
    sums.fee = amount_from_json(json.at("fee"));
    sums.credited = amount_from_json(json.at("credited"));
    sums.change = amount_from_json(json.at("change"));
    sums.advance = amount_from_json(json.at("advance"));
    sums.debt_left = amount_from_json(json.at("debt_left"));
    sums.advance_after = amount_from_json(json.at("advance_after"));
    return sums;
}

} // namespace

Json amount_to_json(Money amount) {
    if (amount.currency() == protocol::Currency::RUB)
        return amount.minor();
    return {{"minor", amount.minor()}, {"currency", protocol::code(amount.currency())}};
}

Money amount_from_json(Json const& json) {
    if (!json.is_object())
        return protocol::rub(json.get<std::int64_t>());
    auto const currency = protocol::currency_from_code(json.at("currency").get<std::string>());
    if (!currency)
        throw UnknownWord{json.at("currency").get<std::string>()};
    return Money::from_minor(json.at("minor").get<std::int64_t>(), *currency);
}

Json to_json(payment::Bill const& bill) {
    return {
        {"provider", bill.provider},
        {"payee", bill.payee},
        {"payee_inn", bill.payee_inn},
        {"payee_phone", bill.payee_phone},
        {"account", bill.account},
        {"account_typed", bill.account_typed},
        {"payer_masked", bill.payer_masked},
        {"address_masked", bill.address_masked},
        {"period", bill.period},
        {"debt_source", debt_source(bill.source)},
        {"debt", amount_to_json(bill.debt)},
        {"debt_date", bill.debt_date},
        {"advance", amount_to_json(bill.advance)},
        {"offline", bill.offline},
        {"tariff", tariff_to_json(bill.tariff)},
        {"payment_min", amount_to_json(bill.payment_min)},
        {"payment_max", amount_to_json(bill.payment_max)}};
}

payment::Bill bill_from_json(Json const& json) {
    payment::Bill bill;
    bill.provider = json.at("provider").get<std::uint32_t>();
    bill.payee = json.at("payee").get<std::string>();
    bill.payee_inn = json.at("payee_inn").get<std::string>();
    bill.payee_phone = json.at("payee_phone").get<std::string>();
    bill.account = json.at("account").get<std::string>();
    bill.account_typed = json.at("account_typed").get<std::string>();
    bill.payer_masked = json.at("payer_masked").get<std::string>();
    bill.address_masked = json.at("address_masked").get<std::string>();
    bill.period = json.at("period").get<std::string>();
    bill.source = debt_source(json.at("debt_source"));
    bill.debt = amount_from_json(json.at("debt"));
    bill.debt_date = json.at("debt_date").get<std::string>();
    bill.advance = amount_from_json(json.at("advance"));
    bill.offline = json.at("offline").get<bool>();
    bill.tariff = tariff_from_json(json.at("tariff"));
    bill.payment_min = amount_from_json(json.at("payment_min"));
    bill.payment_max = amount_from_json(json.at("payment_max"));
    return bill;
}

Json to_json(payment::PaymentFacts const& facts) {
    Json notes = Json::array();
    for (auto const& row : facts.notes)
        notes.push_back({{"value", amount_to_json(row.value)}, {"count", row.count}});
    return {
        {"session", facts.session},
        {"sums", sums_to_json(facts.sums)},
        {"notes", std::move(notes)},
        {"at_ms", facts.at.time_since_epoch().count()},
        {"offline", facts.offline},
        {"bill", to_json(facts.bill)}};
}

payment::PaymentFacts facts_from_json(Json const& json) {
    payment::PaymentFacts facts;
    facts.session = json.at("session").get<std::uint64_t>();
    facts.sums = sums_from_json(json.at("sums"));
    for (Json const& row : json.at("notes"))
        facts.notes.push_back(
            {amount_from_json(row.at("value")), row.at("count").get<std::uint32_t>()});
    facts.at = payment::WallTime{std::chrono::milliseconds{json.at("at_ms").get<std::int64_t>()}};
    facts.offline = json.at("offline").get<bool>();
    facts.bill = bill_from_json(json.at("bill"));
    return facts;
}

} // namespace kiosk::journal
