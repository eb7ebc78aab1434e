#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"
#include "protocol/link/identity.hpp"
#include "protocol/link/limits.hpp"
#include "protocol/wire/frame.hpp"
#include "protocol/wire/kiosk.pb.h"

/// The fleet server's end of the link to one kiosk, from the end of the TLS handshake on. Pure:
/// state, event and moment give a state and effects; fleet-server/ingress carries them out. What a
/// kiosk sends is foreign input throughout: it is understood and in its place, or the connection
/// ends with a named reason.
namespace protocol::link {

struct ServerMoment {
    TimePoint now;
    std::int64_t utc_ms = 0; ///< Told to the kiosk as evidence for its clock, used for nothing.
};

struct ServerTuning {
    std::chrono::milliseconds hello_within = std::chrono::seconds{30};
    /// A full frame takes 105 s on GPRS at 20 kbit/s.
    std::chrono::milliseconds frame_within = std::chrono::minutes{3};
    std::chrono::milliseconds idle_after = std::chrono::minutes{10}; ///< Two pings were missed.
    std::chrono::milliseconds desk_within = std::chrono::seconds{30};
    /// For the refusal to reach the kiosk before its connection is reset.
    std::chrono::milliseconds linger = std::chrono::seconds{2};
    unsigned look_ups_max = 4; ///< At a time.
    /// Questions and pings; a resident asks a few times a minute. More is somebody trying accounts.
    unsigned messages_per_minute_max = 120;
};

// States. `received` is the last sequence of the last batch that came in order.
struct AwaitingHello {
    TimePoint deadline;
};
struct Welcoming {
    TimePoint deadline;
    std::optional<wire::Catalog> catalog; ///< Came while the desk was writing its welcome.
};
struct Serving {
    std::uint64_t received = 0;
    std::optional<TimePoint> accept_due; ///< A batch is at the desk until then.
    std::vector<TimePoint> look_ups_due; ///< Oldest first.
    TimePoint last_heard;
    TimePoint minute_began;
    unsigned messages_this_minute = 0;
};
struct Closing {
    TimePoint deadline;
};
using ServerState = std::variant<AwaitingHello, Welcoming, Serving, Closing>;

enum class CloseReason : std::uint8_t {
    // The kiosk's doing: refused.
    FrameTooLarge,
    FrameLengthEndless,
    FrameSlow,
    NotAMessage,
    HelloMissing,
    HelloLate,
    HelloRepeated,
    HelloMalformed,
    ProtocolVersion,
    Identity,
    BatchMalformed,
    BatchReplayed,
    BatchOutOfOrder,
    QueryMalformed,
    TooManyMessages,
    // The desk's decision: refused.
    Epoch,
    Forked,
    Quarantined,
    Overloaded,
    DeskRefused,
    // Nobody's fault: closed.
    DeskLate,
    PartlyAccepted,
    ReplySlow, ///< The kiosk does not read what it is sent.
    Idle,
    Replaced,
    Stopping,
};
/// "frame_too_large": in logs and as a label of metrics, so these names stay.
[[nodiscard]] std::string_view name(CloseReason reason);
[[nodiscard]] bool is_refusal(CloseReason reason);

// Events.
struct MessageCame {
    wire::FromKiosk message;
};
struct GarbageCame { ///< No frame, or no message in it.
    CloseReason reason;
};
template <class T>
using DeskAnswer = Result<T, wire::Refusal>;
struct DeskWelcomed {
    DeskAnswer<wire::Welcome> answer;
};
struct DeskAccepted {
    DeskAnswer<wire::Acknowledgement> answer;
};
struct DeskLookedUp {
    wire::AccountAnswer answer;
};
struct CatalogChanged {
    wire::Catalog catalog;
};
struct ClockAdvanced {};
struct CloseAsked { ///< Replaced by a newer connection, or the server stops.
    CloseReason reason;
};
using ServerEvent = std::variant<
    MessageCame, GarbageCame, DeskWelcomed, DeskAccepted, DeskLookedUp, CatalogChanged,
    ClockAdvanced, CloseAsked>;

// Effects, carried out in order. Ask... are answered by Desk... events, whenever.
struct AskWelcome {
    wire::Hello hello;
};
struct AskAccept {
    wire::Batch batch;
};
struct AskLookUp {
    wire::AccountQuery query;
};
struct Reply {
    wire::FromServer message;
};
/// Send what is queued, then nothing more; read and forget until the kiosk hangs up or the deadline
/// passes.
struct Close {
    CloseReason reason;
    std::string detail; ///< For the log.
};
struct Abort {};         ///< The deadline of Closing has passed: hang up.
struct CatalogWithheld { ///< It fits no frame: the kiosk keeps the one it has.
    std::size_t size = 0;
};
using ServerEffect =
    std::variant<AskWelcome, AskAccept, AskLookUp, Reply, Close, Abort, CatalogWithheld>;

struct ServerStep {
    ServerState state;
    std::vector<ServerEffect> effects;
};

/// Desk answers that come after the connection began to close are dropped: a batch that was
/// committed is acknowledged by the next Welcome.
[[nodiscard]] ServerStep advance(
    Identity identity, ServerState const& state, ServerEvent const& event, ServerMoment moment,
    ServerTuning const& tuning);

/// The state, its frames and the order between them: bytes in, effects out.
class ServerSession {
public:
    ServerSession(Identity identity, TimePoint now, ServerTuning const& tuning);

    /// Call only while wants_bytes(). Holds at most one frame and this portion.
    [[nodiscard]] std::vector<ServerEffect> receive(ByteView bytes, ServerMoment moment);
    /// Anything but bytes. Frames that waited for the desk go on by themselves.
    [[nodiscard]] std::vector<ServerEffect> advance(ServerEvent const& event, ServerMoment moment);

    /// False while a batch is at the desk or too many questions are: the kiosk waits in its own
    /// send queue, so nothing piles up here. When closing, bytes are read and forgotten.
    [[nodiscard]] bool wants_bytes() const;
    [[nodiscard]] bool is_closing() const;
    [[nodiscard]] TimePoint deadline() const;
    [[nodiscard]] Identity identity() const { return identity_; }

private:
    void step(ServerEvent const& event, ServerMoment moment, std::vector<ServerEffect>& effects);
    void drain(ServerMoment moment, std::vector<ServerEffect>& effects);

    Identity identity_;
    ServerTuning tuning_;
    ServerState state_;
    wire::FrameReader reader_;
    std::optional<TimePoint> frame_due_;
};

} // namespace protocol::link
