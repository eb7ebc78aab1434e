#include "kiosk/journal/records.hpp"

#include <doctest/doctest.h>

#include "protocol/wire/kiosk.pb.h"
#include "tests/kiosk/journal/samples.hpp"

using namespace kiosk::journal;
using namespace kiosk::journal::test;

namespace {

protocol::wire::Record parsed(Record const& record) {
    protocol::wire::Record message;
    REQUIRE(message.ParseFromArray(record.payload.data(), static_cast<int>(record.payload.size())));
    return message;
}

} // namespace

TEST_SUITE("records for the server") {
    TEST_CASE("a payment carries every figure of its receipt") {
        PaymentFacts facts = sample_facts(1, 460'000);
        facts.notes = {{rub(10'000), 1}, {rub(50'000), 1}, {rub(200'000), 2}};
        auto const record = record_of(PaymentRecorded{facts}, when);
        REQUIRE(record);
        CHECK(record->cash == rub(460'000));
        auto const message = parsed(*record);
        CHECK(message.at_ms() == when.time_since_epoch().count());
        REQUIRE(message.has_payment());
        auto const& payment = message.payment();
        CHECK(payment.provider() == 4);
        CHECK(payment.account() == "M003K006");
        CHECK(payment.account_typed() == "М003К006");
        CHECK(payment.channel() == 1);
        CHECK(payment.cash() == 460'000);
        CHECK(payment.credited() == 460'000);
        CHECK(payment.cash() == payment.fee() + payment.credited() + payment.change());
        CHECK(payment.debt_shown() == 459'786);
        CHECK(payment.offline());
        std::int64_t notes = 0;
        for (auto const& row : payment.notes())
            notes += row.value() * row.count();
        CHECK(notes == 460'000);
    }

    TEST_CASE("cash of nobody carries its note and whose it may be") {
        auto const record = record_of(UnassignedNote{note(500), 3, "told late"}, when);
        REQUIRE(record);
        auto const message = parsed(*record);
        REQUIRE(message.has_unassigned_cash());
        CHECK(message.unassigned_cash().notes(0).value() == 50'000);
        CHECK(message.unassigned_cash().reason() == "session 3: told late");
    }

    TEST_CASE("the same entry is the same bytes") {
        auto const entry = PaymentRecorded{sample_facts(1, 50'000)};
        CHECK(record_of(entry, when)->payload == record_of(entry, when)->payload);
    }

    TEST_CASE("every other entry is the kiosk's own affair") {
        int carriers = 0;
        for (Entry const& entry : one_of_each())
            carriers += record_of(entry, when) ? 1 : 0;
        CHECK(carriers == 2);
    }
}
