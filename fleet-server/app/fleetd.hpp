#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fleet-server/app/config.hpp"
#include "fleet-server/store/time.hpp"

namespace spdlog {
class logger;
}

/// The fleet server put together: who owns what, which thread is whose, in which order things begin
/// and end. No rule about money stands here.
///
///   thread       owns
///   writer       the only writing connection to the database, Intake
///   ingress      Asio: kiosks' connections
///   gateways     the forwarder and its HTTP requests
///   registers    the cut of the collection day
///   api          httplib's own
namespace fleet::app {

class Fleetd {
public:
    /// Everything listens when it returns.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Fleetd>, protocol::Complaint> start(
        Config const& config, spdlog::logger& log);
    Fleetd(Fleetd const&) = delete;
    Fleetd& operator=(Fleetd const&) = delete;
    ~Fleetd(); ///< Takes no more, finishes what was taken, marks the books as cleanly closed.

    [[nodiscard]] std::uint16_t ingress_port() const;
    [[nodiscard]] std::uint16_t api_port() const;
    /// Why the process must end and start again: the disk failed under the books.
    [[nodiscard]] std::optional<std::string> failure() const;

private:
    struct State;
    explicit Fleetd(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace fleet::app
