#include "fleet-server/debts/debts.hpp"

#include <doctest/doctest.h>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/ledger/ledger.hpp"
#include "tests/fleet-server/support/database.hpp"
#include "tests/fleet-server/support/files.hpp"

using namespace fleet;
using namespace fleet::debts;
using protocol::rub;

namespace {

struct Debts : TestDatabase {
    Debts() {
        auto const provider = catalog::read_provider(read_fixture("providers/uniservis.json"));
        require(store.write([&](store::Transaction& t) {
            return catalog::create_provider(t, *provider, {});
        })).value();
    }

    bool invoice(char const* date, char const* number, std::int64_t to_pay) {
        return require(store.write([&](store::Transaction& t) {
            return put_invoice(
                t,
                1,
                Invoice{
                    "M003K006",
                    "М003К006",
                    date,
                    number,
                    rub(0),
                    rub(0),
                    rub(to_pay),
                    "Гильман Павел Семенович",
                    "Мануринский проспект, д. 3, кв. 006"},
                1,
                from_ms(++clock));
        }));
    }
    /// A payment with an entry in the ledger to point at.
    store::Outcome<void> pay(
        char const* txn_id, std::int64_t kopecks, char const* account = "M003K006") {
        return store.write([&](store::Transaction& t) -> store::Outcome<void> {
            TRY_VOID(ledger::open_account(t, ledger::cash_of(17)));
            TRY_VOID(ledger::open_account(t, ledger::suspense()));
            ++clock;
            TRY(auto const posted,
                ledger::post(
                    t,
                    {"payment",
                     txn_id + std::to_string(clock),
                     {},
                     {ledger::Post{ledger::cash_of(17), ledger::suspense(), rub(kopecks)}}},
                    from_ms(clock)));
            return record_payment(
                t, 1, account, rub(kopecks), txn_id, posted->sequence, from_ms(clock));
        });
    }
    protocol::catalog::AccountState state(char const* account = "M003K006") {
        auto const state = read([&](store::Reading const& r) { return state_of(r, 1, account); });
        REQUIRE(state);
        return *state;
    }
    void check_sound() {
        CHECK_FALSE(read([](store::Reading const& r) { return first_difference(r); }));
    }

    std::int64_t clock = 0;
};

} // namespace

