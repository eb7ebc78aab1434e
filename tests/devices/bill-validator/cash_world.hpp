#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "devices/bill-validator/session.hpp"
#include "devices/bill-validator/simulated_validator.hpp"

/// A kiosk's cash in virtual time: a session that talks to a simulated validator, a listener that
/// journals as promise 1 of docs/architecture.md says, and everything that can go wrong with them.
namespace tests {

namespace bv = devices::bill_validator;

/// What survives the death of the host. The rules a listener needs to count each note once.
struct CashJournal {
    std::optional<std::uint8_t> intended; ///< Type of the note that STACK was decided for.
    std::optional<std::uint8_t> unrested; ///< Type last credited, with no rest told since.
    std::map<std::int64_t, int> credited; ///< Count by value in kopecks.
    int unassigned = 0;                   ///< Credits that no intent was open for.
    int repeats = 0;                      ///< Tellings that were recognised as the same note.
    int returned = 0;

    void intend(std::uint8_t type) { intended = type; }
    void on_stacked(bv::NoteStacked const& note);
    void on_rest();
};

/// Mistakes that the world must notice; a test makes them on purpose.
enum class Mistake : std::uint8_t {
    None,
    AcknowledgeBeforeJournal, ///< The listener's call ends before its disk has answered.
    ResetBeforePoll,          ///< The host starts with RESET.
    CreditEveryTelling,       ///< The listener does not compare with the journal.
    CreditAtEscrow,           ///< The listener takes STACK decided for stacked.
};

struct Mischief {
    unsigned host_deaths = 0; ///< Per mille of the host's steps.
    unsigned power_cuts = 0;  ///< Per mille, of the validator, at any time.
    unsigned armed_cuts = 0;  ///< Per mille, of the validator, at the next of a moment.
    unsigned line_faults = 0; ///< Per mille, of one exchange.
    unsigned outages = 0;     ///< Per mille, of the line for up to a minute.
    unsigned obstacles = 0;   ///< Per mille: jam, cassette, second note, failure, busy, cheating.
    unsigned rejections = 0;  ///< Per mille.
    bool listener_dithers = false;
};

class CashWorld {
public:
    CashWorld(
        std::uint64_t seed, Mischief mischief, Mistake mistake = Mistake::None,
        bv::SimulatorSettings settings = {});

    /// Customers insert so many notes while mischief goes on; then everything is mended, and the
    /// world is left alone until it is at rest and enabled again.
    void live(int notes);

    /// Does this at the host's step of that number, whatever it is about to do then.
    void strike_at(int step, std::function<void(CashWorld&)> blow);
    void die();
    void cut_power() { validator_.cut_power(now_); }
    void spoil_line(bv::LineFault fault) { validator_.inject(fault); }
    /// The step at which the validator was last told at rest.
    [[nodiscard]] int rest_step() const { return rest_step_; }

    [[nodiscard]] bv::SimulatedValidator const& validator() const { return validator_; }
    [[nodiscard]] CashJournal const& journal() const { return journal_; }
    [[nodiscard]] int notes_settled() const;
    [[nodiscard]] bool is_at_rest() const { return is_at_rest_; }

private:
    void step();
    void make_mischief();
    void make_obstacle();
    void insert_notes();
    void decide_late();
    void pass(std::chrono::milliseconds duration);
    bv::Input exchange(bv::Send const& send);
    void on_event(bv::Event const& event);
    void on_escrow(bv::NoteEscrowed const& note);
    [[nodiscard]] unsigned roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }
    [[nodiscard]] bool happens(unsigned per_mille) { return roll(1000) < per_mille; }

    std::mt19937_64 random_;
    Mischief mischief_;
    Mistake mistake_;
    bv::TimePoint now_{};
    bv::SimulatedValidator validator_;
    bv::TimePoint line_down_until_{};
    bv::TimePoint obstacle_until_{};

    CashJournal journal_;
    bv::Session session_;
    bv::Input input_{bv::Proceed{}};
    bool is_at_rest_ = false;
    std::deque<bv::Event> told_too_early_; ///< Events that the mistaken listener journals later.
    struct LateVerdict {
        std::uint8_t type;
        bv::TimePoint at;
    };
    std::optional<LateVerdict> late_;

    int steps_ = 0;
    int rest_step_ = 0;
    int strike_step_ = 0;
    std::function<void(CashWorld&)> blow_;

    std::vector<std::size_t> notes_;
    int notes_to_insert_ = 0;
};

} // namespace tests
