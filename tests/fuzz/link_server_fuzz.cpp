// Whatever a kiosk sends, in whatever portions, while the desk answers and time passes in whatever
// order: the session ends, says little, asks the desk one batch at a time and in order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "protocol/link/server_session.hpp"
#include "protocol/wire/message.hpp"

namespace {

using namespace protocol::link;
namespace wire = protocol::wire;
using protocol::Bytes;
using protocol::ByteView;

void require(bool condition) {
    if (!condition)
        std::abort();
}

class Server {
public:
    void hear(ByteView bytes) {
        if (session_.wants_bytes())
            check(session_.receive(bytes, moment_));
    }
    /// After closing, too: the desk does not know that its asker has gone.
    void answer(bool is_refused) {
        wire::Refusal refusal;
        refusal.set_reason(wire::Refusal::FORKED);
        if (is_welcome_asked_) {
            is_welcome_asked_ = false;
            if (is_refused)
                return tell(DeskWelcomed{protocol::fail(refusal)});
            return tell(DeskWelcomed{wire::Welcome{}});
        }
        if (is_accept_asked_) {
            is_accept_asked_ = false;
            if (is_refused)
                return tell(DeskAccepted{protocol::fail(refusal)});
            wire::Acknowledgement acknowledgement;
            acknowledgement.set_sequence(accepted_);
            return tell(DeskAccepted{acknowledgement});
        }
        if (look_ups_ > 0) {
            --look_ups_;
            tell(DeskLookedUp{});
        }
    }
    void pass(std::chrono::milliseconds time) {
        moment_.now += time;
        tell(ClockAdvanced{});
    }
    [[nodiscard]] bool is_over() const { return is_over_; }
    [[nodiscard]] std::size_t replied() const { return replied_; }
    void wait_for_the_end() {
        for (int turn = 0; turn < 10 && !is_over_; ++turn) {
            moment_.now = session_.deadline();
            tell(ClockAdvanced{});
        }
    }

private:
    void tell(ServerEvent const& event) { check(session_.advance(event, moment_)); }
    void check(std::vector<ServerEffect> const& effects) {
        bool const was_closing = is_closing_;
        for (ServerEffect const& effect : effects) {
            if (auto const* reply = std::get_if<Reply>(&effect)) {
                require(!was_closing);
                auto const frame = wire::frame_of(reply->message);
                require(frame.has_value());
                replied_ += frame->size();
            } else if (std::holds_alternative<AskWelcome>(effect)) {
                require(!is_welcome_asked_);
                is_welcome_asked_ = true;
            } else if (auto const* ask = std::get_if<AskAccept>(&effect)) {
                require(!is_accept_asked_);
                require(ask->batch.first_sequence() == accepted_ + 1);
                accepted_ += static_cast<std::uint64_t>(ask->batch.records_size());
                is_accept_asked_ = true;
            } else if (std::holds_alternative<AskLookUp>(effect)) {
                ++look_ups_;
                require(look_ups_ <= ServerTuning{}.look_ups_max);
            } else if (std::holds_alternative<Close>(effect)) {
                require(!is_closing_);
                is_closing_ = true;
            } else {
                is_over_ = is_over_ || std::holds_alternative<Abort>(effect);
            }
        }
    }

    ServerMoment moment_{TimePoint{std::chrono::hours{1}}, 0};
    ServerSession session_{{17, 1}, moment_.now, ServerTuning{}};
    bool is_welcome_asked_ = false;
    bool is_accept_asked_ = false;
    unsigned look_ups_ = 0;
    std::uint64_t accepted_ = 0;
    bool is_closing_ = false;
    bool is_over_ = false;
    std::size_t replied_ = 0;
};

Bytes hello() {
    wire::FromKiosk message;
    message.mutable_hello()->set_protocol(1);
    message.mutable_hello()->set_kiosk(17);
    message.mutable_hello()->set_epoch(1);
    return *wire::frame_of(message);
}

} // namespace

//  a step of the script: one byte of kind, one of size or time, then that many bytes
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Server server;
    ByteView script{data, size};
    if (size > 0 && data[0] % 2 == 0) { // Half of them get past the door.
        server.hear(hello());
        server.answer(false);
    }
    while (script.size() >= 2) {
        std::uint8_t const kind = script[0];
        std::size_t const amount = script[1];
        script = script.subspan(2);
        switch (kind % 4) {
        case 0: server.answer(kind > 250); break;
        case 1: server.pass(std::chrono::milliseconds{amount * 100}); break;
        default: {
            std::size_t const portion = std::min(amount, script.size());
            server.hear(script.first(portion));
            script = script.subspan(portion);
        }
        }
    }
    // A ping of three bytes is answered by a pong of four; a refusal and its words are short.
    require(server.replied() <= 4 * size + 1000);
    server.wait_for_the_end();
    require(server.is_over());
    return 0;
}
