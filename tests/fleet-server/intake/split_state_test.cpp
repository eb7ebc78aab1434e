#include "fleet-server/intake/split_state.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::intake;
using protocol::rub;

namespace {

constexpr auto thirds = R"(effective_from = "2010-01-01"
[[receivers]]
name = "uk"
inn = "7729524407"
[[receivers]]
name = "fund"
inn = "6168108630"
[[steps]]
kind = "allocate"
residue = "carry"
shares = [{ to = "uk", weight = 2 }, { to = "fund", weight = 1 }]
[[steps]]
kind = "remainder"
to = "uk"
)";

constexpr auto capped = R"(effective_from = "2010-01-01"
[[receivers]]
name = "uk"
inn = "7729524407"
[[receivers]]
name = "fund"
inn = "6168108630"
[[steps]]
kind = "cap"
to = "fund"
period = "month"
amount = "70.00"
[[steps]]
kind = "fixed"
to = "fund"
amount = "30.00"
[[steps]]
kind = "remainder"
to = "uk"
)";

class TwoReceivers : public Office {
public:
    explicit TwoReceivers(std::string const& rule) {
        auto fund = catalog::read_provider(read_fixture("providers/uniservis.json"));
        fund->shown.name = "Фонд";
        fund->shown.inn = "6168108630";
        fund->shown.bank_account = "40702810952090030727";
        fund->shown.bic = "046015602";
        REQUIRE(write([&](store::Transaction& t) {
                    return catalog::create_provider(t, *fund, from_ms(0));
                }) == 2U);
        REQUIRE(write(
            [&](store::Transaction& t) { return catalog::publish_rule(t, 1, rule, from_ms(0)); }));
    }
    /// One payment of so much; what the fund got of it.
    Money fund_share(std::int64_t kopecks) {
        auto record = story_payment();
        auto& payment = *record.mutable_payment();
        payment.clear_notes();
        auto& note = *payment.add_notes();
        note.set_value(kopecks);
        note.set_count(1);
        payment.set_cash(kopecks);
        payment.set_credited(kopecks);
        kiosk_.add(record);
        auto const sequence = kiosk_.size();
        REQUIRE(send(kiosk_.batch(sequence, 1)));
        auto const paid = payment_of(sequence);
        for (PaymentPart const& part : paid.parts)
            if (part.receiver == 2)
                return part.gross;
        return rub(0);
    }
    Payment payment_of(std::uint64_t sequence) {
        auto found = payment(sequence);
        REQUIRE(found);
        return *found;
    }
    void tamper(std::string const& sql) {
        sqlite3* database = nullptr;
        REQUIRE(sqlite3_open(store.file().c_str(), &database) == SQLITE_OK);
        CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
    }

private:
    TestKiosk kiosk_;
};

} // namespace

TEST_SUITE("rules that remember") {
    TEST_CASE("what rounding took from a receiver comes back with a later payment") {
        TwoReceivers office{thirds};
        CHECK(office.fund_share(100) == rub(33));
        CHECK(office.fund_share(100) == rub(34));
        CHECK(office.fund_share(100) == rub(33));
        office.check_books();
    }

    TEST_CASE("a cap counts all payments of its month") {
        TwoReceivers office{capped};
        CHECK(office.fund_share(100'00) == rub(30'00));
        CHECK(office.fund_share(100'00) == rub(30'00));
        CHECK(office.fund_share(100'00) == rub(10'00));
        CHECK(office.fund_share(100'00) == rub(0));
        office.now += std::int64_t{31} * 24 * 3600 * 1000;
        CHECK(office.fund_share(100'00) == rub(30'00));
        office.check_books();
    }

    TEST_CASE("a batch that comes again moves no residue") {
        TwoReceivers office{thirds};
        TestKiosk kiosk;
        auto record = story_payment();
        kiosk.add(record);
        kiosk.add(record);
        office.accept_all(kiosk);
        auto const before = office.count("split_residue WHERE parts <> 0");
        office.accept_all(kiosk);
        CHECK(office.count("split_residue WHERE parts <> 0") == before);
        office.check_books();
    }

    TEST_CASE("verification names residues and totals that the payments do not give") {
        auto const difference_after = [](char const* rule, char const* sql) {
            TwoReceivers office{rule};
            (void)office.fund_share(100);
            office.tamper(sql);
            auto const found =
                office.read([](store::Reading const& r) { return verify_records(r); }).difference;
            return found ? found->expected : std::string{"nothing"};
        };
        CHECK(
            difference_after(thirds, "UPDATE split_residue SET parts = -parts") ==
            "the residues and totals that its payments give (I6)");
        CHECK(
            difference_after(capped, "UPDATE split_taken SET taken = 0") ==
            "the residues and totals that its payments give (I6)");
        CHECK(difference_after(capped, "SELECT 1") == "nothing");
    }

    TEST_CASE("a period is the server's, in UTC") {
        splitting::Rule const rule{
            {},
            {{}, {}},
            {splitting::Cap{0, splitting::Period::Day, rub(1)},
             splitting::Cap{0, splitting::Period::Month, rub(1)},
             splitting::Cap{0, splitting::Period::Year, rub(1)},
             splitting::Remainder{1}}};
        CHECK(
            periods_at(rule, from_ms(story_ms)) ==
            std::vector<std::string>{"2010-02-05", "2010-02", "2010"});
    }
}
