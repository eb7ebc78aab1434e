#include "fleet-server/gateways/osmp_gateway.hpp"

#include <doctest/doctest.h>

using namespace fleet::gateways;
using namespace std::chrono_literals;
using protocol::rub;

namespace {

Moment const noon{std::chrono::sys_days{2026y / 1 / 16} + 12h};

Delivery delivery() {
    Delivery delivery;
    delivery.txn_id = "17";
    delivery.account = "M003K006";
    delivery.sum = rub(460'000);
    return delivery;
}

DeliveryEvent event(osmp::Command command, Result<HttpAnswer, HttpFailure> const& answer) {
    return osmp_event({command, "17", rub(460'000), "the pay"}, answer);
}

HttpAnswer said(char const* result) {
    return {
        200,
        std::string{"<response><osmp_txn_id>17</osmp_txn_id><prv_txn>9</prv_txn><result>"} +
            result + "</result></response>"};
}

} // namespace

TEST_SUITE("osmp gateway") {
    TEST_CASE("txn_date is civil time of the network's zone") {
        CHECK(txn_date(noon, 180min) == "20260116150000");
        CHECK(txn_date(noon, 0min) == "20260116120000");
        CHECK(txn_date(Moment{std::chrono::sys_days{2026y / 1 / 1}}, -60min) == "20251231230000");
        CHECK(txn_date(noon + 59s + 999ms, 720min) == "20260117000059");
    }

    TEST_CASE("a delivery is asked about by account and sum") {
        CHECK(osmp_check(delivery()) == "command=check&txn_id=17&account=M003K006&sum=4600.00");
        CHECK(
            osmp_pay(delivery(), "20260116150000") ==
            "command=pay&txn_id=17&account=M003K006&sum=4600.00&txn_date=20260116150000");
    }

    TEST_CASE("each class of code has its verdict") {
        struct Row {
            char const* result;
            Verdict verdict;
        };
        for (Row const& row :
             {Row{"0", Verdict::Accepted},
              Row{"1", Verdict::RepeatLater},
              Row{"90", Verdict::RepeatLater},
              Row{"5", Verdict::Refused},
              Row{"300", Verdict::Refused},
              Row{"77", Verdict::Unclear}}) {
            auto const paid = event(osmp::Command::Pay, said(row.result));
            REQUIRE(std::holds_alternative<PayAnswered>(paid));
            CHECK(std::get<PayAnswered>(paid).verdict == row.verdict);
            CHECK(std::get<PayAnswered>(paid).provider_txn == "9");
            auto const checked = event(osmp::Command::Check, said(row.result));
            REQUIRE(std::holds_alternative<CheckAnswered>(checked));
            CHECK(std::get<CheckAnswered>(checked).verdict == row.verdict);
            CHECK(std::get<CheckAnswered>(checked).pay == "the pay");
        }
    }

    TEST_CASE("whatever is no clear answer is no answer") {
        std::string const other =
            "<response><osmp_txn_id>18</osmp_txn_id><result>0</result></response>";
        for (auto const& answer :
             {Result<HttpAnswer, HttpFailure>{HttpAnswer{500, said("0").body}},
              {HttpAnswer{302, ""}},
              {HttpAnswer{200, ""}},
              {HttpAnswer{200, other}},
              {protocol::fail(HttpFailure{HttpFailure::Kind::Lost, "timed out"})}})
            CHECK(std::holds_alternative<NotAnswered>(event(osmp::Command::Pay, answer)));
    }

    TEST_CASE("what never left is told from what was lost") {
        CHECK(std::holds_alternative<NotDelivered>(event(
            osmp::Command::Pay,
            protocol::fail(HttpFailure{HttpFailure::Kind::Undelivered, "connection refused"}))));
    }
}
