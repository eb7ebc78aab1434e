#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "devices/bill-validator/ccnet_codes.hpp"
#include "devices/bill-validator/ccnet_frame.hpp"
#include "devices/bill-validator/events.hpp"

/// A bill validator as its controller and its customers see it: a mechanism with a stacker, a
/// CCNET firmware, and the ways in which both go wrong. Pure: time is a parameter, bytes go in and
/// come out. It is the ground truth of cash: a note that has physically passed into the stacker is
/// counted, whatever is lost on the line or in the firmware afterwards.
namespace devices::bill_validator {

using TimePoint = std::chrono::steady_clock::time_point;

/// How long the mechanism takes. Tests shorten them.
struct SimulatorTimes {
    std::chrono::milliseconds accepting{1200};
    std::chrono::milliseconds escrow{10'000}; ///< Then the note goes back by itself.
    std::chrono::milliseconds stacking{900};
    std::chrono::milliseconds returning{900};
    std::chrono::milliseconds rejecting{900};
    std::chrono::milliseconds cheated{1000};
    std::chrono::milliseconds initializing{3000};
    std::chrono::milliseconds powered_off{3000}; ///< After a power cut.
    std::chrono::milliseconds delayed_byte{30};
};

/// Roubles at the table indices of the firmware in Russian use: 10 to 5000.
[[nodiscard]] std::vector<BillType> rouble_bill_table();

struct SimulatorSettings {
    SimulatorTimes times;
    std::vector<BillType> bills = rouble_bill_table();
    /// Some firmware says BILL STACKED a few polls longer than it must.
    int repeats_after_acknowledge = 0;
    /// Some firmware that has said BILL STACKED takes an ACK of anything for the ACK of the note.
    bool takes_any_acknowledge = false;
};

/// What became of one inserted note.
enum class Insertion : std::uint8_t {
    StillInside,
    Stacked,
    Returned,
    Rejected,
    NotTaken, ///< The mouth was closed: disabled, busy with another note, in trouble, no power.
};

/// When an armed power cut strikes; each strikes once.
enum class PowerCutMoment : std::uint8_t {
    Accepting,         ///< Halfway in: POWER UP WITH BILL IN VALIDATOR, the note goes back.
    Escrow,            ///< After ESCROW POSITION was said: likewise.
    StackAcknowledged, ///< After the ACK to STACK, before the note moves: likewise.
    Stacking,          ///< Too far to go back: POWER UP WITH BILL IN STACKER, told after RESET.
    StackedBeforeAck,  ///< BILL STACKED was said and not acknowledged: likewise.
    StackedAfterAck,   ///< POWER UP: the controller knows all.
};

/// What goes wrong with one exchange on the line; each is used up by one.
enum class LineFault : std::uint8_t {
    MissCommand,   ///< The validator does not hear the next frame, be it a command or an ACK.
    LoseReply,     ///< It obeys, and its answer is lost.
    CorruptReply,  ///< It obeys, and a bit of its answer is flipped.
    RefuseCommand, ///< It takes the command for garbled: NAK.
    DelayByte,     ///< Its answer stops after the third byte for a while.
};

/// What keeps the whole mechanism from working until it is taken away.
enum class Obstacle : std::uint8_t {
    None,
    StackerFull,
    StackerRemoved,
    Jammed,
    StackerJammed,
    SecondNote, ///< PAUSE: a second note in the mouth.
    Failed,
};

class SimulatedValidator {
public:
    explicit SimulatedValidator(SimulatorSettings settings, TimePoint now);

    /// Part of an answer, to be sent so long after the one before.
    struct Portion {
        protocol::Bytes bytes;
        std::chrono::milliseconds after;
    };
    /// What the controller wrote, in any portions. Empty: no answer.
    [[nodiscard]] std::vector<Portion> receive(protocol::ByteView bytes, TimePoint now);

    // What customers and technicians do.

    /// Identifies the note for `outcome`. A note that is not in the bill table is rejected.
    std::size_t insert_note(Money value, TimePoint now);
    /// The next note is rejected for this reason, one of the manual's: 0x60 to 0x6D, 0x92 to 0x95.
    void reject_next(std::uint8_t reason) { reject_next_ = reason; }
    /// Pulls the note back with a thread, wherever it is on its way in: CHEATED.
    void cheat(TimePoint now);
    void set_obstacle(Obstacle obstacle, TimePoint now, std::uint8_t failure = 0x50);
    void be_busy(std::chrono::milliseconds duration, TimePoint now) {
        busy_until_ = now + duration;
    }
    void cut_power_at(PowerCutMoment moment) { armed_cut_ = moment; }
    void cut_power(TimePoint now);
    void inject(LineFault fault, int times = 1);
    void clear_faults(TimePoint now);

