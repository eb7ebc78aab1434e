#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/printer/escpos_reader.hpp"
#include "devices/printer/status.hpp"
#include "devices/printer/ticket.hpp"
#include "protocol/base/bytes.hpp"

/// A Custom VKP80II without metal: bytes in, paper and status bytes out. No clock of its own.
namespace devices::printer {

struct SimulatorOptions {
    /// One row of dots at the printer's 200 mm/s.
    std::chrono::microseconds row_time{625};
    std::chrono::milliseconds cut_time{150};
    std::chrono::milliseconds present_time{250};
    bool has_bin = true;
    std::size_t buffer_size = 16384;
};

enum class SimulatedFault : std::uint8_t {
    None, ///< The technician has been there: everything works again.
    NoPaper,
    NearEnd,
    CoverOpen,
    Jam,
    Cutter, ///< Shows when it is to cut.
    HeadHot,
    Xoff,       ///< The printer asks to wait, for `lasting`.
    LostStatus, ///< Questions stay unanswered, for `lasting`.
    PowerCut,   ///< No power, for `lasting`. What is printed stays printed; the rest is forgotten.
};
[[nodiscard]] std::optional<SimulatedFault> fault_named(std::string_view name);
[[nodiscard]] std::string_view name_of(SimulatedFault fault);

struct FaultOrder {
    SimulatedFault fault = SimulatedFault::None;
    /// Strikes when so many lines of the ticket in work are printed; 0: now.
    std::size_t after_lines = 0;
    std::chrono::milliseconds lasting{3000};
};

class Simulator {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Simulator(SimulatorOptions options = {}) : options_{options} {}

    /// Bytes from the host. Answers what the printer sends back.
    [[nodiscard]] protocol::Bytes receive(protocol::ByteView bytes, TimePoint now);
    /// Time passes. Answers what the printer sends on its own account: XON and XOFF.
    [[nodiscard]] protocol::Bytes tick(TimePoint now);

    void strike(FaultOrder order, TimePoint now);
    /// A hand takes the ticket at the mouth. False when there is none.
    bool take_ticket();

    /// All tickets cut since the beginning, oldest first.
    [[nodiscard]] std::vector<Ticket> const& tickets() const { return tickets_; }
    /// What hangs before the cutter.
    [[nodiscard]] std::vector<Printed> const& strip() const { return strip_; }
    [[nodiscard]] std::vector<SimulatedFault> faults() const;
    [[nodiscard]] Status status(TimePoint now) const;
    [[nodiscard]] bool has_power() const { return !power_back_; }
    /// Bytes that came while the buffer was full, and are lost.
    [[nodiscard]] std::size_t overrun() const { return overrun_; }

private:
    struct Queued {
        escpos::Command command;
        std::size_t size;
    };
    struct Style {
        std::uint8_t align = 0;
        bool is_bold = false;
        bool is_double = false;
        bool is_narrow = false;
        std::uint8_t code_page = 0;
    };

    void answer(escpos::AskStatus const& question, TimePoint now);
    void work(TimePoint now);
    [[nodiscard]] bool is_halted() const;
    void begin_fault(SimulatedFault fault, std::chrono::milliseconds lasting, TimePoint now);
    void end_faults(TimePoint now);
    void lose_power(TimePoint back);
    void strike_if_due();
    void control_flow();

    std::chrono::microseconds execute(escpos::Command const& command);
    std::chrono::microseconds forget_settings();
    std::chrono::microseconds reply(std::uint8_t byte);
    std::chrono::microseconds print_line();
    std::chrono::microseconds print_character(std::uint8_t byte);
    std::chrono::microseconds print_dots(escpos::RasterRow const& row);
    std::chrono::microseconds feed(std::size_t dots);
    std::chrono::microseconds cut_strip();
    std::chrono::microseconds move_ticket(Whereabouts to);
    Ticket* ticket_at(Whereabouts place);

    SimulatorOptions options_;
    escpos::Reader reader_;
    std::size_t reading_{0}; ///< Bytes of the command that is being read.
    std::deque<Queued> queue_;
    std::size_t queued_size_{0};
    std::size_t overrun_{0};
    TimePoint free_at_{};
    TimePoint now_{};
    Style style_;
    std::string line_; ///< Characters not printed yet, in the code page.
    std::size_t lines_printed_{0};
    std::vector<Printed> strip_;
    std::vector<Ticket> tickets_;
    protocol::Bytes replies_;
    bool is_xoff_sent_{false};

    bool no_paper_{false};
    bool near_end_{false};
    bool cover_open_{false};
    bool jam_{false};
    bool cutter_armed_{false};
    bool cutter_failed_{false};
    bool head_hot_{false};
    std::optional<TimePoint> xoff_until_;
    std::optional<TimePoint> silent_until_;
    std::optional<TimePoint> power_back_;
    std::optional<FaultOrder> pending_;
};

} // namespace devices::printer
