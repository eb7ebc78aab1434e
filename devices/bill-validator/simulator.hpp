#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <vector>

#include "devices/bill-validator/simulated_validator.hpp"
#include "devices/line/line.hpp"

namespace devices::bill_validator {

/// A simulated validator at the device's end of a line. Everything happens on `executor`; the
/// public calls may come from any thread. `line` and the simulator outlive the executor's work.
class Simulator {
public:
    Simulator(boost::asio::any_io_executor executor, Line& line, SimulatorSettings settings = {});

    /// Answers the line until it ends or is cancelled.
    boost::asio::awaitable<void> run();

    /// Runs `action` on the executor with the validator and its present time: faults, obstacles,
    /// counts. The validator is not to be kept.
    void use(std::function<void(SimulatedValidator&, TimePoint)> action);

    /// Inserts one note. `on_outcome` is called once on the executor when it is known what became
    /// of it; with NotTaken at once when the mouth was closed.
    void insert_note(Money value, std::function<void(Insertion)> on_outcome);

private:
    struct Waiting {
        std::size_t note;
        std::function<void(Insertion)> on_outcome;
    };

    void tell_outcomes();

    boost::asio::any_io_executor executor_;
    Line& line_;
    SimulatedValidator validator_;
    std::vector<Waiting> waiting_;
};

} // namespace devices::bill_validator