    /// Moves the mechanism on to `now`.
    void advance(TimePoint now);

    // The truth.

    /// How many notes of each value (in kopecks) are in the stacker.
    [[nodiscard]] std::map<std::int64_t, int> const& stacked() const { return stacked_; }
    [[nodiscard]] Insertion outcome(std::size_t note) const { return outcomes_.at(note); }
    [[nodiscard]] bool has_power() const { return state_ != State::PoweredOff; }
    [[nodiscard]] bool is_enabled() const;
    /// Whether a note that is inserted now would be looked at.
    [[nodiscard]] bool would_take_note() const;
    [[nodiscard]] ccnet::Status status() const { return status_reply().status; }

private:
    enum class State : std::uint8_t {
        PoweredOff,
        PowerUp,
        Initializing,
        Resting,
        Accepting,
        Escrow,
        Holding,
        Stacking,
        Stacked,
        Returning,
        Returned,
        Rejecting,
        Cheated,
    };
    struct Note {
        std::size_t number;
        std::uint8_t type;
        Money value;
        std::optional<std::uint8_t> reject;
        bool past_return; ///< Beyond the escrow: a power cut cannot bring it back.
    };

    std::vector<Portion> answer(protocol::Bytes const& data, TimePoint now);
    protocol::Bytes obey(protocol::Bytes const& data, TimePoint now);
    protocol::Bytes poll(TimePoint now);
    std::uint8_t enable(protocol::ByteView masks);
    std::uint8_t reset(TimePoint now);
    std::uint8_t move_note(State to, TimePoint now);
    void on_acknowledge(TimePoint now);
    [[nodiscard]] std::vector<Portion> spoil(
        protocol::Bytes frame, std::optional<LineFault> fault) const;
    [[nodiscard]] std::optional<LineFault> take_fault(bool is_acknowledge);

    [[nodiscard]] ccnet::StatusReply status_reply() const;
    [[nodiscard]] std::optional<ccnet::StatusReply> obstacle_reply() const;
    void enter(State state, TimePoint now);
    void on_end_of_state(TimePoint now);
    void settle_after_accepting(TimePoint now);
    void settle_after_initializing(TimePoint now);
    void stack_note();
    void finish_note(Insertion outcome);
    void lose_power(TimePoint now);
    void note_where_it_is(TimePoint now);
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration_of(State state) const;
    [[nodiscard]] bool strikes(PowerCutMoment moment);

    SimulatorSettings settings_;
    ccnet::FrameReader reader_;

    State state_{State::PowerUp};
    std::optional<TimePoint> ends_; ///< When the state ends by itself.
    std::optional<TimePoint> power_cut_due_;
    std::optional<TimePoint> busy_until_;
    Obstacle obstacle_{Obstacle::None};
    std::uint8_t failure_{0};
    /// What was left of the state when an obstacle stopped the mechanism.
    std::optional<std::chrono::steady_clock::duration> frozen_;

    // Lost with the power.
    protocol::Bytes enabled_;
    protocol::Bytes escrow_;
    protocol::Bytes last_reply_;
    std::optional<ccnet::Status> status_said_; ///< By the last answer, if it was to POLL.
    int repeats_left_{0};
    bool is_acknowledged_{false};
    bool is_said_{false}; ///< BILL STACKED was answered at least once.

    // Kept without power.
    std::optional<Note> note_;
    std::uint8_t finished_type_{0}; ///< Of the note that was last stacked or returned.
    bool is_untold_{false}; ///< The last note was stacked, and that is not acknowledged yet.
    std::map<std::int64_t, int> stacked_;
    std::vector<Insertion> outcomes_; ///< One a note, for as long as a test or a bench runs.

    std::optional<std::uint8_t> reject_next_;
    std::optional<PowerCutMoment> armed_cut_;
    std::deque<LineFault> faults_;
};

/// "accepting", "escrow", "stack_acknowledged", "stacking", "stacked_before_ack",
/// "stacked_after_ack"; "stacked" is short for "stacked_before_ack".
[[nodiscard]] std::optional<PowerCutMoment> power_cut_moment(std::string_view name);
/// "miss_command", "lose_reply", "corrupt_reply", "refuse_command", "delay_byte".
[[nodiscard]] std::optional<LineFault> line_fault(std::string_view name);
/// "none", "stacker_full", "stacker_removed", "jammed", "stacker_jammed", "second_note", "failed".
[[nodiscard]] std::optional<Obstacle> obstacle(std::string_view name);

} // namespace devices::bill_validator
