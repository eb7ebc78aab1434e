#include "devices/printer/session.hpp"

#include <cassert>
#include <utility>

namespace devices::printer {

namespace {

using namespace std::chrono_literals;

constexpr auto reply_within = 200ms;    // TerminalClient's practice with these printers.
constexpr std::size_t attempts_max = 3; // A status lost thrice is a lost line.
constexpr auto xon_within = 60s;        // The longest that a VKP80 keeps its host waiting.
constexpr auto slowest_byte = 1100us;   // 9600 baud, 8N1, and a little.
constexpr auto poll_every = 100ms;
constexpr std::size_t motor_polls_max = 300;   // 30 s: a whole document at the slowest speed.
constexpr std::size_t cooling_polls_max = 600; // A minute for the head to cool down.
constexpr auto settle_after_initialise = 1s;   // After ESC @ (TerminalClient's practice).
constexpr auto settle_between_portions = 0ms;
constexpr auto settle_after_motion =
    300ms; // Until a cutter or presenter that was told to has begun.

protocol::Bytes bytes_of(std::span<std::uint8_t const> bytes) {
    return {bytes.begin(), bytes.end()};
}

void append(protocol::Bytes& bytes, std::span<std::uint8_t const> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

bool is_head_hot_only(std::vector<Fault> const& faults) {
    return faults.size() == 1 && faults[0] == Fault::HeadTemperature;
}

} // namespace

//  phase        status heard               then
//  Checking     fault                      NotPrinted
//               motor on                   asked again
//               ticket, or paper unclean   Clearing
//               clean                      Printing, first portion
//  Clearing     fault, ticket still there  NotPrinted
//               clean                      Printing, first portion
//  Printing     fault                      Unknown (a hot head is waited for)
//               well                       next portion, or Finishing
//  Finishing    motor off                  Presenting: cut, present
//  Presenting   motor off, ticket          Taking
//               motor off, no ticket       Taken
//  Taking       no ticket                  Taken
//               ticket, time over          Presented
//
//  line lost in Checking, Clearing: NotPrinted; Printing to Presenting: Unknown; Taking: Presented

Session::Session(Task task, Job job, SessionOptions options)
    : task_{task}, job_{std::move(job)}, options_{options} {
    assert(task_ != Task::Print || !job_.portions.empty());
}

Action Session::resume(Input const& input) {
    if (std::holds_alternative<Proceed>(input))
        return proceed();
    if (auto const* heard = std::get_if<Heard>(&input))
        return on_heard(*heard);
    return fail({Fault::LineLost});
}

Action Session::proceed() {
    if (auto const pause = std::exchange(pause_due_, 0ms); pause != 0ms)
        return Pause{pause};
    attempts_ = 0;
    return ask();
}

Action Session::on_heard(Heard const& heard) {
    if (heard.status)
        status_ = heard.status;
    bool const has_waited = std::exchange(is_waiting_for_xon_, false);
    if (heard.flow == Flow::Stopped) {
        if (has_waited)
            return fail({Fault::LineLost});
        is_waiting_for_xon_ = true;
        return AwaitXon{xon_within};
    }
    if (has_waited) {
        // What was heard before the wait is old news.
        attempts_ = 0;
        return ask();
    }
    return heard.status ? on_status(*heard.status) : on_silence();
}

Action Session::on_silence() {
    return attempts_ < attempts_max ? ask() : fail({Fault::LineLost});
}

Action Session::on_status(Status const& status) {
    switch (phase_) {
    case Phase::Checking: return check(status);
    case Phase::Clearing: return after_clearing(status);
    case Phase::Printing: return next_portion(status);
    case Phase::Finishing: return finish_printing(status);
    case Phase::Presenting: return after_presenting(status);
    case Phase::Taking: return await_taking(status);
    }
    assert(false && "every phase is in the switch");
    return fail({Fault::Electronics});
}

Action Session::check(Status const& status) {
    if (task_ == Task::Look)
        return finish(Outcome::NotPrinted, faults_of(status));
    if (auto faults = faults_of(status); !faults.empty())
        return finish(Outcome::NotPrinted, std::move(faults));
    if (status.motor_on)
        return poll_again(motor_polls_max, Fault::Electronics);
    if (status.ticket_in_output || !options_.is_paper_clean)
        return clear(options_.forgotten);
    return task_ == Task::Print ? start_printing() : finish(Outcome::NotPrinted, {});
}

Action Session::clear(Forgotten way) {
    phase_ = Phase::Clearing;
    polls_ = 0;
    protocol::Bytes bytes;
    if (!options_.is_paper_clean) {
        // Half a ticket may hang before the cutter since the power went. Cutting where nothing
        // hangs only moves the knife.
        append(bytes, initialise);
        append(bytes, cut);
    }
    has_ejected_ = way == Forgotten::Eject;
    append(bytes, has_ejected_ ? protocol::ByteView{eject} : protocol::ByteView{retract});
    return send(
        std::move(bytes), options_.is_paper_clean ? settle_after_motion : settle_after_initialise);
}

Action Session::after_clearing(Status const& status) {
    if (auto faults = faults_of(status); !faults.empty())
        return finish(Outcome::NotPrinted, std::move(faults));
    if (status.motor_on)
        return poll_again(motor_polls_max, Fault::PaperJam);
    options_.is_paper_clean = true;
    if (status.ticket_in_output) {
        // A model without a bin ignores "retract".
        return has_ejected_ ? finish(Outcome::NotPrinted, {Fault::PaperJam})
                            : clear(Forgotten::Eject);
    }
    return task_ == Task::Print ? start_printing() : finish(Outcome::NotPrinted, {});
}

Action Session::start_printing() {
    phase_ = Phase::Printing;
    options_.is_paper_clean = false;
    return send(std::move(job_.portions[portion_++]), settle_between_portions);
}

Action Session::next_portion(Status const& status) {
    if (auto faults = faults_of(status); !faults.empty())
        return fault_while_printing(std::move(faults));
    polls_ = 0;
    if (portion_ < job_.portions.size())
        return send(std::move(job_.portions[portion_++]), settle_between_portions);
    phase_ = Phase::Finishing;
    return finish_printing(status);
}

Action Session::finish_printing(Status const& status) {
    if (auto faults = faults_of(status); !faults.empty())
        return fault_while_printing(std::move(faults));
    if (status.motor_on)
        return poll_again(motor_polls_max, Fault::Electronics);
    phase_ = Phase::Presenting;
    polls_ = 0;
    protocol::Bytes bytes = bytes_of(cut);
    append(bytes, present);
    return send(std::move(bytes), settle_after_motion);
}

Action Session::after_presenting(Status const& status) {
    if (auto faults = faults_of(status); !faults.empty())
        return fault_while_printing(std::move(faults));
    if (status.motor_on)
        return poll_again(motor_polls_max, Fault::PaperJam);
    options_.is_paper_clean = true;
    phase_ = Phase::Taking;
    polls_ = 0;
    return await_taking(status);
}

Action Session::await_taking(Status const& status) {
    if (!status.ticket_in_output)
        return finish(Outcome::Taken, {});
    if (++polls_ * poll_every > options_.take_within)
        return finish(Outcome::Presented, {});
    return Pause{poll_every};
}

Action Session::send(protocol::Bytes bytes, milliseconds settle) {
    pause_due_ = settle;
    transmission_ = std::chrono::ceil<milliseconds>(slowest_byte * static_cast<int>(bytes.size()));
    return Send{std::move(bytes)};
}

Action Session::ask() {
    ++attempts_;
    // The question waits in the line behind what was sent before it.
    return Ask{bytes_of(ask_status), reply_within + std::exchange(transmission_, 0ms)};
}

Action Session::poll_again(std::size_t polls_max, Fault overdue) {
    if (++polls_ > polls_max)
        return fail({overdue});
    return Pause{poll_every};
}

Action Session::fault_while_printing(std::vector<Fault> faults) {
    // A hot head stops by itself and goes on by itself.
    if (is_head_hot_only(faults) && polls_ < cooling_polls_max)
        return poll_again(cooling_polls_max, Fault::HeadTemperature);
    return fail(std::move(faults));
}

Action Session::fail(std::vector<Fault> faults) {
    switch (phase_) {
    case Phase::Checking:
    case Phase::Clearing: return finish(Outcome::NotPrinted, std::move(faults));
    case Phase::Printing:
    case Phase::Finishing:
    case Phase::Presenting: return finish(Outcome::Unknown, std::move(faults));
    case Phase::Taking: return finish(Outcome::Presented, {}); // It was seen at the mouth.
    }
    assert(false && "every phase is in the switch");
    return finish(Outcome::Unknown, std::move(faults));
}

Action Session::finish(Outcome outcome, std::vector<Fault> faults) {
    return Finished{{outcome, std::move(faults)}, status_, options_.is_paper_clean};
}

} // namespace devices::printer
