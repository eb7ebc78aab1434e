#include "kiosk/app/controller.hpp"

#include <algorithm>
#include <utility>

namespace kiosk::app {

namespace {

/// Runs one kind of effect; true when those behind it may follow.
template <class... Overloads>
struct Overloaded : Overloads... {
    using Overloads::operator()...;
};
template <class... Overloads>
Overloaded(Overloads...) -> Overloaded<Overloads...>;

bool is_order_to_stack(payment::Effect const& effect) {
    return std::holds_alternative<payment::StackNote>(effect);
}

} // namespace

void Controller::start(payment::Folded const& folded, payment::Now now) {
    take(payment::recover(folded, hands_.unacknowledged(), now, rules_), now);
    while (!pending_.empty()) {
        payment::Event const event = std::move(pending_.front());
        pending_.pop_front();
        advance(event, now);
    }
}

void Controller::start_without_journal() {
    state_.phase = payment::Broken{};
}

void Controller::on(payment::Event event, payment::Now now) {
    pending_.push_back(std::move(event));
    while (!pending_.empty()) {
        payment::Event const next = std::move(pending_.front());
        pending_.pop_front();
        advance(next, now);
    }
}

void Controller::advance(payment::Event const& event, payment::Now now) {
    auto step = payment::advance(state_, event, now, rules_);
    if (!step) {
        report(step.error(), event, now);
        return;
    }
    payment::State const before = state_;
    take(*std::move(step), now);
    watcher_.on_step(payment::name_of(event), before, state_);
}

void Controller::take(payment::Step step, payment::Now now) {
    state_ = std::move(step.state);
    auto const& effects = step.effects;
    for (auto effect = effects.begin(); effect != effects.end(); ++effect) {
        if (carry_out(*effect, now))
            continue;
        // The disk refused. A note that was to be stacked behind it waits for our word.
        bool const note_waits = std::any_of(effect, effects.end(), is_order_to_stack);
        pending_.clear();
        pending_.emplace_back(payment::JournalFailed{note_waits});
        return;
    }
}

bool Controller::carry_out(payment::Effect const& effect, payment::Now now) {
    return std::visit(
        Overloaded{
            [&](payment::Journal const& journal) { return write(journal.entry, now); },
            [&](payment::StackNote const&) {
                hands_.stack_note();
                return true;
            },
            [&](payment::ReturnNote const&) {
                hands_.return_note();
                return true;
            },
            [&](payment::AskAccount const& question) {
                hands_.ask_account(question);
                return true;
            },
            [&](payment::PrintReceipt const& receipt) {
                hands_.print(receipt);
                return true;
            },
            [&](payment::ClearPresenter const&) {
                hands_.clear_presenter();
                return true;
            },
        },
        effect);
}

bool Controller::write(payment::Entry const& entry, payment::Now now) {
    auto const appended = hands_.write(entry, now.wall);
    if (!appended) {
        watcher_.on_journal_error(appended.error());
        return false;
    }
    if (appended->sequence == 0)
        return true;
    if (std::holds_alternative<payment::PaymentRecorded>(entry))
        pending_.emplace_back(payment::RecordWritten{appended->sequence});
    pending_.emplace_back(hands_.unacknowledged());
    return true;
}

void Controller::report(payment::Fault fault, payment::Event const& event, payment::Now now) {
    auto const name = payment::name_of(event);
    watcher_.on_fault(fault, name, state_);
    if (now.steady - faults_since_ >= std::chrono::hours{1}) {
        faults_since_ = now.steady;
        faults_journalled_ = 0;
    }
    if (is_broken() || ++faults_journalled_ > faults_journalled_max)
        return;
    payment::FaultSeen seen{
        std::string{payment::name_of(fault)},
        std::string{payment::name_of(state_.phase)},
        std::string{name}};
    if (!write(seen, now))
        pending_.emplace_back(payment::JournalFailed{});
}

} // namespace kiosk::app
