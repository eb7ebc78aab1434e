#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devices/bill-validator/session.hpp"
#include "tests/support/hex.hpp"

namespace tests {

/// A scripted dialogue with a validator: what the controller must do, and what the line answers.
/// Pauses are taken as they come.
class Dialogue {
public:
    /// Hex of a frame without SYNC, ADR, LNG and CRC: "33", "34 00 00 3F 00 00 3F".
    Dialogue& asks(std::string_view data) { return step(Kind::Ask, frame(data)); }
    /// The whole frame as a logic analyser shows it.
    Dialogue& asks_frame(std::string_view bytes) { return step(Kind::Ask, to_hex(hex(bytes))); }
    Dialogue& hears(std::string_view data) {
        steps_.back().answer =
            devices::bill_validator::Reply{devices::bill_validator::ccnet::Frame{hex(data)}};
        return *this;
    }
    Dialogue& hears_frame(std::string_view bytes) {
        devices::bill_validator::ccnet::FrameReader reader;
        reader.push(hex(bytes));
        auto reply = reader.next();
        REQUIRE(reply);
        steps_.back().answer = std::move(*reply);
        return *this;
    }
    Dialogue& hears_nothing() {
        steps_.back().answer = devices::bill_validator::Silence{};
        return *this;
    }
    Dialogue& acknowledges() { return step(Kind::Acknowledge, frame("00")); }
    Dialogue& tells(devices::bill_validator::Event event) {
        step(Kind::Tell, {});
        steps_.back().event = std::move(event);
        return *this;
    }
    /// Orders from the other side, as the listener gives them.
    Dialogue& decides(devices::bill_validator::Decision decision) {
        step(Kind::Decide, {});
        steps_.back().decision = decision;
        return *this;
    }
    Dialogue& wants_notes(bool wanted) {
        step(Kind::Want, {});
        steps_.back().wanted = wanted;
        return *this;
    }
    /// A poll whose answer is only acknowledged.
    Dialogue& polls(std::string_view status) { return asks("33").hears(status).acknowledges(); }
    Dialogue& then(Dialogue const& more) {
        steps_.insert(steps_.end(), more.steps_.begin(), more.steps_.end());
        return *this;
    }

    /// Leaves the session in the state after the dialogue.
    void check(devices::bill_validator::Session session = {}) const {
        play(session, steps_.size());
    }

    /// Cuts the line at every question in turn. Whatever was going on, the controller asks three
    /// times in all (an order is not repeated, the status is asked), tells the loss exactly once,
    /// and tells when the validator answers again.
    void check_losing_the_line_at_every_question() const;

private:
    enum class Kind : std::uint8_t { Ask, Acknowledge, Tell, Decide, Want };
    struct Step {
        Kind kind;
        std::string bytes;
        devices::bill_validator::Input answer;
        devices::bill_validator::Event event;
        devices::bill_validator::Decision decision;
        bool wanted;
    };

    static std::string frame(std::string_view data) {
        return to_hex(devices::bill_validator::ccnet::encode(hex(data)));
    }
    Dialogue& step(Kind kind, std::string bytes) {
        namespace bv = devices::bill_validator;
        steps_.push_back({kind, std::move(bytes), bv::Proceed{}, bv::ValidatorAtRest{}, {}, false});
        return *this;
    }

    devices::bill_validator::Input play(
        devices::bill_validator::Session& session, std::size_t steps) const;

    std::vector<Step> steps_;
};

/// The next thing that the session does other than to pause.
inline devices::bill_validator::Action next_action(
    devices::bill_validator::Session& session,
    devices::bill_validator::Input input = devices::bill_validator::Proceed{}) {
    namespace bv = devices::bill_validator;
    bv::Action action = session.resume(input);
    while (std::holds_alternative<bv::Pause>(action))
        action = session.resume(bv::Proceed{});
    return action;
}

inline devices::bill_validator::Input Dialogue::play(
    devices::bill_validator::Session& session, std::size_t steps) const {
    namespace bv = devices::bill_validator;
    bv::Input input = bv::Proceed{};
    for (std::size_t index = 0; index < steps; ++index) {
        CAPTURE(index);
        Step const& expected = steps_[index];
        if (expected.kind == Kind::Decide) {
            session.decide(expected.decision);
            continue;
        }
        if (expected.kind == Kind::Want) {
            session.accept_notes(expected.wanted);
            continue;
        }
        bv::Action const action = next_action(session, input);
        input = expected.answer;
        if (expected.kind == Kind::Tell) {
            REQUIRE(std::holds_alternative<bv::Event>(action));
            CAPTURE(std::get<bv::Event>(action).index());
            CHECK(std::get<bv::Event>(action) == expected.event);
            continue;
        }
        REQUIRE(std::holds_alternative<bv::Send>(action));
        auto const& send = std::get<bv::Send>(action);
        REQUIRE(to_hex(send.bytes) == expected.bytes);
        REQUIRE((send.reply_within.count() == 0) == (expected.kind == Kind::Acknowledge));
    }
    return input;
}

inline void Dialogue::check_losing_the_line_at_every_question() const {
    namespace bv = devices::bill_validator;
    auto const poll = frame("33");
    auto const is_data = [&](std::string const& bytes) {
        return bytes == poll || bytes == frame("37") || bytes == frame("41");
    };
    for (std::size_t cut = 0; cut < steps_.size(); ++cut) {
        if (steps_[cut].kind != Kind::Ask)
            continue;
        CAPTURE(cut);
        bv::Session session;
        bv::Input input = play(session, cut);
        for (int attempt = 1; attempt <= 3; ++attempt) {
            auto const action = next_action(session, input);
            REQUIRE(std::holds_alternative<bv::Send>(action));
            auto const& first = steps_[cut].bytes;
            CHECK(
                to_hex(std::get<bv::Send>(action).bytes) ==
                (attempt == 1 || is_data(first) ? first : poll));
            input = bv::Silence{};
        }
        auto const lost = next_action(session, input);
        REQUIRE(std::holds_alternative<bv::Event>(lost));
        CHECK(
            std::get<bv::Event>(lost) == bv::Event{bv::ValidatorTrouble{bv::Trouble::LineLost, 0}});
        for (int attempt = 1; attempt <= 7; ++attempt) {
            auto const again =
                next_action(session, attempt == 1 ? bv::Input{bv::Proceed{}} : input);
            REQUIRE(std::holds_alternative<bv::Send>(again));
            CHECK(to_hex(std::get<bv::Send>(again).bytes) == poll);
            input = bv::Silence{};
        }
        auto const asked = next_action(session, input);
        REQUIRE(std::holds_alternative<bv::Send>(asked));
        CHECK(to_hex(std::get<bv::Send>(asked).bytes) == poll);
    }
}

} // namespace tests
