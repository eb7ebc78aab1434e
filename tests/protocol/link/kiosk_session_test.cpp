#include "protocol/link/kiosk_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace protocol;
using namespace protocol::link;
using namespace std::chrono_literals;

namespace {

KioskTuning const tuning;
TimePoint const start{1h};

Hash filled(std::uint8_t byte) {
    Hash hash;
    hash.fill(byte);
    return hash;
}

std::string_view name_of(KioskState const& state) {
    constexpr std::string_view names[] = {"Waiting", "Connecting", "Greeting", "Up", "Refused"};
    return names[state.index()];
}

std::string_view name_of(KioskEffect const& effect) {
    constexpr std::string_view names[] = {
        "Connect",
        "Disconnect",
        "Send",
        "SendBatch",
        "Acknowledge",
        "TellLink",
        "TellAccount",
        "TellCatalog",
        "CatalogUnusable",
        "TellRefused"};
    return names[effect.index()];
}

std::string summary(Result<KioskStep, KioskFault> const& step) {
    if (!step)
        return "fault";
    std::string text{name_of(step->state)};
    text += ":";
    for (KioskEffect const& effect : step->effects)
        text.append(" ").append(name_of(effect));
    return text;
}

Own own(std::uint64_t recorded, std::optional<Hash> hash_there = filled(7)) {
    return {.recorded = recorded, .acknowledged = 0, .hash_there = hash_there};
}

Welcomed welcomed(std::uint64_t sequence, Own const& own) {
    Welcomed event{.welcome = {}, .own = own};
    event.welcome.set_acknowledged_sequence(sequence);
    if (sequence > 0)
        event.welcome.set_acknowledged_hash(to_wire(filled(7)));
    return event;
}

AcknowledgementCame acknowledgement(std::uint64_t sequence, Own const& own) {
    AcknowledgementCame event{.acknowledgement = {}, .own = own};
    event.acknowledgement.set_sequence(sequence);
    event.acknowledgement.set_hash(to_wire(filled(7)));
    return event;
}

RefusalCame refusal(wire::Refusal::Reason reason) {
    RefusalCame event;
    event.refusal.set_reason(reason);
    event.refusal.set_explanation("because");
    return event;
}

AnswerCame answer(std::uint32_t id, wire::AccountAnswer::Outcome outcome) {
    AnswerCame event;
    event.answer.set_id(id);
    event.answer.set_outcome(outcome);
    event.answer.set_debt(459'786);
    return event;
}

/// A kiosk that lives by a clock held in the test.
struct Kiosk {
    KioskState state = Waiting{};
    TimePoint now = start;
    std::uint32_t random = 0;
    std::vector<KioskEffect> effects{};

    std::string hears(KioskEvent const& event) {
        auto step = advance(state, event, {now, random}, tuning);
        std::string const text = summary(step);
        if (step) {
            state = step->state;
            effects = step->effects;
        }
        return text;
    }
    std::string waits_until_due() {
        now = deadline(state, tuning);
        return hears(TimePassed{});
    }
    template <class Effect>
    Effect const& effect() const {
        for (KioskEffect const& candidate : effects)
            if (auto const* found = std::get_if<Effect>(&candidate))
                return *found;
        FAIL("no such effect");
        std::abort();
    }
    std::chrono::nanoseconds pause() const { return deadline(state, tuning) - now; }
};

Kiosk kiosk_up(std::uint64_t at_server = 0, std::uint64_t recorded = 0) {
    Kiosk kiosk;
    kiosk.hears(TimePassed{});
    kiosk.hears(Connected{});
    kiosk.hears(welcomed(at_server, own(recorded)));
    REQUIRE(name_of(kiosk.state) == "Up");
    return kiosk;
}

} // namespace

TEST_SUITE("kiosk session") {
    // Every state meets every event. Up has one batch in flight and one question open.
    TEST_CASE("each event does in each state what the table says") {
        Kiosk up = kiosk_up(2, 5);
        up.hears(BatchSent{5, 100});
        up.hears(AccountAsked{1, 7, "M003K006"});
        KioskState const states[] = {
            Waiting{start + 1h, 1},
            Connecting{start + 1h, 1},
            Greeting{start + 1h, 1},
            up.state,
            Refused{start + 1h}};
        struct Row {
            std::string_view name;
            KioskEvent event;
            std::string_view expected[5]; // One a state; "=" is "nothing happens".
        };
        constexpr std::string_view fault = "fault";
        constexpr std::string_view later = "Waiting:";
        constexpr std::string_view dropped = "Waiting: Disconnect";
        constexpr std::string_view lost = "Waiting: Disconnect TellAccount TellLink";
        constexpr std::string_view calls = "Connecting: Connect";
        constexpr std::string_view stopped = "Refused: Disconnect TellRefused";
        constexpr std::string_view stopped_up =
            "Refused: Disconnect TellAccount TellLink TellRefused";
        Row const rows[] = {
            {"time, nothing due", TimePassed{}, {"=", "=", "=", "=", "="}},
            {"connected", Connected{}, {fault, "Greeting: Send", fault, fault, fault}},
            {"disconnected",
             Disconnected{},
             {"=", later, later, "Waiting: TellAccount TellLink", "="}},
            {"records added", RecordsAdded{6}, {"=", "=", "=", "Up: SendBatch", "="}},
            {"batch sent", BatchSent{6, 1}, {fault, fault, fault, fault, fault}},
            {"batch impossible", BatchImpossible{6}, {fault, fault, fault, stopped_up, fault}},
            {"account asked",
             AccountAsked{2, 7, "A1"},
             {"Waiting: TellAccount",
              "Connecting: TellAccount",
              "Greeting: TellAccount",
              "Up: Send",
              "Refused: TellAccount"}},
            {"retry asked", RetryAsked{}, {calls, "=", "=", "=", calls}},
            {"unreadable", Unreadable{}, {fault, fault, dropped, lost, fault}},
            {"welcomed",
             welcomed(2, own(5)),
             {fault, fault, "Up: Acknowledge TellLink SendBatch", lost, fault}},
            {"welcomed by another chain",
             welcomed(2, own(5, filled(8))),
             {fault, fault, stopped, lost, fault}},
            {"acknowledged",
             acknowledgement(5, own(5)),
             {fault, fault, dropped, "Up: Acknowledge", fault}},
            {"acknowledged too much",
             acknowledgement(6, own(5)),
             {fault, fault, dropped, stopped_up, fault}},
            {"answered",
             answer(1, wire::AccountAnswer::FOUND),
             {fault, fault, dropped, "Up: TellAccount", fault}},
            {"catalog", CatalogCame{}, {fault, fault, dropped, "Up: TellCatalog", fault}},
            {"overloaded",
             refusal(wire::Refusal::OVERLOADED),
             {fault, fault, dropped, lost, fault}},
            {"refused", refusal(wire::Refusal::FORKED), {fault, fault, stopped, stopped_up, fault}},
            {"pong", PongCame{}, {fault, fault, dropped, "=", fault}},
            {"unknown", UnknownCame{}, {fault, fault, dropped, "=", fault}},
        };
        for (Row const& row : rows)
            for (std::size_t i = 0; i < std::size(states); ++i) {
                CAPTURE(row.name);
                CAPTURE(name_of(states[i]));
                std::string const nothing = std::string{name_of(states[i])} + ":";
                auto const step = advance(states[i], row.event, {start, 0}, tuning);
                CHECK(summary(step) == (row.expected[i] == "=" ? nothing : row.expected[i]));
            }
    }

    TEST_CASE("hello carries the protocol and what the client filled in") {
        Kiosk kiosk;
        CHECK(kiosk.hears(TimePassed{}) == "Connecting: Connect");
        Connected connected;
        connected.hello.set_kiosk(17);
        connected.hello.set_last_sequence(4);
        kiosk.hears(connected);
        auto const& hello = kiosk.effect<Send>().message.hello();
        CHECK(hello.protocol() == 1);
        CHECK(hello.kiosk() == 17);
        CHECK(hello.last_sequence() == 4);
    }

    TEST_CASE("sending begins after what the server has, whatever was acknowledged before") {
        Kiosk kiosk;
        kiosk.hears(TimePassed{});
        kiosk.hears(Connected{});
        Own mine = own(9);
        mine.acknowledged = 8; // The server was restored from yesterday.
        CHECK(kiosk.hears(welcomed(3, mine)) == "Up: TellLink SendBatch");
        CHECK(kiosk.effect<SendBatch>().after == 3);

        kiosk.hears(BatchSent{7, 100});
        CHECK(kiosk.hears(acknowledgement(7, mine)) == "Up:"); // Already durable here.
        kiosk.hears(BatchSent{9, 100});
        CHECK(kiosk.hears(acknowledgement(9, mine)) == "Up: Acknowledge");
    }

    TEST_CASE("a server that has more than this kiosk ever recorded is never believed") {
        Kiosk kiosk;
        kiosk.hears(TimePassed{});
        kiosk.hears(Connected{});
        CHECK(kiosk.hears(welcomed(10, own(9, std::nullopt))) == "Refused: Disconnect TellRefused");
        CHECK(kiosk.effect<Disconnect>().reason == DropReason::Forked);
        CHECK(kiosk.effect<TellRefused>().explanation.find("recorded only 9") != std::string::npos);
    }

    TEST_CASE("at most so many batches are under way, and one is read at a time") {
        Kiosk kiosk = kiosk_up(0, 10);
        for (std::uint64_t last = 1; last < tuning.window_batches; ++last) {
            CHECK(kiosk.hears(RecordsAdded{10}) == "Up:"); // A read is under way.
            CHECK(kiosk.hears(BatchSent{last, 10}) == "Up: SendBatch");
            CHECK(kiosk.effect<SendBatch>().after == last);
        }
        CHECK(kiosk.hears(BatchSent{tuning.window_batches, 10}) == "Up:");
        CHECK(kiosk.hears(RecordsAdded{11}) == "Up:");
        CHECK(kiosk.hears(acknowledgement(1, own(11))) == "Up: Acknowledge SendBatch");
    }

    TEST_CASE("an acknowledgement beyond what this connection sent leaves no gap behind it") {
        Kiosk kiosk = kiosk_up(0, 10);
        kiosk.hears(BatchSent{3, 10});
        CHECK(kiosk.hears(acknowledgement(8, own(10))) == "Up: Acknowledge");
        CHECK(kiosk.effect<Acknowledge>().sequence == 8);
        CHECK(std::get<Up>(kiosk.state).sent == 3);
        CHECK(std::get<Up>(kiosk.state).in_flight.empty());
    }

    TEST_CASE("a batch that nobody acknowledges ends the connection, a large one later") {
        Kiosk small = kiosk_up(0, 10);
        small.hears(BatchSent{10, 300});
        CHECK(small.pause() == 30s + 300ms);
        CHECK(small.waits_until_due() == "Waiting: Disconnect TellLink");
        CHECK(small.effect<Disconnect>().reason == DropReason::AcknowledgementLate);

        Kiosk large = kiosk_up(0, 2000);
        large.hears(BatchSent{1000, 200'000});
        large.hears(BatchSent{2000, 100'000});
        CHECK(large.pause() == 230s);
        large.hears(acknowledgement(1000, own(2000)));
        CHECK(large.pause() == 4min); // The ping comes first.
        large.waits_until_due();
        CHECK(large.pause() == 30s); // The pong before the batch at 330 s.
    }

    TEST_CASE("a question without an answer is answered after five seconds, a late answer is not") {
        Kiosk kiosk = kiosk_up();
        CHECK(kiosk.hears(AccountAsked{1, 7, "M003K006"}) == "Up: Send");
        CHECK(kiosk.pause() == 5s);
        CHECK(kiosk.waits_until_due() == "Up: TellAccount");
        CHECK(kiosk.effect<TellAccount>().outcome == wire::AccountAnswer::UNAVAILABLE);
        CHECK(kiosk.hears(answer(1, wire::AccountAnswer::FOUND)) == "Up:");
    }

    TEST_CASE("an answer is matched with its question") {
        Kiosk kiosk = kiosk_up();
        kiosk.hears(AccountAsked{1, 7, "M003K006"});
        kiosk.hears(AccountAsked{2, 8, "M003K007"});
        kiosk.hears(answer(2, wire::AccountAnswer::FOUND));
        auto const& told = kiosk.effect<TellAccount>();
        CHECK(told.id == 2);
        CHECK(told.outcome == wire::AccountAnswer::FOUND);
        CHECK(told.state.provider_id == 8);
        CHECK(told.state.account == "M003K007");
        CHECK(told.state.debt == rub(459'786));
    }

    TEST_CASE("an answer with impossible figures counts as no answer") {
        Kiosk kiosk = kiosk_up();
        kiosk.hears(AccountAsked{1, 7, "M003K006"});
        auto event = answer(1, wire::AccountAnswer::FOUND);
        event.answer.set_debt(-1);
        CHECK(kiosk.hears(event) == "Up: TellAccount");
        CHECK(kiosk.effect<TellAccount>().outcome == wire::AccountAnswer::UNAVAILABLE);
    }

    TEST_CASE("more questions than anybody can ask are answered at once") {
        Kiosk kiosk = kiosk_up();
        for (std::uint32_t id = 0; id < tuning.questions_max; ++id)
            CHECK(kiosk.hears(AccountAsked{id, 7, "A1"}) == "Up: Send");
        CHECK(kiosk.hears(AccountAsked{99, 7, "A1"}) == "Up: TellAccount");
    }

    TEST_CASE("four minutes of silence ask for a pong, and half a minute more is too long") {
        Kiosk kiosk = kiosk_up();
        CHECK(kiosk.pause() == 4min);
        CHECK(kiosk.waits_until_due() == "Up: Send");
        CHECK(kiosk.effect<Send>().message.has_ping());
        kiosk.now += 1s;
        CHECK(kiosk.hears(PongCame{}) == "Up:");
        CHECK(kiosk.pause() == 4min);

        kiosk.waits_until_due();
        CHECK(kiosk.pause() == 30s);
        CHECK(kiosk.waits_until_due() == "Waiting: Disconnect TellLink");
        CHECK(kiosk.effect<Disconnect>().reason == DropReason::PongLate);
    }

    TEST_CASE("attempts wait longer and longer, up to a limit, never in step with the fleet") {
        for (std::uint32_t const random : {0U, 499U, 12'345U, ~0U}) {
            CAPTURE(random);
            Kiosk kiosk;
            kiosk.random = random;
            std::chrono::milliseconds wait = tuning.retry_first;
            for (int attempt = 0; attempt < 40; ++attempt) {
                kiosk.waits_until_due();
                kiosk.hears(Disconnected{});
                CHECK(kiosk.pause() >= wait / 2);
                CHECK(kiosk.pause() <= wait);
                wait = std::min(2 * wait, tuning.retry_most);
            }
        }
        Kiosk one;
        Kiosk other;
        other.random = 250;
        for (Kiosk* kiosk : {&one, &other}) {
            kiosk->hears(TimePassed{});
            kiosk->hears(Disconnected{});
        }
        CHECK(one.pause() != other.pause());
    }

    TEST_CASE("a connection that moved a record, or lasted, begins the waiting anew") {
        auto pause_after = [](auto const& live) {
            Kiosk kiosk;
            for (int attempt = 0; attempt < 6; ++attempt) {
                kiosk.waits_until_due();
                kiosk.hears(Disconnected{});
            }
            kiosk.waits_until_due();
            kiosk.hears(Connected{});
            kiosk.hears(welcomed(0, own(3)));
            live(kiosk);
            kiosk.hears(Disconnected{});
            return kiosk.pause();
        };
        CHECK(pause_after([](Kiosk&) {}) == 15s); // Welcomed and dropped: a failed attempt.
        CHECK(pause_after([](Kiosk& kiosk) { kiosk.now += 1min; }) == 500ms);
        CHECK(pause_after([](Kiosk& kiosk) {
                  kiosk.hears(BatchSent{3, 10});
                  kiosk.hears(acknowledgement(3, own(3)));
              }) == 500ms);
    }

    TEST_CASE("an overloaded server is left alone for half a minute at least") {
        Kiosk kiosk = kiosk_up();
        CHECK(kiosk.hears(refusal(wire::Refusal::OVERLOADED)) == "Waiting: Disconnect TellLink");
        CHECK(kiosk.pause() >= 30s);
        CHECK(kiosk.waits_until_due() == "Connecting: Connect");
    }

    TEST_CASE("a refusal stands until a person acts, at the kiosk or at the server") {
        for (auto const reason :
             {wire::Refusal::PROTOCOL,
              wire::Refusal::IDENTITY,
              wire::Refusal::EPOCH,
              wire::Refusal::FORKED,
              wire::Refusal::QUARANTINED,
              wire::Refusal::UNSPECIFIED}) {
            CAPTURE(wire::Refusal::Reason_Name(reason));
            Kiosk kiosk = kiosk_up();
            CHECK(kiosk.hears(refusal(reason)) == "Refused: Disconnect TellLink TellRefused");
            CHECK(
                kiosk.effect<TellRefused>().explanation ==
                wire::Refusal::Reason_Name(reason) + ": because");
            CHECK(kiosk.pause() >= 7min);
            CHECK(kiosk.hears(RetryAsked{}) == "Connecting: Connect");
        }
    }

    TEST_CASE("a catalog that cannot be is not taken, and the link goes on") {
        Kiosk kiosk = kiosk_up();
        CatalogCame event;
        event.catalog.add_providers();
        CHECK(kiosk.hears(event) == "Up: CatalogUnusable");
        CHECK(kiosk.effect<CatalogUnusable>().error == wire::ConvertError::ProviderUnnumbered);
    }

    TEST_CASE("a server's message becomes the event of its kind") {
        wire::FromServer message;
        CHECK(std::holds_alternative<UnknownCame>(event_of(message, {})));
        message.mutable_pong();
        CHECK(std::holds_alternative<PongCame>(event_of(message, {})));
        CHECK_FALSE(claimed_sequence(message));
        message.mutable_acknowledgement()->set_sequence(12);
        CHECK(claimed_sequence(message) == 12);
        CHECK(std::get<AcknowledgementCame>(event_of(message, own(3))).own.recorded == 3);
        message.mutable_welcome()->set_acknowledged_sequence(11);
        CHECK(claimed_sequence(message) == 11);
        CHECK(std::holds_alternative<Welcomed>(event_of(message, {})));
    }
}
