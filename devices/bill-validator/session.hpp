#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "devices/bill-validator/ccnet_codes.hpp"
#include "devices/bill-validator/ccnet_frame.hpp"
#include "devices/bill-validator/events.hpp"

/// The controller's side of a CCNET dialogue, without a line, a clock or a thread. The driver asks
/// what to do next and reports how it went.
///
/// A stacked note may be told twice when this program died or the validator lost power before the
/// acknowledgement, never not at all: who counts the money compares with the journal.
namespace devices::bill_validator {

/// CCNET's times. Tests shorten them.
struct Timing {
    /// The manual's answer begins within 10 ms; a bill table takes 130 ms at 9600 baud, a USB
    /// adapter may stall. Long on purpose: an answer that comes after we gave up is dangerous.
    std::chrono::milliseconds reply_within{1000};
    /// Some models look their identification and table up for long.
    std::chrono::milliseconds table_within{1500};
    std::chrono::milliseconds poll_every{100}; ///< The manual: 100 to 200 ms.
    std::chrono::milliseconds poll_every_at_rest{200};
    std::chrono::milliseconds free_after_acknowledge{20}; ///< The manual: 10, 20 recommended.
    std::chrono::milliseconds retry_after{100};   ///< Lets the rest of a damaged answer pass.
    std::chrono::milliseconds reset_settles{500}; ///< A validator may be deaf for 3 s after RESET.
    std::chrono::milliseconds recover_after{3000};
    /// Escrow lasts 10 s without a command. Pauses are counted only, so the real time is longer.
    std::chrono::milliseconds hold_after{4000};
};

struct Settings {
    /// Values that are taken; empty: every rouble value of the validator's own table.
    std::vector<Money> bills_accepted;
    Timing timing;
};

// What the driver is asked to do.
struct Send {
    protocol::Bytes bytes;
    std::chrono::milliseconds reply_within; ///< Zero: no reply will come.
};
struct Pause {
    std::chrono::milliseconds duration;
};
using Action = std::variant<Send, Pause, Event>;

// How it went.
struct Proceed {}; ///< The first call, and after a Pause, an Event or a Send without a reply.
struct Silence {};
using Reply = protocol::Result<ccnet::Frame, ccnet::FrameError>;
using Input = std::variant<Proceed, Silence, Reply>;

class Session {
public:
    Session() = default;
    explicit Session(Settings settings) : settings_{std::move(settings)} {}

    [[nodiscard]] Action resume(Input const& input);

    /// Whether notes are wanted; not at first. Carried out when no note is under way: one that is
    /// already coming in is still told and must be decided on.
    void accept_notes(bool accept) { notes_wanted_ = accept; }

    /// What to do with the note of the last NoteEscrowed. Ignored when that note is no longer in
    /// escrow, so a late verdict cannot hit the next note.
    void decide(Decision decision);

private:
    enum class Question : std::uint8_t {
        None,
        Status,
        Identification,
        Table,
        Reset,
        Permit,
        Stack,
        Return,
        Hold,
    };
    struct Escrow {
        std::uint8_t type;
        bool told = false;
        std::optional<Decision> verdict = std::nullopt;
        int orders = 0;   ///< How often the verdict was sent.
        int patience = 0; ///< Polls until an obeyed order is doubted.
        int holds = 0;
        std::chrono::milliseconds waited{0};
    };

    Action proceed();
    Action ask();
    Action on_silence(Question asked);
    bool hear(Question asked, protocol::Bytes const& data);
    bool hear_status(protocol::Bytes const& data);
    bool hear_identification(protocol::Bytes const& data);
    bool hear_table(protocol::Bytes const& data);
    bool hear_consent(Question asked, protocol::Bytes const& data);

    void on_status(ccnet::StatusReply status);
    void on_power_up();
    void learn(bool note_untold);
    void follow_trouble(ccnet::StatusReply status);
    void follow_note(ccnet::StatusReply status, bool is_news);
    void on_rest(ccnet::Status status);
    void on_escrow(std::uint8_t type);
    void carry_out_verdict(Escrow& escrow);
    void on_stacked(std::uint8_t type);
    void on_obeyed(Question asked);
    void on_refused(Question asked);
    void count_refusal();
    void lose_line();

    void tell(Event event) { to_tell_.push_back(std::move(event)); }
    void tell_trouble(Trouble trouble, std::uint8_t detail);
    [[nodiscard]] std::optional<Money> value_of(std::uint8_t type) const;
    [[nodiscard]] std::vector<std::uint8_t> types_accepted() const;
    [[nodiscard]] Timing const& timing() const { return settings_.timing; }

    Settings settings_;
    bool notes_wanted_{false};

    // What is done next, in this order: tell, acknowledge, pause, ask.
    std::deque<Event> to_tell_;
    bool acknowledge_due_{false};
    std::optional<std::chrono::milliseconds> pause_;
    Question next_{Question::Status};

    Question asked_{Question::None};
    int silences_{0};
    int refusals_{0};
    int reset_patience_{0};  ///< Polls until RESET is repeated.
    int permit_patience_{0}; ///< Polls until ENABLE BILL TYPES is repeated.

    // What is known of the validator.
    bool identified_{false};
    bool learned_{false};
    bool note_untold_{false}; ///< It says 0x81 and we cannot yet say what the note is worth.
    std::string model_;
    std::string serial_;
    std::vector<BillType> bills_;

    // What is known of the note.
    std::optional<ccnet::StatusReply> last_status_;
    std::optional<Escrow> escrow_;
    std::optional<std::uint8_t> stacked_told_;
    bool rest_due_{true};
    std::optional<ValidatorTrouble> trouble_;
};

} // namespace devices::bill_validator
