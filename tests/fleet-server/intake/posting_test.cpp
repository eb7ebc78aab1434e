#include <doctest/doctest.h>

#include "fleet-server/intake/fact.hpp"
#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::intake;
using protocol::rub;

namespace {

/// One payment changed by `change`, accepted by the books.
Payment accepted(Office& office, std::function<void(wire::Record&)> const& change) {
    TestKiosk kiosk;
    auto record = story_payment();
    change(record);
    kiosk.add(record);
    office.accept_all(kiosk);
    auto const payment = office.payment(1);
    REQUIRE(payment);
    office.check_books();
    return *payment;
}

struct Misplaced {
    char const* what;
    std::function<void(wire::Payment&)> change;
};

} // namespace

TEST_SUITE("posting") {
    TEST_CASE("what cannot be placed is in suspense, whole, flagged and acknowledged") {
        for (Misplaced const& one : {
                 Misplaced{"provider", [](wire::Payment& p) { p.set_provider(404); }},
                 Misplaced{"account", [](wire::Payment& p) { p.set_account("77"); }},
                 Misplaced{"account", [](wire::Payment& p) { p.set_account(""); }},
                 Misplaced{"add up", [](wire::Payment& p) { p.set_credited(1); }},
                 Misplaced{"add up", [](wire::Payment& p) { p.set_cash(-1); }},
                 Misplaced{
                     "add up",
                     [](wire::Payment& p) {
                         p.set_fee(-100);
                         p.set_credited(460'100);
                     }},
                 Misplaced{
                     "add up",
                     [](wire::Payment& p) {
                         p.set_cash(450'000);
                         p.set_credited(450'000);
                     }},
                 Misplaced{
                     "add up",
                     [](wire::Payment& p) {
                         p.set_cash(std::numeric_limits<std::int64_t>::max());
                         p.set_credited(std::numeric_limits<std::int64_t>::max());
                     }},
             }) {
            auto const what = one.what;
            auto const& change = one.change;
            CAPTURE(what);
            Office office;
            auto const payment =
                accepted(office, [&](wire::Record& r) { change(*r.mutable_payment()); });
            CHECK(payment.routing == Routing::Suspense);
            CHECK(payment.cash == rub(460'000));
            CHECK(office.net("suspense.unmatched") == rub(460'000));
            CHECK(office.net("payable.1").is_zero());
            CHECK(office.forwarded() == 0);
            CHECK(office.debts_moved() == 0);
            std::string all;
            for (auto const& flag : payment.flags)
                all += flag + "\n";
            CHECK_MESSAGE(all.find(what) != std::string::npos, all);
            CHECK(all.find("unmatched") != std::string::npos);
        }
    }

    TEST_CASE("a closed provider, and one without a rule, leave the money in suspense") {
        Office closed;
        closed.change_provider([](catalog::Provider& p) { p.is_closed = true; });
        CHECK(accepted(closed, [](wire::Record&) {}).routing == Routing::Suspense);

        Office other;
        auto provider = catalog::read_provider(read_fixture("providers/uniservis.json"));
        provider->shown.bank_account = "40702810952090030727";
        REQUIRE(other.write([&](store::Transaction& t) {
            return catalog::create_provider(t, *provider, from_ms(0));
        }) == 2U);
        auto const payment =
            accepted(other, [](wire::Record& r) { r.mutable_payment()->set_provider(2); });
        CHECK(payment.routing == Routing::Suspense);
        CHECK(other.net("suspense.unmatched") == rub(460'000));
    }

    TEST_CASE("a closed ledger account does not keep the cash out") {
        Office office;
        office.write([](store::Transaction& t) { return ledger::open_account(t, "payable.1"); });
        office.write([](store::Transaction& t) { return ledger::close_account(t, "payable.1"); });
        CHECK(accepted(office, [](wire::Record&) {}).routing == Routing::Suspense);
        CHECK(office.net("suspense.unmatched") == rub(460'000));
    }

    TEST_CASE("without a gateway the registers say which accounts there are") {
        Office office;
        office.change_provider([](catalog::Provider& p) { p.osmp_url.clear(); });
        TestKiosk kiosk;
        kiosk.add(story_payment());
        kiosk.add(story_payment("M003K999"));
        office.accept_all(kiosk);
        CHECK(office.payment(1)->routing == Routing::Split);
        CHECK(office.payment(2)->routing == Routing::Suspense);
        CHECK(office.forwarded() == 0);
        office.check_books();
    }

    TEST_CASE("with a gateway the provider itself will say whether the account exists") {
        Office office;
        CHECK(accepted(office, [](wire::Record& r) {
                  r.mutable_payment()->set_account("M003K999");
              }).routing == Routing::Split);
        CHECK(office.forwarded() == 1);
    }

    TEST_CASE("a fee is posted as receipted, and one that the tariff does not give is flagged") {
        Office office;
        auto const payment = accepted(office, [](wire::Record& r) {
            r.mutable_payment()->set_fee(4'600);
            r.mutable_payment()->set_credited(455'400);
        });
        CHECK(payment.routing == Routing::Split);
        CHECK(office.flags_of(1) == "fee");
        CHECK(office.net("fee.external") == rub(4'600));
        CHECK(office.net("payable.1") == rub(455'400 - 1'822)); // 0.4 % of 4554.00 is 18.216.
    }

    TEST_CASE("a fee that the named tariff gives is not flagged, though the tariff changed since") {
        Office office;
        auto const rate = [&](std::uint32_t ppm) {
            office.change_provider([&](catalog::Provider& p) {
                p.shown.tariffs[protocol::commission::Channel::Cash].rate.ppm = ppm;
            });
            return office
                .read([](store::Reading const& r) { return catalog::find_provider(r, 1U); })
                ->shown.tariffs.at(protocol::commission::Channel::Cash)
                .version;
        };
        auto const one_percent = rate(10'000);
        rate(20'000);
        // 4554.45 and 1 % of it, rounded up: 45.55.
        auto const payment = accepted(office, [&](wire::Record& r) {
            r.mutable_payment()->set_tariff_version(one_percent);
            r.mutable_payment()->set_fee(4'555);
            r.mutable_payment()->set_credited(455'445);
        });
        CHECK(payment.flags.empty());
        CHECK(office.net("fee.external") == rub(4'555));
    }

    TEST_CASE("an unknown tariff is flagged and the payment goes its way") {
        Office office;
        CHECK(accepted(office, [](wire::Record& r) {
                  r.mutable_payment()->set_tariff_version(77);
              }).routing == Routing::Split);
        CHECK(office.flags_of(1) == "tariff-unknown");
    }

    TEST_CASE("change too small to credit is owed to the payer") {
        Office office;
        office.change_provider([](catalog::Provider& p) {
            p.shown.tariffs[protocol::commission::Channel::Cash].minimum = rub(5'000'00);
        });
        auto const payment = accepted(office, [](wire::Record& r) {
            r.mutable_payment()->set_tariff_version(3);
            r.mutable_payment()->set_credited(0);
            r.mutable_payment()->set_change(460'000);
        });
        CHECK(payment.flags.empty());
        CHECK(office.net("change.payer.1.M003K006") == rub(460'000));
        CHECK(office.forwarded() == 0);
    }

    TEST_CASE("change under an account that no name can hold is in suspense") {
        Office office;
        accepted(office, [](wire::Record& r) {
            r.mutable_payment()->set_provider(404);
            r.mutable_payment()->set_account("a b");
            r.mutable_payment()->set_credited(0);
            r.mutable_payment()->set_change(460'000);
        });
        CHECK(office.net("suspense.unmatched") == rub(460'000));
    }

    TEST_CASE("the rule in force at the kiosk's time divides, whenever the payment arrives") {
        Office office;
        office.publish("2010-02-06", "1 %");
        CHECK(accepted(office, [](wire::Record&) {}).rule_version == 1);
        Office later;
        later.publish("2010-02-05", "1 %");
        CHECK(accepted(later, [](wire::Record&) {}).rule_version == 2);
        CHECK(later.net("fee.internal.1") == rub(4'600));
    }

    TEST_CASE("a kiosk's clock before every rule is flagged, the arrival counts") {
        Office office;
        CHECK(accepted(office, [](wire::Record& r) {
                  r.set_at_ms(1'000);
              }).routing == Routing::Split);
        CHECK(office.flags_of(1) == "rule-by-arrival");
    }

    TEST_CASE("the account is read by the server too, in the provider's own form") {
        Office office;
        auto const payment =
            accepted(office, [](wire::Record& r) { r.mutable_payment()->set_account("М003К006"); });
        CHECK(payment.account == "M003K006");
        CHECK(payment.account_typed == "М003К006");
        CHECK(office.flags_of(1) == "account");
        CHECK(
            office.read([](store::Reading const& r) { return debts::state_of(r, 1, "M003K006"); })
                ->advance == rub(214));
    }

    TEST_CASE(
        "several receivers get their parts, the provider's own is what waits for its answer") {
        Office office;
        auto fund = catalog::read_provider(read_fixture("providers/uniservis.json"));
        fund->shown.inn = "6168108630";
        fund->shown.bank_account = "40702810952090030727";
        REQUIRE(office.write([&](store::Transaction& t) {
            return catalog::create_provider(t, *fund, from_ms(0));
        }) == 2U);
        REQUIRE(office.write([](store::Transaction& t) {
            return catalog::publish_rule(
                t,
                1,
                "effective_from = \"2010-01-02\"\n"
                "[[receivers]]\nname = \"u\"\ninn = \"7729524407\"\nwithheld = { rate = \"1 %\" }\n"
                "[[receivers]]\nname = \"fund\"\ninn = \"6168108630\"\n"
                "[[steps]]\nkind = \"fixed\"\nto = \"fund\"\namount = \"600\"\n"
                "[[steps]]\nkind = \"remainder\"\nto = \"u\"\n",
                from_ms(0));
        }));
        auto const payment = accepted(office, [](wire::Record&) {});
        CHECK(
            payment.parts == std::vector<PaymentPart>{
                                 {1, rub(400'000), rub(4'000), rub(396'000)},
                                 {2, rub(60'000), rub(0), rub(60'000)}});
        CHECK(office.net("payable.2") == rub(60'000));
        auto const delivery = office.read(
            [&](store::Reading const& r) { return gateways::find_delivery(r, payment.txn_id); });
        CHECK(delivery->delivery.sum == rub(460'000));
        CHECK(delivery->payable == rub(396'000));
    }

    TEST_CASE("cash that belongs to no payment waits in suspense") {
        Office office;
        TestKiosk kiosk;
        wire::Record record;
        record.set_at_ms(story_ms);
        record.mutable_unassigned_cash()->set_reason("the validator tells of a note after a fault");
        auto& note = *record.mutable_unassigned_cash()->add_notes();
        note.set_value(100'000);
        note.set_count(1);
        kiosk.add(record);
        office.accept_all(kiosk);
        CHECK(office.net("cash.kiosk.17.main") == rub(100'000));
        CHECK(office.net("suspense.unmatched") == rub(100'000));
        CHECK(office.flags_of(1) == "unassigned");
        CHECK_FALSE(office.payment(1));
        office.check_books();
    }

    TEST_CASE("notes that cannot be counted are kept as bytes and flagged") {
        Office office;
        auto const payment = accepted(office, [](wire::Record& r) {
            for (auto& note : *r.mutable_payment()->mutable_notes())
                note.set_value(std::numeric_limits<std::int64_t>::max());
        });
        CHECK(payment.cash.is_zero());
        CHECK(payment.ledger_sequence == 0);
        CHECK(office.flags_of(1) == "notes sum unmatched");
        CHECK(office.count("ledger_entry") == 0);
    }

    TEST_CASE("texts that cannot be stored are dropped and flagged, the money is not") {
        Office office;
        auto const payment = accepted(office, [](wire::Record& r) {
            r.mutable_payment()->set_account_typed("M003\x01");
            r.mutable_payment()->set_debt_date(std::string(10'000, 'x'));
        });
        CHECK(payment.routing == Routing::Split);
        CHECK(payment.account_typed.empty());
        CHECK(office.flags_of(1) == "text text");
    }

    TEST_CASE("a payment without money is kept and posts nothing") {
        Office office;
        auto const payment = accepted(office, [](wire::Record& r) {
            r.mutable_payment()->clear_notes();
            r.mutable_payment()->set_cash(0);
            r.mutable_payment()->set_credited(0);
        });
        CHECK(payment.ledger_sequence == 0);
        CHECK(office.count("ledger_entry") == 0);
    }

    TEST_CASE("payments are listed newest first, page by page") {
        Office office;
        TestKiosk kiosk;
        for (int i = 0; i < 5; ++i)
            kiosk.add(story_payment(i % 2 ? "M003K005" : "M003K006"));
        office.accept_all(kiosk);
        auto const list = [&](PaymentFilter const& filter) {
            std::vector<std::uint64_t> sequences;
            for (auto const& payment :
                 office.read([&](store::Reading const& r) { return list_payments(r, filter); }))
                sequences.push_back(payment.sequence);
            return sequences;
        };
        CHECK(list({.count_max = 2}) == std::vector<std::uint64_t>{5, 4});
        CHECK(list({.before = 4, .count_max = 2}) == std::vector<std::uint64_t>{3, 2});
        CHECK(list({.account = "M003K005"}) == std::vector<std::uint64_t>{4, 2});
        CHECK(list({.kiosk = 18}).empty());
        CHECK(list({.provider = 1}).size() == 5);
    }

    TEST_CASE("an account is looked up as the kiosk will show it") {
        Office office;
        auto const ask = [&](std::uint32_t provider, std::string const& account) {
            wire::AccountQuery query;
            query.set_id(9);
            query.set_provider(provider);
            query.set_account(account);
            return office.read([&](store::Reading const& r) { return look_up(r, query); });
        };
        auto const found = ask(1, "м003к006");
        CHECK(found.id() == 9);
        CHECK(found.outcome() == wire::AccountAnswer::FOUND);
        CHECK(found.debt() == 459'786);
        CHECK(found.debt_date() == "2009-09-01");
        CHECK(ask(1, "M003K007").outcome() == wire::AccountAnswer::UNKNOWN_ACCOUNT);
        CHECK(ask(1, "?").outcome() == wire::AccountAnswer::UNKNOWN_ACCOUNT);
        CHECK(ask(2, "M003K006").outcome() == wire::AccountAnswer::UNKNOWN_PROVIDER);
    }
}
