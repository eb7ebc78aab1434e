#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "devices/printer/escpos.hpp"
#include "devices/printer/printer.hpp"
#include "devices/printer/status.hpp"

/// The kiosk's side of a dialogue with a VKP80II, without a line, a clock or a thread. The driver
/// asks what to do next and reports how it went.
///
/// ESC/POS has no job numbers: what is known of a ticket is what was seen. Before the first byte of
/// a document a loss means "nothing came out"; after it, "nobody knows".
namespace devices::printer {

using std::chrono::milliseconds;

/// What becomes of a ticket that its customer has left in the mouth.
enum class Forgotten : std::uint8_t {
    Retract, ///< Back into the bin; pushed out when there is none.
    Eject,
};

// What the driver is asked to do.
struct Send {
    protocol::Bytes bytes;
};
struct Ask {
    protocol::Bytes question;
    milliseconds within;
};
/// The printer sent XOFF: nothing may be sent until XON.
struct AwaitXon {
    milliseconds within;
};
struct Pause {
    milliseconds duration;
};
struct Finished {
    PrintResult result;
    std::optional<Status> status; ///< The last that was heard.
    bool is_paper_clean;          ///< No piece of a ticket is left before the cutter.
};
using Action = std::variant<Send, Ask, AwaitXon, Pause, Finished>;

// How it went.
struct Proceed {}; ///< The first call, and after Send and Pause.
/// After Ask and AwaitXon.
struct Heard {
    std::optional<Status> status;
    Flow flow;
};
struct LineFailed {};
using Input = std::variant<Proceed, Heard, LineFailed>;

struct SessionOptions {
    Forgotten forgotten = Forgotten::Retract;
    /// How long the customer is waited for before the ticket counts as presented only.
    milliseconds take_within{5000};
    /// Whether the last session left the paper clean. Unknown after a start: false.
    bool is_paper_clean = false;
};

enum class Task : std::uint8_t { Print, ClearPresenter, Look };

/// One document, or one look at the printer, from the first question to Finished.
class Session {
public:
    /// `job` is printed when the task is Print, and must not be empty then.
    Session(Task task, Job job, SessionOptions options);

    [[nodiscard]] Action resume(Input const& input);

private:
    enum class Phase : std::uint8_t {
        Checking,   ///< Nothing was sent.
        Clearing,   ///< A forgotten or torn ticket goes away.
        Printing,   ///< Portions go out.
        Finishing,  ///< All is sent; the motor runs.
        Presenting, ///< Cut and shown.
        Taking,     ///< At the mouth.
    };

    Action proceed();
    Action on_heard(Heard const& heard);
    Action on_silence();
    Action on_status(Status const& status);
    Action check(Status const& status);
    Action clear(Forgotten way);
    Action after_clearing(Status const& status);
    Action start_printing();
    Action next_portion(Status const& status);
    Action finish_printing(Status const& status);
    Action after_presenting(Status const& status);
    Action await_taking(Status const& status);

    Action send(protocol::Bytes bytes, milliseconds settle);
    Action ask();
    Action poll_again(std::size_t polls_max, Fault overdue);
    Action fault_while_printing(std::vector<Fault> faults);
    Action fail(std::vector<Fault> faults);
    Action finish(Outcome outcome, std::vector<Fault> faults);

    Task task_;
    Job job_;
    SessionOptions options_;
    Phase phase_{Phase::Checking};
    std::size_t portion_{0};
    bool has_ejected_{false};
    bool is_waiting_for_xon_{false};
    std::size_t attempts_{0};
    std::size_t polls_{0};
    milliseconds pause_due_{0};
    milliseconds transmission_{0};
    std::optional<Status> status_;
};

} // namespace devices::printer
