#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fleet-server/gateways/osmp/request.hpp"
#include "fleet-server/gateways/osmp/simulator_behaviour.hpp"
#include "protocol/base/complaint.hpp"

/// What a simulated provider remembers. One line of a file per event, on disk before the answer
/// leaves, so that SIGKILL at any moment loses nothing that was answered.
namespace fleet::gateways::osmp {

struct SimulatedPayment {
    std::string txn_id;
    std::string account;
    Money sum = protocol::rub(0);
    std::string provider_txn;        ///< Empty until money was credited.
    std::uint32_t accepted = 0;      ///< How often money was credited.
    std::uint32_t requests = 0;      ///< How many `pay` came.
    std::set<std::string> spellings; ///< Different queries among them; one, if repeats are repeats.
};

/// What became of one `pay`, and how to say it.
struct PayOutcome {
    std::int32_t result = 0;
    std::string provider_txn;
    std::string comment;
    Behaviour behaviour;
};

class SimulatorBooks {
public:
    /// An empty path: nothing is kept. A last line that was torn by a power cut is dropped.
    [[nodiscard]] static protocol::Result<SimulatorBooks, protocol::Complaint> open(
        std::filesystem::path const& file);
    SimulatorBooks(SimulatorBooks&& other) noexcept;
    SimulatorBooks& operator=(SimulatorBooks&&) = delete;
    ~SimulatorBooks();

    /// Replaces what is planned for the next `pay` requests. Durable when it returns.
    void plan(std::vector<Behaviour> next);
    /// Takes the next behaviour, credits or not, and is durable when it returns. A transaction that
    /// was credited before is answered with its first number and never credited again.
    [[nodiscard]] PayOutcome pay(Request const& request, std::string const& query);

    [[nodiscard]] std::vector<SimulatedPayment> payments() const; ///< In order of arrival.
    [[nodiscard]] std::vector<Behaviour> planned() const;

private:
    explicit SimulatorBooks(int file) : file_{file} {}
    [[nodiscard]] protocol::Result<void, std::string> replay(std::string const& line);
    [[nodiscard]] PayOutcome apply(Request const& request, std::string const& query);
    void append(std::string line);

    int file_ = -1;
    std::map<std::string, SimulatedPayment> payments_;
    std::vector<std::string> order_;
    std::deque<Behaviour> planned_;
    std::uint64_t last_number_ = 1'000;
};

} // namespace fleet::gateways::osmp
