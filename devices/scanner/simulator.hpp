#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>

#include "devices/line/line.hpp"
#include "protocol/base/bytes.hpp"

namespace devices::scanner {

enum class Suffix : std::uint8_t { None, Cr, Lf, CrLf };

/// When the scanner looks for codes.
enum class Mode : std::uint8_t {
    Presentation, ///< Always: what is shown is sent at once.
    Triggered,    ///< Between trigger on and off; one code, then it is off by itself.
};

struct SimulatorSettings {
    Suffix suffix = Suffix::Cr;
    Mode mode = Mode::Presentation;
    bool sends_aim_identifier = false; ///< "]Q1" before each code.
    /// A scanner at 9600 baud delivers in portions with gaps; 0: all at once.
    std::size_t portion_size = 0;
    std::chrono::milliseconds portion_gap{5};
};

/// A simulated 2-D scanner at the device's end of a line. Everything happens on `executor`; `show`
/// may come from any thread. `line` and the simulator outlive the executor's work.
class Simulator {
public:
    Simulator(boost::asio::any_io_executor executor, Line& line, SimulatorSettings settings = {})
        : executor_{std::move(executor)}, line_{line}, settings_{settings} {}

    /// Answers the line until it ends or is cancelled.
    boost::asio::awaitable<void> run();

    /// Holds a code before the scanner: its raw bytes. When more codes are shown than it has sent,
    /// it sends them one after the other.
    void show(protocol::Bytes code);

private:
    void hear(protocol::ByteView bytes);
    boost::asio::awaitable<LineResult<void>> send(protocol::Bytes code);
    [[nodiscard]] protocol::Bytes dressed(protocol::Bytes const& code) const;

    boost::asio::any_io_executor executor_;
    Line& line_;
    SimulatorSettings settings_;
    std::deque<protocol::Bytes> shown_;
    protocol::Bytes heard_;
    bool is_triggered_{false};
};

} // namespace devices::scanner
