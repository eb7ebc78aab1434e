#include "fleet-server/catalog/catalog.hpp"

#include <doctest/doctest.h>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "tests/fleet-server/support/database.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::catalog;
using protocol::rub;
using protocol::commission::Channel;

namespace {

struct Shop {
    template <class Work>
    auto write(Work work) {
        return require(store.write(work));
    }
    template <class Work>
    auto read(Work work) {
        return require(require(store.open_reader()).read(work));
    }
    std::uint32_t create(Provider const& provider) {
        auto const id =
            write([&](store::Transaction& t) { return create_provider(t, provider, {}); });
        REQUIRE(id);
        return *id;
    }
    auto publish(std::uint32_t provider, std::string const& text) {
        return write([&](store::Transaction& t) { return publish_rule(t, provider, text, {}); });
    }

    ScratchFolder folder;
    store::Store store = require(store::Store::open(folder.path() / "fleet.sqlite"));
};

Provider uniservis() {
    auto const provider = read_provider(read_fixture("providers/uniservis.json"));
    REQUIRE(provider);
    return *provider;
}

std::string complaints_of(std::string const& json) {
    auto const provider = read_provider(json);
    if (provider)
        return "good";
    std::string all;
    for (auto const& complaint : provider.error())
        all += to_string(complaint) + "\n";
    return all;
}

std::string rule_from(std::string const& day, std::string const& inn = "7729524407") {
    return "effective_from = \"" + day + "\"\n[[receivers]]\nname = \"u\"\ninn = \"" + inn +
           "\"\n[[steps]]\nkind = \"remainder\"\nto = \"u\"\n";
}

UtcTime day(int year, unsigned month, unsigned of_month) {
    using namespace std::chrono;
    return sys_days{
        std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

} // namespace

TEST_SUITE("catalog") {
    TEST_CASE("the fixture of ООО Юнисервис is read, without commission where none is written") {
        auto const provider = uniservis();
        CHECK(provider.shown.name == "ООО Юнисервис");
        CHECK(provider.shown.bank_account == "40702810138180134189");
        CHECK(provider.shown.bic == "044525225");
        CHECK(provider.shown.account_mask == "*");
        CHECK(provider.shown.tariffs.at(Channel::Cash) == protocol::commission::Tariff{});
        CHECK(provider.correspondent_account == "30101810400000000225");
    }

    TEST_CASE("tariffs, limits, mask and gateway are read from the same file") {
        auto const provider = read_provider(R"({"name": "X", "inn": "7729524407",
            "account": "40702810138180134189", "bic": "044525225", "mask": "A999A999",
            "payment_min": "10", "payment_max": "15000,00", "osmp": {"url": "http://127.0.0.1/osmp"},
            "tariffs": {"cash": {"rate": "1 %", "minimum": "1.50", "maximum": "50"}}})");
        REQUIRE(provider);
        auto const& tariff = provider->shown.tariffs.at(Channel::Cash);
        CHECK(tariff.rate.ppm == 10'000);
        CHECK(tariff.minimum == rub(150));
        CHECK(tariff.maximum == rub(50'00));
        CHECK(provider->shown.payment_min == rub(10'00));
        CHECK(provider->osmp_url == "http://127.0.0.1/osmp");
    }

    TEST_CASE("what is wrong in a provider's file is named with its place and the cure") {
        std::string const good = R"({"name": "X", "inn": "7729524407",
"account": "40702810138180134189", "bic": "044525225")";
        CHECK(complaints_of(good + "}") == "good");
        struct Row {
            char const* tail;
            char const* says;
        };
        for (Row const& one : {
                 Row{R"(, "tarif": {}})", "tarif: this key means nothing here"},
                 Row{R"(, "mask": "A?"})", "mask: 'A?' is not a mask"},
                 Row{R"(, "payment_min": "5", "payment_max": "4"})", "payment_min: the limits"},
                 Row{R"(, "payment_min": 5})", "payment_min: it is not text"},
                 Row{R"(, "payment_min": "1.234"})", "payment_min: "},
                 Row{R"(, "tariffs": {"cash": {"rate": "1"}}})",
                     "tariffs.cash.rate: it is not a rate"},
                 Row{R"(, "tariffs": {"gold": {}}})", "tariffs.gold: this key means nothing"},
                 Row{R"(, "tariffs": {"cash": {"rates": "1 %"}}})", "tariffs.cash.rates: "},
                 Row{R"(, "tariffs": {"cash": {"rate": "100 %"}}})",
                     "tariffs.cash.: this tariff is impossible"},
                 Row{R"(, "osmp": {"url": "ftp://x"}})", "osmp.url: it is not an address"},
                 Row{R"(, "osmp": "http://x"})", "osmp: its url is missing"},
                 Row{R"(, "kpp": "12"})", "kpp: '12' has another shape; write 9 digits"},
                 Row{",\n\n \"kpp\" 5}", "line 4: it is not JSON"},
             }) {
            auto const tail = one.tail;
            auto const says = one.says;
            auto const complaints = complaints_of(good + tail);
            CAPTURE(tail);
            CHECK_MESSAGE(complaints.find(says) != std::string::npos, complaints);
        }
        CHECK(complaints_of("[]").find("it is not a JSON object") != std::string::npos);
        CHECK(complaints_of("{}").find("inn: it is missing") != std::string::npos);
    }

    TEST_CASE("a provider is kept as it was read, found by number, INN and name") {
        Shop shop;
        auto provider = uniservis();
        auto const id = shop.create(provider);
        for (std::string const& written :
             {std::string{"1"}, provider.shown.inn, provider.shown.name}) {
            auto found =
                shop.read([&](store::Reading const& r) { return find_provider(r, written); });
            REQUIRE(found);
            CHECK(found->shown.id == id);
            CHECK(found->shown.tariffs.at(Channel::Cash).version > 0);
            found->shown.id = 0;
            found->shown.tariffs = provider.shown.tariffs;
            CHECK(*found == provider);
        }
        CHECK_FALSE(shop.read([](store::Reading const& r) { return find_provider(r, "2"); }));
        CHECK_FALSE(shop.read([](store::Reading const& r) { return find_provider(r, "' OR 1"); }));
    }

    TEST_CASE("two providers cannot be one payee") {
        Shop shop;
        shop.create(uniservis());
        auto const again =
            shop.write([](store::Transaction& t) { return create_provider(t, uniservis(), {}); });
        REQUIRE_FALSE(again);
        CHECK(again.error().front().problem.find("has this bank account") != std::string::npos);
    }

    TEST_CASE("a changed tariff has a new version and receipts still find the old one") {
        Shop shop;
        auto provider = uniservis();
        provider.shown.id = shop.create(provider);
        auto const cash = [&] {
            return shop.read([](store::Reading const& r) { return find_provider(r, 1U); })
                ->shown.tariffs.at(Channel::Cash);
        };
        auto const first = cash();
        provider.shown.tariffs[Channel::Cash].rate.ppm = 10'000;
        REQUIRE(
            shop.write([&](store::Transaction& t) { return change_provider(t, provider, {}); }));
        auto const second = cash();
        CHECK(second.version > first.version);
        CHECK(second.rate.ppm == 10'000);
        auto const old = shop.read(
            [&](store::Reading const& r) { return tariff_of(r, 1, Channel::Cash, first.version); });
        CHECK(old == first);
        // Another change that leaves the tariff alone keeps its version.
        provider.shown.phone = "8 800 000-00-00";
        REQUIRE(
            shop.write([&](store::Transaction& t) { return change_provider(t, provider, {}); }));
        CHECK(cash() == second);
    }

    TEST_CASE("a kiosk's catalog names the agent, its own address and the open providers") {
        Shop shop;
        auto provider = uniservis();
        provider.shown.id = shop.create(provider);
        House const house{"ООО Расчётный центр", "7701234567", "8 800 000-00-00", {}};
        require(shop.store.write([&](store::Transaction& t) { return set_house(t, house); }));
        REQUIRE(shop.write([](store::Transaction& t) { return enrol(t, 17, "Дубровка, 3", {}); }));
        auto const catalog_of_17 = [&] {
            return shop.read([](store::Reading const& r) { return catalog_for(r, 17); });
        };
        auto const catalog = catalog_of_17();
        REQUIRE(catalog);
        CHECK(catalog->agent.address == "Дубровка, 3");
        CHECK(catalog->agent.name == house.agent_name);
        REQUIRE(catalog->providers.size() == 1);
        CHECK(catalog->providers[0].name == "ООО Юнисервис");

        require(shop.store.write([&](store::Transaction& t) { return set_house(t, house); }));
        CHECK(catalog_of_17()->version == catalog->version); // Nothing differs.
        provider.is_closed = true;
        REQUIRE(
            shop.write([&](store::Transaction& t) { return change_provider(t, provider, {}); }));
        CHECK(catalog_of_17()->version > catalog->version);
        CHECK(catalog_of_17()->providers.empty());
        CHECK_FALSE(shop.read([](store::Reading const& r) { return catalog_for(r, 18); }));
    }

    TEST_CASE("a kiosk is enrolled into an epoch, and anew into the next, out of quarantine") {
        Shop shop;
        auto const enrol_17 = [&] {
            return shop.write([](store::Transaction& t) { return enrol(t, 17, "here", {}); });
        };
        auto const kiosk = [&] {
            return *shop.read([](store::Reading const& r) { return find_kiosk(r, 17); });
        };
        CHECK(enrol_17() == 1U);
        ChainHead const head{5, {1, 2, 3}};
        require(shop.store.write(
            [&](store::Transaction& t) { return advance_chain(t, 17, 1, head, from_ms(9)); }));
        CHECK(kiosk().head == head);
        CHECK(kiosk().heard_at == from_ms(9));
        CHECK_FALSE(shop.store.write([&](store::Transaction& t) {
            return advance_chain(t, 17, 1, {4, {}}, from_ms(9));
        }));

        require(shop.store.write(
            [](store::Transaction& t) { return quarantine(t, 17, "a fork at 6", {}); }));
        CHECK(kiosk().state == KioskState::Quarantined);
        CHECK(kiosk().state_reason == "a fork at 6");
        CHECK(enrol_17() == 2U);
        CHECK(kiosk().state == KioskState::Active);
        CHECK(kiosk().head == ChainHead{});
    }

    TEST_CASE("a quarantined kiosk is released once; numbers have their range") {
        Shop shop;
        REQUIRE(shop.write([](store::Transaction& t) { return enrol(t, 17, "here", {}); }));
        auto const release_17 = [&] {
            return shop.write([](store::Transaction& t) { return release(t, 17, {}); });
        };
        CHECK_FALSE(release_17());
        require(
            shop.store.write([](store::Transaction& t) { return quarantine(t, 17, "why", {}); }));
        CHECK(release_17());
        CHECK_FALSE(release_17());
        for (std::uint32_t const number : {0U, 1'000'000U})
            CHECK(
                shop.write([&](store::Transaction& t) { return enrol(t, number, "x", {}); })
                    .error() == EnrolError::NumberOutOfRange);
        CHECK(
            shop.write([](store::Transaction& t) { return enrol(t, 1, "", {}); }).error() ==
            EnrolError::AddressEmpty);
    }
}

TEST_SUITE("rules in force") {
    TEST_CASE("the rule in force is the latest that has begun") {
        Shop shop;
        shop.create(uniservis());
        REQUIRE(shop.publish(1, rule_from("2010-01-01")));
        REQUIRE(shop.publish(1, rule_from("2010-03-01")));
        REQUIRE(shop.publish(1, rule_from("2010-03-01")));
        auto const version_at = [&](UtcTime at) {
            auto const rule = shop.read([&](store::Reading const& r) { return rule_at(r, 1, at); });
            return rule ? rule->version : 0;
        };
        CHECK(version_at(day(2009, 12, 31)) == 0);
        CHECK(version_at(day(2010, 1, 1)) == 1);
        CHECK(version_at(day(2010, 3, 1) - std::chrono::milliseconds{1}) == 1);
        CHECK(version_at(day(2010, 3, 1)) == 3);
        CHECK(
            shop.read([](store::Reading const& r) { return find_rule(r, 1, 2); })->receivers ==
            std::vector<std::uint32_t>{1});
    }

    TEST_CASE("a rule that is wrong, or whose receivers are nobody, is not stored") {
        Shop shop;
        shop.create(uniservis());
        CHECK(shop.publish(1, "steps").error().front().place == "rule:1");
        auto const nobody = shop.publish(1, rule_from("2010-01-01", "6168108630"));
        REQUIRE_FALSE(nobody);
        CHECK(nobody.error().front().place == "receivers.u");
        CHECK(
            shop.publish(7, rule_from("2010-01-01")).error().front().problem ==
            "there is no provider 7");
        CHECK_FALSE(
            shop.read([](store::Reading const& r) { return rule_at(r, 1, day(2020, 1, 1)); }));
    }

    TEST_CASE("an INN that two providers have means the rule's own, or nobody") {
        Shop shop;
        auto provider = uniservis();
        shop.create(provider);
        provider.shown.bank_account = "40702810952090030727";
        shop.create(provider);
        provider.shown.inn = "6168108630";
        provider.shown.bank_account = "40702810455000024248";
        shop.create(provider);
        CHECK(shop.publish(2, rule_from("2010-01-01"))->receivers == std::vector<std::uint32_t>{2});
        CHECK_FALSE(shop.publish(3, rule_from("2010-01-01")));
    }
}
