#pragma once

#include <doctest/doctest.h>

#include "fleet-server/catalog/kiosks.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/debts/payment_log.hpp"
#include "fleet-server/gateways/outbox.hpp"
#include "fleet-server/gateways/waiting.hpp"
#include "fleet-server/intake/intake.hpp"
#include "fleet-server/intake/payments.hpp"
#include "protocol/link/chain.hpp"
#include "tests/fleet-server/support/database.hpp"
#include "tests/fleet-server/support/files.hpp"

/// A fleet server's books with ООО Юнисервис and kiosk 17, and a kiosk that speaks to them.
namespace fleet::intake {

namespace wire = protocol::wire;

/// 05.02.2010 10:59 in Moscow, as in the payment that this story is after.
inline constexpr std::int64_t story_ms = 1'265'356'740'000;

/// The outgoing chain of one disk. A copy of it is a copied disk.
class TestKiosk {
public:
    void add(wire::Record const& record) { add_bytes(record.SerializeAsString()); }
    void add_bytes(std::string payload) {
        hashes_.push_back(
            protocol::link::chain_next(hashes_.back(), payloads_.size() + 1, to_bytes(payload)));
        payloads_.push_back(std::move(payload));
    }
    /// Records first, first + 1, ... so many.
    [[nodiscard]] wire::Batch batch(std::size_t first, std::size_t count) const {
        wire::Batch batch;
        batch.set_first_sequence(first);
        for (std::size_t i = 0; i < count; ++i)
            batch.add_records(payloads_.at(first - 1 + i));
        batch.set_head_hash(protocol::link::to_wire(hashes_.at(first - 1 + count)));
        return batch;
    }
    [[nodiscard]] wire::Batch all() const { return batch(1, payloads_.size()); }
    [[nodiscard]] wire::Hello hello(std::uint32_t kiosk = 17, std::uint32_t epoch = 1) const {
        wire::Hello hello;
        hello.set_protocol(1);
        hello.set_kiosk(kiosk);
        hello.set_epoch(epoch);
        hello.set_last_sequence(payloads_.size());
        if (!payloads_.empty())
            hello.set_head_hash(protocol::link::to_wire(hashes_.back()));
        return hello;
    }
    [[nodiscard]] std::size_t size() const { return payloads_.size(); }

private:
    std::vector<std::string> payloads_;
    std::vector<protocol::link::Hash> hashes_ = {protocol::link::chain_start};
};

/// 2 x 2000, 500, 100: the notes of the story.
inline wire::Record story_payment(std::string const& account = "M003K006") {
    wire::Record record;
    record.set_at_ms(story_ms);
    auto& payment = *record.mutable_payment();
    payment.set_provider(1);
    payment.set_account(account);
    payment.set_account_typed("М003К006");
    payment.set_channel(1);
    payment.set_tariff_version(2);
    for (auto const& [value, count] : {std::pair{200'000, 2U}, {50'000, 1U}, {10'000, 1U}}) {
        auto& note = *payment.add_notes();
        note.set_value(value);
        note.set_count(count);
    }
    payment.set_cash(460'000);
    payment.set_credited(460'000);
    payment.set_debt_shown(459'786);
    payment.set_debt_date("2009-09-01");
    payment.set_offline(true);
    return record;
}

class Office : public TestDatabase {
public:
    Office() {
        auto provider = catalog::read_provider(read_fixture("providers/uniservis.json"));
        provider->shown.account_mask = "A999A999";
        provider->osmp_url = "http://127.0.0.1:8070/osmp";
        REQUIRE(write([&](store::Transaction& t) {
                    return catalog::create_provider(t, *provider, from_ms(0));
                }) == 1U);
        publish("2010-01-01", "0.4 %");
        REQUIRE(write([](store::Transaction& t) {
                    return catalog::enrol(t, 17, "Дубровка, 3", from_ms(0));
                }) == 1U);
        write([](store::Transaction& t) {
            return debts::put_invoice(
                t,
                1,
                {"M003K006",
                 "М003К006",
                 "2009-09-01",
                 "7822",
                 protocol::rub(222'021),
                 protocol::rub(-237'765),
                 protocol::rub(459'786),
                 "",
                 ""},
                1,
                from_ms(0));
        });
    }

    void publish(std::string const& from, std::string const& rate) {
        REQUIRE(write([&](store::Transaction& t) {
            return catalog::publish_rule(
                t,
                1,
                "effective_from = \"" + from + "\"\n[[receivers]]\nname = \"u\"\n" +
                    "inn = \"7729524407\"\nwithheld = { rate = \"" + rate +
                    "\" }\n[[steps]]\nkind = \"remainder\"\nto = \"u\"\n",
                from_ms(0));
        }));
    }
    void change_provider(std::function<void(catalog::Provider&)> const& change) {
        auto provider =
            *read([](store::Reading const& r) { return catalog::find_provider(r, 1U); });
        change(provider);
        REQUIRE(write([&](store::Transaction& t) {
            return catalog::change_provider(t, provider, from_ms(0));
        }));
    }

    protocol::Result<wire::Acknowledgement, wire::Refusal> send(
        wire::Batch const& batch, Identity identity = {17, 1}) {
        return write([&](store::Transaction& t) {
            return intake.accept(t, identity, batch, from_ms(++now));
        });
    }
    protocol::Result<wire::Welcome, wire::Refusal> greet(
        wire::Hello const& hello, Identity identity = {17, 1}) {
        return write([&](store::Transaction& t) {
            return intake.welcome(t, identity, hello, from_ms(++now));
        });
    }
    void accept_all(TestKiosk const& kiosk) {
        auto const answer = send(kiosk.all());
        REQUIRE(answer);
        REQUIRE(answer->sequence() == kiosk.size());
    }

    Money net(std::string const& account) {
        auto const found =
            read([&](store::Reading const& r) { return ledger::find_account(r, account); });
        return found ? ledger::net(*found) : protocol::rub(0);
    }
    std::optional<Payment> payment(std::uint64_t sequence) {
        return read([&](store::Reading const& r) { return find_payment(r, 17, sequence); });
    }
    std::vector<Payment> payments() {
        return read([](store::Reading const& r) {
            return list_payments(r, {.kiosk = {}, .provider = {}, .count_max = 1'000});
        });
    }
    /// Payments that took something off a debt.
    std::int64_t debts_moved() {
        std::int64_t moved = 0;
        read([&](store::Reading const& r) -> store::Outcome<bool> {
            TRY_VOID(debts::each_paid(r, 0, [&](debts::PaidDebt const&) -> store::Outcome<bool> {
                ++moved;
                return true;
            }));
            return true;
        });
        return moved;
    }
    /// Payments that the provider is to be told of.
    std::int64_t forwarded() {
        return read([](store::Reading const& r) { return gateways::count_waiting(r); });
    }
    std::int64_t count(std::string const& table) {
        return *read([&](store::Reading const& r) {
            return r.value<std::int64_t>("SELECT count(*) FROM " + table);
        });
    }
    std::string flags_of(std::uint64_t sequence) {
        std::string all;
        for (auto const& discrepancy :
             read([](store::Reading const& r) { return discrepancies(r, 0, 1000); }))
            if (discrepancy.txn_id == gateways::transaction_id(17, 1, sequence))
                all += (all.empty() ? "" : " ") + discrepancy.kind;
        return all;
    }
    catalog::Kiosk kiosk() {
        return *read([](store::Reading const& r) { return catalog::find_kiosk(r, 17); });
    }

    /// I1, I2, I3, I4, I5, I8, I10, I11, I18, I20, I22, and the debts.
    void check_books() {
        auto const records = read([](store::Reading const& r) { return verify_records(r); });
        auto const books =
            read([&](store::Reading const& r) { return ledger::verify(r, records.cash); });
        CHECK_MESSAGE(!books.difference, (books.difference ? to_string(*books.difference) : ""));
        CHECK_MESSAGE(
            !records.difference, (records.difference ? to_string(*records.difference) : ""));
        CHECK_FALSE(read([](store::Reading const& r) { return debts::first_difference(r); }));
        std::int64_t credited = 0;
        for (Payment const& payment : payments())
            credited += payment.routing == Routing::Split && payment.credited.is_positive() ? 1 : 0;
        CHECK(debts_moved() == credited);
        CHECK(read([](store::Reading const& r) {
                  return ledger::trial_balance(r);
              }).difference.is_zero());
    }

    Intake intake;
    std::int64_t now = story_ms + 60'000;
};

} // namespace fleet::intake
