#include "fleet-server/gateways/delivery.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "fleet-server/gateways/outbox.hpp"

using namespace fleet::gateways;
using namespace std::chrono_literals;

namespace {

DeliveryLimits const limits;
Moment const start{std::chrono::milliseconds{1'768'550'400'000}};

Delivery fresh() {
    Delivery delivery;
    delivery.txn_id = "000017001000000001";
    delivery.provider = 1;
    delivery.account = "M003K006";
    delivery.sum = protocol::rub(460'000);
    delivery.enqueued_at = start;
    delivery.next_at = start;
    return delivery;
}

DeliveryStep step(Delivery const& delivery, DeliveryEvent const& event, Moment at = start) {
    auto advanced = advance(delivery, event, {at, 500}, limits);
    REQUIRE(advanced);
    return std::move(*advanced);
}

Delivery asked() {
    return step(fresh(), Due{"check"}).delivery;
}

Delivery sent() {
    return step(asked(), CheckAnswered{Verdict::Accepted, 0, "", "pay"}).delivery;
}

Delivery sent_again(Delivery const& delivery) {
    return step(delivery, Due{}).delivery;
}

// The effects without the story, which is for people.
std::vector<DeliveryEffect> moves(DeliveryStep const& step) {
    std::vector<DeliveryEffect> found;
    for (DeliveryEffect const& effect : step.effects)
        if (!std::holds_alternative<Tell>(effect))
            found.push_back(effect);
    return found;
}

using Effects = std::vector<DeliveryEffect>;

} // namespace

TEST_SUITE("delivery") {
    TEST_CASE("the way of a payment that nothing disturbs: check, hold, pay, void") {
        auto const asked = step(fresh(), Due{"check"});
        CHECK(asked.delivery.state == DeliveryState::New);
        CHECK(moves(asked) == Effects{AskCheck{"check"}});

        auto const paid = step(asked.delivery, CheckAnswered{Verdict::Accepted, 0, "OK", "pay"});
        CHECK(paid.delivery.state == DeliveryState::Sent);
        CHECK(paid.delivery.attempts == 1);
        CHECK(moves(paid) == Effects{Hold{}, SendPay{"pay"}});

        auto const done = step(paid.delivery, PayAnswered{Verdict::Accepted, 0, "42", "OK"});
        CHECK(done.delivery.state == DeliveryState::Ok);
        CHECK(done.delivery.provider_txn == "42");
        CHECK(moves(done) == Effects{VoidHold{}});
    }

    TEST_CASE("a refused check moves the money to suspense, and there is no hold to void") {
        auto const refused = step(asked(), CheckAnswered{Verdict::Refused, 5, "", "pay"});
        CHECK(refused.delivery.state == DeliveryState::Refused);
        CHECK(refused.delivery.needs_person);
        CHECK(refused.delivery.attempts == 0);
        CHECK(moves(refused) == Effects{MoveToSuspense{}});
    }

    TEST_CASE("a refused pay voids the hold and moves the money to suspense") {
        auto const refused = step(sent(), PayAnswered{Verdict::Refused, 7, "", "forbidden"});
        CHECK(refused.delivery.state == DeliveryState::Refused);
        CHECK(refused.delivery.needs_person);
        CHECK(moves(refused) == Effects{VoidHold{}, MoveToSuspense{}});
    }

    TEST_CASE("a pay that is not answered is unknown, and is sent again with the same bytes") {
        auto const lost = step(sent(), NotAnswered{"timed out"});
        CHECK(lost.delivery.state == DeliveryState::Unknown);
        CHECK(moves(lost).empty());
        auto const again = step(lost.delivery, Due{"another check"}, start + 1h);
        CHECK(again.delivery.state == DeliveryState::Unknown);
        CHECK(again.delivery.attempts == 2);
        CHECK(moves(again) == Effects{SendPay{"pay"}});
        CHECK(again.delivery.txn_id == fresh().txn_id);
    }

    TEST_CASE("an answer that concludes nothing makes a pay unknown") {
        CHECK(
            step(sent(), PayAnswered{Verdict::Unclear, 77, "", ""}).delivery.state ==
            DeliveryState::Unknown);
    }

    TEST_CASE("a provider that asks to repeat is asked again, nothing is concluded") {
        auto const repeat = step(sent(), PayAnswered{Verdict::RepeatLater, 90, "", ""});
        CHECK(repeat.delivery.state == DeliveryState::Sent);
        CHECK(repeat.delivery.next_at > start);
        auto const lost = step(sent_again(repeat.delivery), NotAnswered{"cut"});
        auto const repeat_again =
            step(sent_again(lost.delivery), PayAnswered{Verdict::RepeatLater, 1, "", ""});
        CHECK(repeat_again.delivery.state == DeliveryState::Unknown);
    }

    TEST_CASE("a request that never left raises no doubt") {
        auto const kept = step(sent(), NotDelivered{"connection refused"});
        CHECK(kept.delivery.state == DeliveryState::Sent);
        CHECK(kept.delivery.doubts == 0);
    }

    TEST_CASE("a check that is lost moves nothing") {
        for (DeliveryEvent const& event :
             {DeliveryEvent{NotAnswered{"timed out"}},
              DeliveryEvent{NotDelivered{"refused"}},
              DeliveryEvent{CheckAnswered{Verdict::RepeatLater, 1, "", "pay"}},
              DeliveryEvent{CheckAnswered{Verdict::Unclear, 77, "", "pay"}}}) {
            auto const later = step(asked(), event);
            CHECK(later.delivery.state == DeliveryState::New);
            CHECK(later.delivery.doubts == 0);
            CHECK(later.delivery.next_at > start);
            CHECK(moves(later).empty());
        }
    }

    TEST_CASE("what was in flight when the process died is unknown and goes out at once") {
        auto const woken = step(sent(), Restarted{}, start + 5s);
        CHECK(woken.delivery.state == DeliveryState::Unknown);
        CHECK(woken.delivery.next_at == start + 5s);
        CHECK(step(asked(), Restarted{}).delivery.state == DeliveryState::New);
    }

    TEST_CASE("a person is called after two hours, and it is still sent") {
        auto const lost = step(sent(), NotAnswered{"timed out"}, start + 2h - 1ms);
        CHECK_FALSE(lost.delivery.needs_person);
        auto const late = step(sent_again(lost.delivery), NotAnswered{"timed out"}, start + 2h);
        CHECK(late.delivery.needs_person);
        CHECK(late.delivery.state == DeliveryState::Unknown);
        auto const again = step(late.delivery, Due{}, start + 3h);
        CHECK(moves(again) == Effects{SendPay{"pay"}});
        auto const done = step(again.delivery, PayAnswered{Verdict::Accepted, 0, "42", ""});
        CHECK_FALSE(done.delivery.needs_person);
    }

    TEST_CASE("a refusal after a doubt says to look at the provider's register first") {
        auto const lost = step(sent(), NotAnswered{"timed out"});
        auto const refused =
            step(sent_again(lost.delivery), PayAnswered{Verdict::Refused, 300, "", ""});
        CHECK(refused.delivery.comment.find("register") != std::string::npos);
    }

    TEST_CASE("a payment that cannot be written waits for a person, its money where it was") {
        auto const stuck = step(fresh(), NotPossible{"the provider has no address"});
        CHECK(stuck.delivery.state == DeliveryState::New);
        CHECK(stuck.delivery.needs_person);
        CHECK(moves(stuck).empty());
    }

    TEST_CASE("whatever comes after the end is out of place") {
        Delivery ok = sent();
        ok.state = DeliveryState::Ok;
        Delivery refused = sent();
        refused.state = DeliveryState::Refused;
        for (Delivery const& over : {ok, refused})
            for (DeliveryEvent const& event :
                 {DeliveryEvent{Due{}},
                  DeliveryEvent{PayAnswered{}},
                  DeliveryEvent{NotAnswered{}},
                  DeliveryEvent{NotDelivered{}},
                  DeliveryEvent{Restarted{}},
                  DeliveryEvent{CheckAnswered{}},
                  DeliveryEvent{NotPossible{}}})
                CHECK(
                    advance(over, event, {start, 0}, limits).error() ==
                    DeliveryFault::EventOutOfPlace);
        CHECK_FALSE(
            advance(fresh(), PayAnswered{Verdict::Accepted, 0, "1", ""}, {start, 0}, limits));
        CHECK_FALSE(
            advance(sent(), CheckAnswered{Verdict::Accepted, 0, "", "p"}, {start, 0}, limits));
    }

    TEST_CASE("nothing is asked while an answer is awaited, and no answer is taken that is not") {
        CHECK_FALSE(advance(sent(), Due{}, {start, 0}, limits));
        CHECK_FALSE(advance(asked(), Due{}, {start, 0}, limits));
        auto const idle = step(sent(), NotAnswered{"timed out"}).delivery;
        for (DeliveryEvent const& event :
             {DeliveryEvent{PayAnswered{Verdict::Refused, 5, "", ""}},
              DeliveryEvent{NotAnswered{}},
              DeliveryEvent{NotDelivered{}},
              DeliveryEvent{Restarted{}}})
            CHECK_FALSE(advance(idle, event, {start, 0}, limits));
    }

    TEST_CASE("the back-off doubles, spreads between half and all, and has an end") {
        CHECK(back_off(0, 1000, limits) == 1s);
        CHECK(back_off(0, 0, limits) == 500ms);
        CHECK(back_off(3, 1000, limits) == 8s);
        CHECK(back_off(9, 1000, limits) == 512s);
        CHECK(back_off(10, 1000, limits) == 600s);
        CHECK(back_off(4'000'000'000U, 1000, limits) == 600s);
        CHECK(back_off(4'000'000'000U, 0, limits) == 300s);
    }

    TEST_CASE("over any history: one hold, voided at most once, suspense only with a refusal") {
        std::uint32_t const seed = 20'260'116;
        std::mt19937 random{seed};
        for (int history = 0; history < 2'000; ++history) {
            Delivery delivery = fresh();
            Moment at = start;
            std::string request;
            int holds = 0;
            int voids = 0;
            int suspended = 0;
            for (int turn = 0; turn < 40; ++turn) {
                auto const verdict = static_cast<Verdict>(random() % 4);
                DeliveryEvent const events[] = {
                    Due{"check"},
                    CheckAnswered{verdict, 1, "", "pay" + std::to_string(turn)},
                    PayAnswered{verdict, 1, "9", ""},
                    NotAnswered{"lost"},
                    NotDelivered{"refused"},
                    Restarted{}};
                auto const next = advance(delivery, events[random() % 6], {at += 1s, 7}, limits);
                if (!next)
                    continue;
                delivery = next->delivery;
                for (DeliveryEffect const& effect : next->effects) {
                    holds += std::holds_alternative<Hold>(effect) ? 1 : 0;
                    voids += std::holds_alternative<VoidHold>(effect) ? 1 : 0;
                    suspended += std::holds_alternative<MoveToSuspense>(effect) ? 1 : 0;
                    if (auto const* pay = std::get_if<SendPay>(&effect)) {
                        REQUIRE(holds == 1);
                        REQUIRE((request.empty() || request == pay->request));
                        request = pay->request;
                    }
                }
            }
            REQUIRE(holds <= 1);
            REQUIRE(voids <= holds);
            REQUIRE((holds > voids) == (holds == 1 && !is_final(delivery.state)));
            REQUIRE(suspended == (delivery.state == DeliveryState::Refused ? 1 : 0));
        }
    }
}

TEST_SUITE("transaction id") {
    TEST_CASE("it is kiosk, epoch and sequence in eighteen digits") {
        CHECK(transaction_id(17, 1, 1) == "000017001000000001");
        CHECK(transaction_id(999'999, 999, 999'999'999) == "999999999999999999");
    }

    TEST_CASE("a number that does not fit gives none, rather than somebody else's") {
        CHECK_FALSE(transaction_id(1'000'000, 1, 1));
        CHECK_FALSE(transaction_id(1, 1'000, 1));
        CHECK_FALSE(transaction_id(1, 1, 1'000'000'000));
    }
}
