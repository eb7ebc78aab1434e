#include "fleet-server/ctl/describe.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace fleet::ctl;

namespace {

std::string plain(std::string const& text) {
    std::string_view constexpr no_break = "\u00a0";
    std::string plain;
    std::size_t from = 0;
    for (std::size_t at; (at = text.find(no_break, from)) != std::string::npos;) {
        plain.append(text, from, at - from).push_back(' ');
        from = at + no_break.size();
    }
    return plain.append(text, from);
}

bool has(std::string const& text, std::string const& part) {
    return plain(text).find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("descriptions") {
    TEST_CASE("the trial balance ends with the line of the difference") {
        json const trial = {
            {"accounts",
             {{{"account", "cash.kiosk.17.main"},
               {"debits", "4600.00"},
               {"credits", "0.00"},
               {"debits_pending", "0.00"},
               {"credits_pending", "0.00"},
               {"balance", "4600.00"}}}},
            {"debits", "4600.00"},
            {"credits", "4600.00"},
            {"difference", "0.00"}};
        auto const text = plain(describe_trial_balance(trial));
        CHECK(has(text, "cash.kiosk.17.main  4 600,00 ₽"));
        CHECK(text.ends_with("difference 0,00 ₽\n"));
    }

    TEST_CASE("a payment shows every leg and the story of its forwarding") {
        json const payment = {
            {"number", "17-1"},
            {"txn_id", "000017001000000001"},
            {"credited", "4600.00"},
            {"cash", "4600.00"},
            {"fee", "0.00"},
            {"change", "0.00"},
            {"account", "M003K006"},
            {"account_typed", "М003К006"},
            {"offline", true},
            {"notes", {{{"value", "2000.00"}, {"count", 2}}}},
            {"legs",
             {{{"sequence", 1},
               {"kind", "payment"},
               {"debit", "cash.kiosk.17.main"},
               {"credit", "payable.1"},
               {"state", "posted"},
               {"amount", "4600.00"}},
              {{"sequence", 2},
               {"kind", "forward"},
               {"debit", "payable.1"},
               {"credit", "inflight.1"},
               {"state", "held"},
               {"amount", "4600.00"}}}},
            {"forwarding", {{"state", "UNKNOWN"}, {"attempts", 2}, {"needs_person", true}}},
            {"story",
             {{{"at", "2026-01-16T12:00:00.000Z"}, {"what", "pay sent, attempt 1"}},
              {{"at", "2026-01-16T12:01:00.000Z"}, {"what", "no answer: timed out"}}}}};
        auto const text = describe_payment(payment);
        for (auto const* part :
             {"Payment 17-1  000017001000000001",
              "account M003K006 (М003К006)",
              "taken offline",
              "2 × 2 000,00 ₽",
              "cash.kiosk.17.main",
              "inflight.1",
              "held",
              "UNKNOWN",
              "2 pay requests",
              "a person must look",
              "pay sent, attempt 1",
              "2026-01-16 12:01:00Z  no answer: timed out"})
            CHECK_MESSAGE(has(text, part), part << " in\n" << text);
    }

    TEST_CASE("books that disagree are named loudly, those that agree quietly") {
        json const wrong = {
            {"entries", 3},
            {"transfers", 4},
            {"accounts", 5},
            {"difference",
             {{"place", "account payable.1"}, {"expected", "1.00"}, {"found", "2.00"}}}};
        CHECK(has(describe_verification(wrong), "do NOT agree"));
        CHECK(has(describe_verification(wrong), "account payable.1"));
        json right = wrong;
        right["difference"] = nullptr;
        CHECK(has(describe_verification(right), "The books agree"));
    }

    TEST_CASE("an import tells of the rows that a person should see") {
        json const report = {
            {"import", 2},
            {"known", false},
            {"kind", "lines"},
            {"encoding", "cp866"},
            {"encoding_given", false},
            {"rows", 7},
            {"accounts", 1},
            {"sum", "2220.21"},
            {"doubtful", {{{"line", 4}, {"problem", "Вывоз ТБО: 0,53 more"}}}}};
        auto const text = describe_import(report);
        CHECK(has(text, "cp866, found out"));
        CHECK(has(text, "1 rows are taken as written"));
        CHECK(has(text, "Вывоз ТБО"));
    }

    TEST_CASE("an answer with nothing in it does not break the program") {
        for (auto* describe :
             {describe_provider,
              describe_providers,
              describe_rule,
              describe_import,
              describe_kiosks,
              describe_payment,
              describe_payments,
              describe_outbox,
              describe_account,
              describe_trial_balance,
              describe_verification,
              describe_register,
              describe_status}) {
            CHECK_NOTHROW(describe(json::object()));
            CHECK_NOTHROW(describe(json::array()));
            CHECK_NOTHROW(describe(nullptr));
        }
    }

    TEST_CASE("an amount that is none is shown as it is") {
        CHECK(plain(money("4597.86")) == "4 597,86 ₽");
        CHECK(money("much") == "much");
        CHECK(money(17).empty());
    }
}
