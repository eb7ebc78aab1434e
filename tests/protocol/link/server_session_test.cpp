#include "protocol/link/server_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "protocol/link/chain.hpp"
#include "protocol/wire/message.hpp"

using namespace protocol;
using namespace protocol::link;
using namespace std::chrono_literals;

namespace {

ServerTuning const tuning;
TimePoint const start{1h};
Identity const kiosk_17{17, 1};

std::string_view name_of(ServerEffect const& effect) {
    constexpr std::string_view names[] = {
        "AskWelcome", "AskAccept", "AskLookUp", "Reply", "Close", "Abort", "CatalogWithheld"};
    return names[effect.index()];
}

std::string summary(std::vector<ServerEffect> const& effects) {
    std::string text;
    for (ServerEffect const& effect : effects) {
        text.append(text.empty() ? "" : " ").append(name_of(effect));
        if (auto const* close = std::get_if<Close>(&effect))
            text.append("(").append(name(close->reason)).append(")");
    }
    return text;
}

wire::FromKiosk hello(std::uint32_t kiosk = 17, std::uint32_t epoch = 1) {
    wire::FromKiosk message;
    message.mutable_hello()->set_protocol(1);
    message.mutable_hello()->set_kiosk(kiosk);
    message.mutable_hello()->set_epoch(epoch);
    return message;
}

wire::FromKiosk batch(std::uint64_t first, int count) {
    wire::FromKiosk message;
    message.mutable_batch()->set_first_sequence(first);
    for (int i = 0; i < count; ++i)
        message.mutable_batch()->add_records("record");
    message.mutable_batch()->set_head_hash(std::string(32, 'h'));
    return message;
}

wire::FromKiosk query(std::string const& account = "M003K006") {
    wire::FromKiosk message;
    message.mutable_account_query()->set_account(account);
    return message;
}

wire::FromKiosk ping() {
    wire::FromKiosk message;
    message.mutable_ping();
    return message;
}

DeskWelcomed welcome(std::uint64_t sequence) {
    wire::Welcome message;
    message.set_acknowledged_sequence(sequence);
    return {message};
}

DeskAccepted accepted(std::uint64_t sequence) {
    wire::Acknowledgement message;
    message.set_sequence(sequence);
    return {message};
}

wire::Refusal desk_refusal(wire::Refusal::Reason reason) {
    wire::Refusal refusal;
    refusal.set_reason(reason);
    refusal.set_explanation("because");
    return refusal;
}

struct Server {
    ServerSession session{kiosk_17, start, tuning};
    ServerMoment moment{start, 1'700'000'000'000};
    std::vector<ServerEffect> effects{};

    std::string hears(wire::FromKiosk const& message) {
        auto const frame = wire::frame_of(message);
        REQUIRE(frame);
        return hears_bytes(*frame);
    }
    std::string hears_bytes(ByteView bytes) {
        REQUIRE(session.wants_bytes());
        effects = session.receive(bytes, moment);
        return summary(effects);
    }
    std::string is_told(ServerEvent const& event) {
        effects = session.advance(event, moment);
        return summary(effects);
    }
    std::string waits_until_due() {
        moment.now = session.deadline();
        return is_told(ClockAdvanced{});
    }
    wire::FromServer const& reply() const {
        for (ServerEffect const& effect : effects)
            if (auto const* found = std::get_if<Reply>(&effect))
                return found->message;
        FAIL("no reply");
        std::abort();
    }
};

Server serving(std::uint64_t acknowledged = 0) {
    Server server;
    REQUIRE(server.hears(hello()) == "AskWelcome");
    REQUIRE(server.is_told(welcome(acknowledged)) == "Reply");
    return server;
}

} // namespace

