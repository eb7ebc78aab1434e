#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fleet-server/gateways/osmp/simulator_books.hpp"

/// A provider's end of the OSMP protocol with every bad habit, on HTTP:
///   GET, POST /osmp      the protocol; `check` finds every account
///   GET /payments        [{"txn_id","account","sum","accepted","requests","spellings"}]
///   GET, POST /behaviour {"next":["timeout_after_accept","slow:3000",...]}, one per `pay`
namespace fleet::gateways::osmp {

struct SimulatorOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        ///< 0: any free one.
    std::filesystem::path state{}; ///< Empty: forgets everything when it stops.
    /// After which an unanswered connection is cut: the protocol's 60 s.
    std::chrono::milliseconds deadline{60'000};
};

class Simulator {
public:
    [[nodiscard]] static protocol::Result<std::unique_ptr<Simulator>, protocol::Complaint> start(
        SimulatorOptions const& options);
    Simulator(Simulator const&) = delete;
    Simulator& operator=(Simulator const&) = delete;
    ~Simulator(); ///< Cuts what is under way.

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const; ///< "http://127.0.0.1:8070/osmp"
    void plan(std::vector<Behaviour> next);
    [[nodiscard]] std::vector<SimulatedPayment> payments() const;

private:
    struct State;
    explicit Simulator(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace fleet::gateways::osmp
