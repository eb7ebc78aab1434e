#include "protocol/wire/convert.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace protocol;
namespace wire = protocol::wire;
using wire::ConvertError;

namespace {

catalog::Catalog example_catalog() {
    commission::Tariff const cash{
        .version = 3,
        .rate = {10'000},
        .fixed = rub(0),
        .minimum = rub(1'000),
        .maximum = rub(50'000)};
    catalog::Provider const provider{
        .id = 7,
        .name = "ООО Юнисервис",
        .inn = "7701234567",
        .bank_account = "40702810138250123017",
        .bic = "044525225",
        .category = "utilities",
        .account_mask = "A999A999",
        .phone = "8 495 000-00-00",
        .tariffs = {{commission::Channel::Cash, cash}},
        .payment_min = rub(1'000),
        .payment_max = rub(1'500'000)};
    return {
        .version = 42,
        .agent = {"ООО Расчётный центр", "7701234567", "Москва, ул. Ленина, 1", "8 800 000-00-00"},
        .offline = {rub(1'500'000), rub(20'000'000), 500, 168},
        .providers = {provider}};
}

catalog::AccountState example_account() {
    return {
        .provider_id = 7,
        .account = "M003K006",
        .payer_masked = "Гильман П. С.",
        .address_masked = "ул. Л***, 1",
        .debt = rub(459'786),
        .advance = rub(0),
        .debt_date = "2009-10-01",
        .period = "2009-09",
        .lines = {
            {"Отопление", "кв.м", "18.24", "54.3", rub(99'043)},
            {"Перерасчёт", "руб", "", "", rub(-1'200)}}};
}

} // namespace

TEST_SUITE("wire convert") {
    TEST_CASE("a catalog comes back from the wire as it went") {
        auto const back = wire::catalog_from_wire(wire::to_wire(example_catalog()));
        REQUIRE(back);
        CHECK(*back == example_catalog());
    }

    TEST_CASE("a tariff without a maximum comes back without one") {
        auto catalog = example_catalog();
        catalog.providers[0].tariffs.at(commission::Channel::Cash).maximum.reset();
        CHECK(*wire::catalog_from_wire(wire::to_wire(catalog)) == catalog);
    }

    TEST_CASE("an account's state comes back with its lines, recalculations below zero included") {
        auto const back =
            wire::account_from_wire(wire::to_wire(example_account(), 5), 7, "M003K006");
        REQUIRE(back);
        CHECK(*back == example_account());
    }

    TEST_CASE("every foreign field of a catalog that cannot be is refused by name") {
        struct Row {
            char const* what;
            std::function<void(wire::Catalog&)> spoil;
            ConvertError error;
        };
        auto first = [](wire::Catalog& c) -> wire::Provider& { return *c.mutable_providers(0); };
        auto tariff = [](wire::Catalog& c) -> wire::Tariff& {
            return *c.mutable_providers(0)->mutable_tariffs(0);
        };
        using C = wire::Catalog;
        using E = ConvertError;
        for (auto const& row : std::vector<Row>{
                 {"negative limit",
                  [](C& c) { c.mutable_offline()->set_total(-1); },
                  E::AmountOutOfRange},
                 {"huge limit",
                  [](C& c) { c.mutable_offline()->set_total(amount_minor_max + 1); },
                  E::AmountOutOfRange},
                 {"long name",
                  [&](C& c) { first(c).set_name(std::string(wire::text_size_max + 1, 'x')); },
                  E::TextTooLong},
                 {"escape in the hotline",
                  [](C& c) { c.mutable_agent()->set_hotline("\x1B[2J"); },
                  E::ControlCharacter},
                 {"letters in an INN", [&](C& c) { first(c).set_inn("77012345O7"); }, E::NotDigits},
                 {"short bank account",
                  [&](C& c) { first(c).set_bank_account("4070281013825012301"); },
                  E::NotDigits},
                 {"no number", [&](C& c) { first(c).set_id(0); }, E::ProviderUnnumbered},
                 {"no name", [&](C& c) { first(c).clear_name(); }, E::ProviderUnnamed},
                 {"one number twice",
                  [&](C& c) { *c.add_providers() = wire::Provider{first(c)}; },
                  E::ProviderRepeated},
                 {"unknown channel", [&](C& c) { tariff(c).set_channel(9); }, E::ChannelUnknown},
                 {"a channel twice",
                  [&](C& c) { *first(c).add_tariffs() = wire::Tariff{tariff(c)}; },
                  E::ChannelRepeated},
                 {"all of it is fee",
                  [&](C& c) { tariff(c).set_rate_ppm(1'000'000); },
                  E::TariffImpossible},
                 {"minimum above maximum",
                  [&](C& c) { tariff(c).set_minimum(50'001); },
                  E::TariffImpossible},
                 {"negative fixed fee",
                  [&](C& c) { tariff(c).set_fixed(-1); },
                  E::AmountOutOfRange},
                 {"no amount can be paid",
                  [&](C& c) { first(c).set_payment_min(1'500'001); },
                  E::LimitsCrossed},
                 {"more providers than fit",
                  [&](C& c) {
                      for (int i = 0; i < wire::providers_max; ++i)
                          *c.add_providers() = wire::Provider{first(c)};
                  },
                  E::TooMany},
             }) {
            CAPTURE(row.what);
            auto message = wire::to_wire(example_catalog());
            row.spoil(message);
            auto const refused = wire::catalog_from_wire(message);
            REQUIRE_FALSE(refused);
            CHECK(wire::name(refused.error()) == wire::name(row.error));
        }
    }

    TEST_CASE("an answer that names no account, or owes both ways, is refused") {
        auto answer = wire::to_wire(example_account(), 5);
        answer.set_outcome(wire::AccountAnswer::UNKNOWN_ACCOUNT);
        CHECK(wire::account_from_wire(answer, 7, "x").error() == ConvertError::OutcomeNotFound);

        answer = wire::to_wire(example_account(), 5);
        answer.set_advance(1);
        CHECK(wire::account_from_wire(answer, 7, "x").error() == ConvertError::DebtAndAdvance);

        answer = wire::to_wire(example_account(), 5);
        for (int i = 0; i < wire::service_lines_max; ++i)
            answer.add_lines();
        CHECK(wire::account_from_wire(answer, 7, "x").error() == ConvertError::TooMany);
    }

    TEST_CASE("a full catalog fits one frame") {
        auto catalog = example_catalog();
        auto const provider = catalog.providers[0];
        catalog.providers.assign(wire::providers_max, provider);
        CHECK(wire::to_wire(catalog).ByteSizeLong() < 262'144);
    }
}