TEST_SUITE("server session") {
    TEST_CASE("a kiosk is greeted, its batches are accepted in order, its questions are answered") {
        Server server;
        CHECK(server.hears(hello()) == "AskWelcome");
        CHECK_FALSE(server.session.wants_bytes());
        CHECK(server.is_told(welcome(3)) == "Reply");
        CHECK(server.reply().welcome().acknowledged_sequence() == 3);
        CHECK(server.reply().welcome().server_time_ms() == 1'700'000'000'000);

        CHECK(server.hears(batch(4, 2)) == "AskAccept");
        CHECK_FALSE(server.session.wants_bytes());
        CHECK(server.is_told(accepted(5)) == "Reply");
        CHECK(server.reply().acknowledgement().sequence() == 5);
        CHECK(server.hears(batch(6, 1)) == "AskAccept");
        CHECK(server.is_told(accepted(6)) == "Reply");

        CHECK(server.hears(query()) == "AskLookUp");
        CHECK(server.is_told(DeskLookedUp{}) == "Reply");
        CHECK(server.reply().has_account_answer());
        CHECK(server.hears(ping()) == "Reply");
        CHECK(server.reply().pong().server_time_ms() == 1'700'000'000'000);
    }

    TEST_CASE("one batch is at the desk at a time, the next waits in the kiosk") {
        Server server = serving();
        auto const first = *wire::frame_of(batch(1, 2));
        auto const second = *wire::frame_of(batch(3, 2));
        Bytes both = first;
        both.insert(both.end(), second.begin(), second.end());
        CHECK(server.hears_bytes(both) == "AskAccept");
        CHECK_FALSE(server.session.wants_bytes());
        CHECK(server.is_told(accepted(2)) == "Reply AskAccept");
        CHECK(server.is_told(accepted(4)) == "Reply");
        CHECK(server.session.wants_bytes());
    }

    TEST_CASE("questions go on beside a batch, up to a limit") {
        Server server = serving();
        for (unsigned i = 0; i < tuning.look_ups_max; ++i)
            CHECK(server.hears(query()) == "AskLookUp");
        CHECK_FALSE(server.session.wants_bytes());
        CHECK(server.is_told(DeskLookedUp{}) == "Reply");
        CHECK(server.session.wants_bytes());
        CHECK(server.hears(batch(1, 1)) == "AskAccept");
        CHECK(server.is_told(DeskLookedUp{}) == "Reply");
    }

    TEST_CASE("what a kiosk may not say before or after hello is refused by name") {
        struct Row {
            std::string_view what;
            wire::FromKiosk message;
            std::string_view outcome;
            wire::Refusal::Reason reason;
        };
        using R = wire::Refusal;
        auto spoiled = [](wire::FromKiosk message, auto spoil) {
            spoil(message);
            return message;
        };
        Row const first_messages[] = {
            {"a batch", batch(1, 1), "Reply Close(hello_missing)", R::PROTOCOL},
            {"nothing", {}, "Reply Close(hello_missing)", R::PROTOCOL},
            {"another kiosk", hello(18, 1), "Reply Close(identity)", R::IDENTITY},
            {"another epoch", hello(17, 2), "Reply Close(identity)", R::IDENTITY},
            {"another protocol",
             spoiled(hello(), [](auto& m) { m.mutable_hello()->set_protocol(2); }),
             "Reply Close(protocol_version)",
             R::PROTOCOL},
            {"a head without a hash",
             spoiled(hello(), [](auto& m) { m.mutable_hello()->set_last_sequence(4); }),
             "Reply Close(hello_malformed)",
             R::PROTOCOL},
            {"a long name of software",
             spoiled(
                 hello(), [](auto& m) { m.mutable_hello()->set_software(std::string(101, 'x')); }),
             "Reply Close(hello_malformed)",
             R::PROTOCOL},
        };
        for (Row const& row : first_messages) {
            CAPTURE(row.what);
            Server server;
            CHECK(server.hears(row.message) == row.outcome);
            CHECK(server.reply().refusal().reason() == row.reason);
            CHECK(server.session.is_closing());
        }
        Row const later_messages[] = {
            {"hello again", hello(), "Reply Close(hello_repeated)", R::PROTOCOL},
            {"a batch it sent before", batch(3, 2), "Reply Close(batch_replayed)", R::PROTOCOL},
            {"a gap", batch(7, 1), "Reply Close(batch_out_of_order)", R::PROTOCOL},
            {"record 0", batch(0, 1), "Reply Close(batch_malformed)", R::PROTOCOL},
            {"no records", batch(6, 0), "Reply Close(batch_malformed)", R::PROTOCOL},
            {"1001 records", batch(6, 1001), "Reply Close(batch_malformed)", R::PROTOCOL},
            {"a sequence without end",
             batch(~std::uint64_t{0}, 1),
             "Reply Close(batch_malformed)",
             R::PROTOCOL},
            {"an empty record",
             spoiled(batch(6, 1), [](auto& m) { m.mutable_batch()->set_records(0, ""); }),
             "Reply Close(batch_malformed)",
             R::PROTOCOL},
            {"a huge record",
             spoiled(
                 batch(6, 1),
                 [](auto& m) {
                     m.mutable_batch()->set_records(0, std::string(record_size_max + 1, 'x'));
                 }),
             "Reply Close(batch_malformed)",
             R::PROTOCOL},
            {"no head hash",
             spoiled(batch(6, 1), [](auto& m) { m.mutable_batch()->clear_head_hash(); }),
             "Reply Close(batch_malformed)",
             R::PROTOCOL},
            {"no account", query(""), "Reply Close(query_malformed)", R::PROTOCOL},
            {"a long account",
             query(std::string(account_size_max + 1, '1')),
             "Reply Close(query_malformed)",
             R::PROTOCOL},
        };
        for (Row const& row : later_messages) {
            CAPTURE(row.what);
            Server server = serving(5);
            CHECK(server.hears(row.message) == row.outcome);
            CHECK(server.reply().refusal().reason() == row.reason);
            CHECK(server.session.is_closing());
        }
    }

    TEST_CASE("bytes that are no frame or no message are refused by name") {
        struct Row {
            Bytes bytes;
            std::string_view outcome;
        };
        for (auto const& row :
             {Row{{0x80, 0x80, 0x80, 0x80, 0x08}, "Reply Close(frame_too_large)"},
              Row{{0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "Reply Close(frame_length_endless)"},
              Row{{0x02, 0xFF, 0xFF}, "Reply Close(not_a_message)"}}) {
            Server fresh;
            CHECK(fresh.hears_bytes(row.bytes) == row.outcome);
            Server server = serving();
            CHECK(server.hears_bytes(row.bytes) == row.outcome);
            CHECK(server.reply().refusal().reason() == wire::Refusal::PROTOCOL);
        }
    }

    TEST_CASE("the desk's refusal reaches the kiosk with its reason and ends the connection") {
        struct Row {
            wire::Refusal::Reason reason;
            std::string_view outcome;
        };
        for (auto const& row :
             {Row{wire::Refusal::EPOCH, "Reply Close(epoch)"},
              Row{wire::Refusal::FORKED, "Reply Close(forked)"},
              Row{wire::Refusal::QUARANTINED, "Reply Close(quarantined)"},
              Row{wire::Refusal::OVERLOADED, "Reply Close(overloaded)"},
              Row{wire::Refusal::IDENTITY, "Reply Close(identity)"},
              Row{wire::Refusal::UNSPECIFIED, "Reply Close(desk_refused)"}}) {
            CAPTURE(row.outcome);
            Server greeted;
            greeted.hears(hello());
            CHECK(greeted.is_told(DeskWelcomed{fail(desk_refusal(row.reason))}) == row.outcome);
            CHECK(greeted.reply().refusal().reason() == row.reason);
            Server server = serving();
            server.hears(batch(1, 1));
            CHECK(server.is_told(DeskAccepted{fail(desk_refusal(row.reason))}) == row.outcome);
            CHECK(server.reply().refusal().explanation() == "because");
        }
    }

    TEST_CASE("a batch that is only partly durable is acknowledged so far and sent again") {
        Server server = serving();
        server.hears(batch(1, 5));
        CHECK(server.is_told(accepted(3)) == "Reply Close(partly_accepted)");
        CHECK(server.reply().acknowledgement().sequence() == 3);
    }

    TEST_CASE("an acknowledgement beyond the batch leaves the order of the connection alone") {
        Server server = serving();
        server.hears(batch(1, 2));
        CHECK(server.is_told(accepted(9)) == "Reply"); // An older connection's records came late.
        CHECK(server.hears(batch(3, 1)) == "AskAccept");
    }

    TEST_CASE("every wait ends") {
        Server silent;
        CHECK(silent.session.deadline() == start + 30s);
        CHECK(silent.waits_until_due() == "Close(hello_late)");
        CHECK(silent.waits_until_due() == "Abort");

        Server unwelcome;
        unwelcome.hears(hello());
        CHECK(unwelcome.waits_until_due() == "Close(desk_late)");

        Server idle = serving();
        CHECK(idle.session.deadline() == start + 10min);
        CHECK(idle.waits_until_due() == "Close(idle)");

        Server stuck = serving();
        stuck.hears(batch(1, 1));
        CHECK(stuck.waits_until_due() == "Close(desk_late)");
        CHECK(stuck.is_told(accepted(1)).empty()); // Too late to say; the next Welcome says it.

        Server unanswered = serving();
        unanswered.hears(query());
        CHECK(unanswered.waits_until_due() == "Close(desk_late)");
    }

    TEST_CASE("a frame that drips is given its time once, however it drips") {
        Server server = serving();
        auto const frame = *wire::frame_of(batch(1, 40));
        std::string outcome;
        for (std::size_t at = 0; at + 1 < frame.size() && outcome.empty(); ++at) {
            server.moment.now += 1s;
            outcome = server.hears_bytes(ByteView{frame}.subspan(at, 1));
            if (outcome.empty() && server.session.deadline() <= server.moment.now)
                outcome = server.is_told(ClockAdvanced{});
        }
        CHECK(outcome == "Close(frame_slow)");
        CHECK(server.moment.now == start + 1s + tuning.frame_within);
    }

    TEST_CASE("the time of a frame does not run while the server does not listen") {
        Server server = serving();
        Bytes bytes = *wire::frame_of(batch(1, 1));
        bytes.push_back(0x70); // The next frame has begun.
        CHECK(server.hears_bytes(bytes) == "AskAccept");
        server.moment.now += 29s;
        CHECK(server.is_told(accepted(1)) == "Reply");
        CHECK(server.session.deadline() == server.moment.now + tuning.frame_within);
    }

    TEST_CASE("who asks more than a resident can is told to come back later") {
        Server server = serving();
        for (unsigned i = 0; i < tuning.messages_per_minute_max; ++i)
            CHECK(server.hears(ping()) == "Reply");
        CHECK(server.hears(ping()) == "Reply Close(too_many_messages)");
        CHECK(server.reply().refusal().reason() == wire::Refusal::OVERLOADED);

        Server patient = serving();
        for (unsigned i = 0; i < 3 * tuning.messages_per_minute_max; ++i) {
            patient.moment.now += 501ms;
            CHECK(patient.hears(ping()) == "Reply");
        }
    }

    TEST_CASE("a newer connection or the end of the server closes without a refusal") {
        Server server = serving();
        CHECK(server.is_told(CloseAsked{CloseReason::Replaced}) == "Close(replaced)");
        CHECK(server.is_told(CloseAsked{CloseReason::Stopping}).empty());
        CHECK_FALSE(is_refusal(CloseReason::Replaced));
        CHECK(is_refusal(CloseReason::Forked));
    }

    TEST_CASE("while closing, bytes are read and forgotten") {
        Server server = serving();
        server.is_told(CloseAsked{CloseReason::Stopping});
        CHECK(server.hears(batch(1, 1)).empty());
        CHECK(server.hears_bytes(Bytes(100'000, 0xFF)).empty());
    }

    TEST_CASE("a catalog or an answer that fits no frame is held back, not the connection") {
        Server server;
        server.hears(hello());
        auto big = welcome(3);
        for (int i = 0; i < 600; ++i)
            big.answer->mutable_catalog()->add_providers()->set_name(std::string(500, 'x'));
        CHECK(server.is_told(big) == "CatalogWithheld Reply");
        CHECK(server.reply().welcome().acknowledged_sequence() == 3);
        CHECK_FALSE(server.reply().welcome().has_catalog());

        server.hears(query());
        DeskLookedUp answer;
        answer.answer.set_id(5);
        answer.answer.set_address_masked(std::string(300'000, 'x'));
        CHECK(server.is_told(answer) == "Reply");
        CHECK(server.reply().account_answer().id() == 5);
        CHECK(server.reply().account_answer().outcome() == wire::AccountAnswer::UNAVAILABLE);
    }

    TEST_CASE("a changed catalog reaches a kiosk that is served, and one that is being greeted") {
        CatalogChanged changed;
        changed.catalog.set_version(9);
        Server server;
        CHECK(server.is_told(changed).empty()); // The welcome will bring it.
        server.hears(hello());
        CHECK(server.is_told(changed).empty());
        CHECK(server.is_told(welcome(0)) == "Reply Reply");
        CHECK(std::get<Reply>(server.effects[1]).message.catalog().version() == 9);
        CHECK(server.is_told(changed) == "Reply");
        CHECK(server.reply().catalog().version() == 9);
    }

    TEST_CASE("a message of a kind that is not known yet is passed over") {
        Server server = serving();
        CHECK(server.hears({}).empty());
        CHECK(server.hears(batch(1, 1)) == "AskAccept");
    }
}
