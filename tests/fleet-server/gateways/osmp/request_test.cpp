#include "fleet-server/gateways/osmp/request.hpp"

#include <doctest/doctest.h>

using namespace fleet::gateways::osmp;
using protocol::rub;

namespace {

Request pay() {
    return {
        .command = Command::Pay,
        .txn_id = "000017001000000001",
        .account = "М003К006",
        .sum = rub(460'000),
        .txn_date = "20260116120000"};
}

} // namespace

TEST_SUITE("osmp request") {
    TEST_CASE("a pay names transaction, account, sum and date, everything foreign escaped") {
        auto const query = encode(pay());
        REQUIRE(query);
        CHECK(
            *query ==
            "command=pay&txn_id=000017001000000001&account=%D0%9C003%D0%9A006&sum=4600.00"
            "&txn_date=20260116120000");
    }

    TEST_CASE("a check is the example of the specification") {
        Request const check{
            .command = Command::Check,
            .txn_id = "1234567",
            .account = "4957835959",
            .sum = rub(20'000),
            .txn_date = {}};
        auto const query = encode(check);
        REQUIRE(query);
        CHECK(
            compose_url("https://service.someprv.ru:8443/payment_app.cgi", *query) ==
            "https://service.someprv.ru:8443/payment_app.cgi?command=check&txn_id=1234567"
            "&account=4957835959&sum=200.00");
    }

    TEST_CASE("an account cannot smuggle parameters into the request") {
        Request request = pay();
        request.account = "1&sum=1.00#\r\n +%";
        auto const query = encode(request);
        REQUIRE(query);
        CHECK(query->find("account=1%26sum%3D1.00%23%0D%0A%20%2B%25&") != std::string::npos);
        CHECK(decode_request(*query) == request);
    }

    TEST_CASE("an address with parameters of its own keeps them") {
        CHECK(
            compose_url("http://a/b?service=7", "command=pay") ==
            "http://a/b?service=7&command=pay");
        CHECK(compose_url("http://a/b?", "command=pay") == "http://a/b?command=pay");
    }

    TEST_CASE("sums are read however a provider writes them, and nothing else is") {
        CHECK(decode_sum("4600") == rub(460'000));
        CHECK(decode_sum("4600.0") == rub(460'000));
        CHECK(decode_sum("4600.05") == rub(460'005));
        for (auto const* text :
             {"",
              ".",
              ".50",
              "1.",
              "1.234",
              "1,5",
              "-1",
              "+1",
              "1e3",
              " 1",
              "1 ",
              "1.5.0",
              "9999999999999",
              "0x10"})
            CHECK_MESSAGE(decode_sum(text) == protocol::fail(RequestError::SumImpossible), text);
    }

    TEST_CASE("what the protocol cannot carry is refused by name") {
        struct Row {
            Request request;
            RequestError error;
        };
        auto const with = [](auto change) {
            Request request = pay();
            change(request);
            return request;
        };
        Row const rows[] = {
            {with([](Request& r) { r.txn_id = ""; }), RequestError::TxnIdNotANumber},
            {with([](Request& r) { r.txn_id = "123456789012345678901"; }),
             RequestError::TxnIdNotANumber},
            {with([](Request& r) { r.txn_id = "12-3"; }), RequestError::TxnIdNotANumber},
            {with([](Request& r) { r.account = ""; }), RequestError::AccountImpossible},
            {with([](Request& r) { r.account.assign(201, 'a'); }), RequestError::AccountImpossible},
            {with([](Request& r) { r.sum = rub(0); }), RequestError::SumImpossible},
            {with([](Request& r) { r.sum = rub(-1); }), RequestError::SumImpossible},
            {with([](Request& r) {
                 r.sum = protocol::Money::from_minor(1, protocol::Currency::USD);
             }),
             RequestError::SumImpossible},
            {with([](Request& r) { r.txn_date = "2026-01-16"; }), RequestError::DateImpossible},
            {with([](Request& r) { r.txn_date = ""; }), RequestError::DateImpossible},
        };
        for (Row const& row : rows)
            CHECK(encode(row.request) == protocol::fail(row.error));
    }

    TEST_CASE("two hundred Cyrillic characters are an account, whatever their bytes") {
        Request request = pay();
        request.account.clear();
        for (int i = 0; i < 200; ++i)
            request.account += "Ж";
        CHECK(encode(request));
    }

    TEST_CASE("the provider's end refuses what is no request") {
        struct Row {
            char const* query;
            RequestError error;
        };
        Row const rows[] = {
            {"", RequestError::ParameterMissing},
            {"command=pay&txn_id=1&account=2", RequestError::ParameterMissing},
            {"command=drop&txn_id=1&account=2&sum=1.00", RequestError::UnknownCommand},
            {"command=check&txn_id=x&account=2&sum=1.00", RequestError::TxnIdNotANumber},
            {"command=pay&txn_id=1&account=2&sum=1.00", RequestError::DateImpossible},
            {"command=check&txn_id=1&account=2&sum=0.00", RequestError::SumImpossible},
        };
        for (Row const& row : rows)
            CHECK_MESSAGE(decode_request(row.query) == protocol::fail(row.error), row.query);
    }
}
