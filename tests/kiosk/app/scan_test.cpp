#include "kiosk/app/scan.hpp"

#include <doctest/doctest.h>

#include "protocol/text/charset.hpp"

using namespace kiosk;
using protocol::rub;

namespace {

protocol::catalog::Catalog sample_catalog() {
    protocol::catalog::Provider provider;
    provider.id = 4;
    provider.name = "ООО Юнисервис";
    provider.inn = "7729524407";
    provider.bank_account = "40702810138180134189";
    provider.bic = "044525225";
    provider.account_mask = "A999A999";
    provider.phone = "+7 495 000-00-00";
    provider.payment_min = rub(1'000);
    provider.payment_max = rub(1'500'000);
    provider.tariffs[protocol::commission::Channel::Cash].version = 9;
    protocol::catalog::Catalog catalog;
    catalog.version = 1;
    catalog.providers = {provider};
    return catalog;
}

constexpr std::string_view bill_text =
    "ST00011|Name=ООО \"Юнисервис\"|PersonalAcc=40702810138180134189|BankName=Сбербанк|"
    "BIC=044525225|CorrespAcc=30101810400000000225|Sum=459786|PayeeINN=7729524407|"
    "LastName=Гильман Павел Семенович|PayerAddress=Мануринский проспект, д. 3, кв. 006|"
    "PersAcc=М003К006|PaymPeriod=092009|TechCode=02";

payment::Event scan(std::string text, protocol::catalog::Catalog const& catalog) {
    auto const bytes = protocol::text::encode(protocol::text::Encoding::Windows1251, text);
    REQUIRE(bytes);
    return app::read_scan(*bytes, catalog);
}

std::string with(std::string_view from, std::string_view to) {
    std::string text{bill_text};
    auto const place = text.find(from);
    REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

payment::ScanFailed failure(payment::Event const& event) {
    auto const* failed = std::get_if<payment::ScanFailed>(&event);
    REQUIRE(failed != nullptr);
    return *failed;
}

payment::Bill bill(payment::Event const& event) {
    auto const* scanned = std::get_if<payment::BillScanned>(&event);
    REQUIRE(scanned != nullptr);
    return scanned->bill;
}

} // namespace

TEST_SUITE("scanned codes") {
    TEST_CASE("a bill becomes payee, account, sum and tariff; the payer is masked") {
        auto const read = bill(scan(std::string{bill_text}, sample_catalog()));
        CHECK(read.provider == 4);
        CHECK(read.payee == "ООО Юнисервис");
        CHECK(read.account == "M003K006");
        CHECK(read.account_typed == "М003К006");
        CHECK(read.source == payment::DebtSource::Bill);
        CHECK(read.debt == rub(459'786));
        CHECK(read.period == "2009-09");
        CHECK(read.payer_masked == "Гильман П. С.");
        CHECK(read.address_masked.find("006") == std::string::npos);
        CHECK(read.tariff.version == 9);
        CHECK(read.payment_max == rub(1'500'000));
    }

    TEST_CASE("a bill without a sum says nothing of a debt") {
        CHECK(
            bill(scan(with("Sum=459786|", ""), sample_catalog())).source ==
            payment::DebtSource::None);
    }

    TEST_CASE("a payee with another bank account is known by its INN, if only one has it") {
        auto catalog = sample_catalog();
        auto const moved = with("40702810138180134189", "40702810138180134188");
        CHECK(bill(scan(moved, catalog)).provider == 4);
        catalog.providers.push_back(catalog.providers[0]);
        CHECK(failure(scan(moved, catalog)).problem == payment::ScanProblem::UnknownPayee);
    }

    TEST_CASE("what cannot be paid says why, and to whom it was") {
        auto const catalog = sample_catalog();
        CHECK(
            failure(scan("https://example.org", catalog)).problem ==
            payment::ScanProblem::NotABill);
        CHECK(failure(scan("ST00011|Name", catalog)).problem == payment::ScanProblem::Damaged);
        auto const unknown = failure(scan(std::string{bill_text}, {}));
        CHECK(unknown.problem == payment::ScanProblem::UnknownPayee);
        CHECK(unknown.payee == "ООО \"Юнисервис\"");
        auto const account = failure(scan(with("PersAcc=М003К006", "PersAcc=12345"), catalog));
        CHECK(account.problem == payment::ScanProblem::BadAccount);
        CHECK(account.payee == "ООО Юнисервис");
        CHECK(
            failure(scan(with("PersAcc=М003К006|", ""), catalog)).problem ==
            payment::ScanProblem::BadAccount);
    }

    TEST_CASE("a payee without a mask takes any account, folded") {
        auto catalog = sample_catalog();
        catalog.providers[0].account_mask.clear();
        CHECK(bill(scan(with("PersAcc=М003К006", "PersAcc=12-45"), catalog)).account == "12-45");
    }

    TEST_CASE("a payee without a tariff for cash takes no commission") {
        auto catalog = sample_catalog();
        catalog.providers[0].tariffs.clear();
        CHECK(bill(scan(std::string{bill_text}, catalog)).tariff == protocol::commission::Tariff{});
    }
}
