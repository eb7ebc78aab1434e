#include "kiosk/payment/facts.hpp"

#include <doctest/doctest.h>

#include "tests/kiosk/payment/scene.hpp"

using namespace kiosk::payment;
using namespace kiosk::payment::test;

TEST_SUITE("what becomes of cash") {
    TEST_CASE("cash beyond the debt is an advance on the same account") {
        Bill bill = sample_bill();
        bill.advance = rub(0);
        auto const sums = settle(bill, rub(460'000));
        CHECK(sums.credited == rub(460'000));
        CHECK(sums.advance == rub(214));
        CHECK(sums.advance_after == rub(214));
        CHECK(sums.debt_left == rub(0));
    }

    TEST_CASE("cash below the debt leaves a debt") {
        auto const sums = settle(sample_bill(), rub(400'000));
        CHECK(sums.debt_left == rub(59'786));
        CHECK(sums.advance == rub(0));
    }

    TEST_CASE("an advance that stood before is kept") {
        Bill bill = sample_bill();
        bill.debt = rub(0);
        bill.advance = rub(1'000);
        CHECK(settle(bill, rub(10'000)).advance_after == rub(11'000));
    }

    TEST_CASE("where nobody said what is owed, nothing is called an advance") {
        Bill bill = sample_bill();
        bill.source = DebtSource::None;
        bill.debt = rub(0);
        CHECK(settle(bill, rub(10'000)).advance == rub(0));
        CHECK(settle(bill, rub(10'000)).credited == rub(10'000));
    }

    TEST_CASE("the fee is the tariff's, and only cash too little for it is change") {
        Bill bill = sample_bill();
        bill.tariff.rate.ppm = 20'000; // 2 %
        bill.tariff.minimum = rub(3'000);
        auto const sums = settle(bill, rub(100'000));
        CHECK(sums.fee == rub(3'000));
        CHECK(sums.credited == rub(97'000));

        auto const little = settle(bill, rub(1'000));
        CHECK(little.fee == rub(0));
        CHECK(little.credited == rub(0));
        CHECK(little.change == rub(1'000));
    }

    TEST_CASE("an impossible tariff takes no fee: the payer gets all of it") {
        Bill bill = sample_bill();
        bill.tariff.rate.ppm = 1'000'000;
        auto const sums = settle(bill, rub(100'000));
        CHECK(sums.credited == rub(100'000));
        CHECK(sums.fee == rub(0));
    }

    TEST_CASE("notes are counted by denomination, ascending") {
        NoteCounts notes;
        for (std::int64_t const kopecks : {200'000, 10'000, 200'000, 50'000})
            add_note(notes, rub(kopecks));
        CHECK(notes == NoteCounts{{rub(10'000), 1}, {rub(50'000), 1}, {rub(200'000), 2}});
    }
}
