#pragma once

#include <cstdint>
#include <deque>
#include <string_view>

#include "kiosk/journal/journal.hpp"
#include "kiosk/payment/recovery.hpp"
#include "kiosk/payment/session.hpp"

/// The payment table at work: takes events, carries out effects, remembers where the payment is.
namespace kiosk::app {

/// What the effects reach. Called in the order of the effects, from inside `Controller::on` and
/// `start`; may not call the controller back before it has returned.
class Hands {
public:
    Hands() = default;
    Hands(Hands const&) = delete;
    Hands& operator=(Hands const&) = delete;
    virtual ~Hands() = default;

    /// Durable when it returns.
    [[nodiscard]] virtual journal::JournalResult<journal::Appended> write(
        payment::Entry const& entry, payment::WallTime at) = 0;
    /// What the server has not acknowledged, as the journal knows.
    [[nodiscard]] virtual payment::OfflineUse unacknowledged() = 0;

    virtual void stack_note() = 0;
    virtual void return_note() = 0;
    virtual void ask_account(payment::AskAccount const& question) = 0;
    virtual void print(payment::PrintReceipt const& receipt) = 0;
    virtual void clear_presenter() = 0;
};

/// Told of every step, for logs and for what follows from a state: the screen, the next wake-up,
/// whether notes are wanted. Must not call the controller back.
class Watcher {
public:
    Watcher() = default;
    Watcher(Watcher const&) = delete;
    Watcher& operator=(Watcher const&) = delete;
    virtual ~Watcher() = default;

    virtual void on_step(
        std::string_view event, payment::State const& before, payment::State const& after) = 0;
    virtual void on_fault(
        payment::Fault fault, std::string_view event, payment::State const& state) = 0;
    virtual void on_journal_error(journal::JournalError const& error) = 0;
};

/// Faults are journalled up to this many an hour: a child on the screen must not fill the disk.
inline constexpr int faults_journalled_max = 60;

class Controller {
public:
    Controller(payment::Rules rules, Hands& hands, Watcher& watcher)
        : rules_{std::move(rules)}, hands_{hands}, watcher_{watcher} {}

    /// Goes on where the journal ends. Before the first event.
    void start(payment::Folded const& folded, payment::Now now);
    /// There is no journal to go on with: no money, and the screen says so.
    void start_without_journal();

    void on(payment::Event event, payment::Now now);

    [[nodiscard]] payment::State const& state() const { return state_; }
    [[nodiscard]] payment::Rules const& rules() const { return rules_; }
    /// Nothing can be journalled: what the validator says next must not be acknowledged.
    [[nodiscard]] bool is_broken() const {
        return std::holds_alternative<payment::Broken>(state_.phase);
    }

private:
    void advance(payment::Event const& event, payment::Now now);
    void take(payment::Step step, payment::Now now);
    bool carry_out(payment::Effect const& effect, payment::Now now);
    bool write(payment::Entry const& entry, payment::Now now);
    void report(payment::Fault fault, payment::Event const& event, payment::Now now);

    payment::Rules rules_;
    Hands& hands_;
    Watcher& watcher_;
    payment::State state_;
    std::deque<payment::Event> pending_; ///< What follows from what was written.
    payment::Time faults_since_{};
    int faults_journalled_ = 0;
};

} // namespace kiosk::app