TEST_SUITE("debts") {
    TEST_CASE("the newest invoice by date is the debt, whatever order they come in") {
        Debts debts;
        CHECK(debts.invoice("2009-08-01", "7821", 687'765));
        CHECK(debts.invoice("2009-09-01", "7822", 459'786));
        CHECK(debts.invoice("2009-07-01", "7817", 446'469));
        CHECK(debts.state().debt == rub(459'786));
        CHECK(debts.state().debt_date == "2009-09-01");
        CHECK(debts.state().period == "2009-09");
        debts.check_sound();
    }

    TEST_CASE("payments reduce the debt and beyond it become an advance") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("1", 100'000));
        CHECK(debts.state().debt == rub(359'786));
        require(debts.pay("2", 360'000));
        CHECK(debts.state().debt.is_zero());
        CHECK(debts.state().advance == rub(214));
        auto const log =
            debts.read([](store::Reading const& r) { return movements(r, 1, "M003K006"); });
        REQUIRE(log.size() == 3);
        CHECK(log[0].kind == MovementKind::Invoice);
        CHECK(log[2].change == rub(-360'000));
        CHECK(log[2].balance == rub(-214));
        CHECK(log[2].reference == "2");
        CHECK(log[2].ledger_sequence == 2);
        debts.check_sound();
    }

    TEST_CASE("a payment moves a debt once") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("1", 100'000));
        auto const again = debts.store.write([](store::Transaction& t) {
            return record_payment(t, 1, "M003K006", rub(100'000), "1", 1, from_ms(100));
        });
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == store::StoreError::Kind::Constraint);
        CHECK(debts.state().debt == rub(359'786));
    }

    TEST_CASE("a refused payment is owed again") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("1", 460'000));
        auto const take_back = [&] {
            return debts.store.write([](store::Transaction& t) {
                return take_back_payment(t, 1, "M003K006", rub(460'000), "1", 1, from_ms(100));
            });
        };
        require(take_back());
        CHECK(debts.state().debt == rub(459'786));
        CHECK_FALSE(take_back());
        debts.check_sound();
    }

    TEST_CASE("the same invoice again changes nothing, corrected it keeps the payments since") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("1", 100'000));
        CHECK_FALSE(debts.invoice("2009-09-01", "7822", 459'786));
        CHECK(debts.state().debt == rub(359'786));
        CHECK(debts.invoice("2009-09-01", "7822", 459'886));
        CHECK(debts.state().debt == rub(359'886));
        CHECK(debts.invoice("2009-09-01", "7822", 459'786));
        CHECK(debts.state().debt == rub(359'786));
        debts.check_sound();
    }

    TEST_CASE("a newer invoice knows of the payments before it") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("1", 459'786));
        debts.invoice("2009-10-01", "7900", 200'000);
        CHECK(debts.state().debt == rub(200'000));
        debts.check_sound();
    }

    TEST_CASE(
        "movements stand in the order in which they happened, with what was owed after each") {
        Debts debts;
        require(debts.pay("000017001000000001", 5'000));
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.pay("000017001000000002", 100'000));
        require(debts.store.write([](store::Transaction& t) {
            return take_back_payment(
                t, 1, "M003K006", rub(100'000), "000017001000000002", 2, from_ms(100));
        }));
        require(debts.pay("000018001000000001", 9'786));
        debts.invoice("2009-10-01", "7900", 200'000);
        std::vector<std::pair<std::string, std::int64_t>> told;
        for (auto const& one :
             debts.read([](store::Reading const& r) { return movements(r, 1, "M003K006"); }))
            told.emplace_back(one.reference, one.balance.minor());
        CHECK(
            told == std::vector<std::pair<std::string, std::int64_t>>{
                        {"000017001000000001", -5'000},
                        {"7822", 459'786},
                        {"000017001000000002", 359'786},
                        {"000017001000000002", 459'786},
                        {"000018001000000001", 450'000},
                        {"7900", 200'000}});
        debts.check_sound();
    }

    TEST_CASE("payments wait for the next invoice of anybody to be taken into the balances") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        for (int n = 1; n <= 40; ++n)
            require(
                debts.pay(std::to_string(n).c_str(), 100, n % 2 == 0 ? "M003K006" : "M003K007"));
        auto const stored = [&] {
            return debts.read([](store::Reading const& r) {
                return r.value<std::int64_t>(
                    "SELECT balance FROM debt_account WHERE account = 'M003K006'");
            });
        };
        CHECK(stored() == std::optional<std::int64_t>{459'786});
        CHECK(debts.state().debt == rub(457'786));
        CHECK(debts.state("M003K007").advance == rub(2'000));
        debts.invoice("2009-08-01", "7821", 1); // Older: changes no debt, and folds all the same.
        CHECK(stored() == std::optional<std::int64_t>{457'786});
        CHECK(debts.state().debt == rub(457'786));
        CHECK(debts.state("M003K007").advance == rub(2'000));
        debts.check_sound();
    }

    TEST_CASE("a log of payments that was changed is found") {
        Debts debts;
        require(debts.pay("1", 100));
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.store.write([](store::Transaction& t) -> store::Outcome<void> {
            TRY_VOID(t.execute("DROP TRIGGER debt_payments_delete"));
            TRY_VOID(t.execute("DELETE FROM debt_payments"));
            return {};
        }));
        CHECK(debts.read([](store::Reading const& r) {
            return first_difference(r);
        }) == "M003K006 of provider 1");
    }

    TEST_CASE("an invoice below nothing is an advance") {
        Debts debts;
        debts.invoice("2009-12-01", "7488", -233'414);
        CHECK(debts.state().debt.is_zero());
        CHECK(debts.state().advance == rub(233'414));
    }

    TEST_CASE("the payer is told masked") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        CHECK(debts.state().payer_masked == "Гильман П. С.");
        CHECK(debts.state().address_masked == "Мануринский проспект, д. 3, кв. ***");
        CHECK(mask_payer("") == "");
        CHECK(mask_payer("  Гильман   Павел ") == "Гильман П.");
        CHECK(mask_payer("Гильман Павел Семенович оглы") == "Гильман П. С.");
        CHECK(mask_address("ул. Ленина, 7А") == "ул. Ленина, 7А");
        CHECK(mask_address("ул. Ленина, 7А, квартира 12") == "ул. Ленина, 7А, квартира ***");
    }

    TEST_CASE("lines are kept as given, in order, and replaced by their period") {
        Debts debts;
        auto const line = [](char const* period, char const* service, std::int64_t kopecks) {
            return Line{
                "M003K006", "М003К006", period, {service, "м2", "39,76", "52,8", rub(kopecks)}};
        };
        auto const put = [&](std::vector<Line> const& lines) {
            require(debts.store.write(
                [&](store::Transaction& t) { return put_lines(t, 1, lines, 1); }));
        };
        put(
            {line("2009-09", "Охрана", 1),
             line("2009-08", "Старое", 5),
             line("2009-09", "ГВС", -352'74)});
        auto const state = debts.state();
        CHECK(state.period == "2009-09");
        REQUIRE(state.lines.size() == 2);
        CHECK(state.lines[0].service == "Охрана");
        CHECK(state.lines[1].amount == rub(-352'74));
        CHECK(state.lines[1].tariff == "39,76");
        put({line("2009-09", "ХВС", 7)});
        REQUIRE(debts.state().lines.size() == 1);
        CHECK(debts.state().lines[0].service == "ХВС");
    }

    TEST_CASE("an account that nobody named is unknown, a paid one is an advance") {
        Debts debts;
        CHECK_FALSE(debts.read([](store::Reading const& r) { return state_of(r, 1, "X"); }));
        CHECK_FALSE(debts.read([](store::Reading const& r) { return has_registers(r, 1); }));
        require(debts.pay("1", 500, "X"));
        CHECK(debts.state("X").advance == rub(500));
        CHECK_FALSE(debts.read([](store::Reading const& r) { return has_registers(r, 1); }));
        debts.invoice("2009-09-01", "7822", 459'786);
        CHECK(debts.read([](store::Reading const& r) { return has_registers(r, 1); }));
    }

    TEST_CASE("whether there are registers is answered without reading every account") {
        Debts debts;
        auto const plan = debts.read([](store::Reading const& r) {
            return r.one<std::int64_t, std::int64_t, std::int64_t, std::string>(
                "EXPLAIN QUERY PLAN SELECT 1 FROM debt_account "
                "WHERE provider = 1 AND invoice IS NOT NULL LIMIT 1");
        });
        REQUIRE(plan);
        CHECK(std::get<3>(*plan).find("debt_account_invoiced") != std::string::npos);
    }

    TEST_CASE("a balance that is not the sum of its movements is found") {
        Debts debts;
        debts.invoice("2009-09-01", "7822", 459'786);
        require(debts.store.write([](store::Transaction& t) {
            return t.execute("UPDATE debt_account SET balance = 1");
        }));
        CHECK(debts.read([](store::Reading const& r) {
            return first_difference(r);
        }) == "M003K006 of provider 1");
    }
}
