#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "devices/bench/child.hpp"
#include "devices/bench/config.hpp"
#include "devices/bench/kiosk_config.hpp"
#include "devices/bench/link_switch.hpp"
#include "devices/bill-validator/simulator.hpp"
#include "devices/line/pty_pair.hpp"
#include "devices/printer/simulator.hpp"
#include "devices/scanner/simulator.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// A kiosk's housing: simulated devices that keep their power, a cable to the fleet server, and
/// kioskd, which does not. Everything happens on one executor, on one thread.
class VirtualKiosk {
public:
    [[nodiscard]] static protocol::Result<std::unique_ptr<VirtualKiosk>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor, Config const& config);

    /// Brings the simulators and the link switch to life.
    void start();
    /// Ends kioskd: asks, waits, kills.
    boost::asio::awaitable<void> stop();

    /// Off is a power cut: SIGKILL. On starts kioskd when it does not run.
    [[nodiscard]] protocol::Result<void, protocol::Complaint> power(bool is_on);
    /// pid 0 when it does not run.
    [[nodiscard]] pid_t kiosk_pid();
    [[nodiscard]] std::optional<Ending> kiosk_ending() const;
    /// Over the control socket.
    [[nodiscard]] boost::asio::awaitable<protocol::Result<nlohmann::json, std::string>> ask(
        nlohmann::json question);

    [[nodiscard]] LinkSwitch& link() { return *link_; }
    [[nodiscard]] printer::Simulator& printer() { return printer_; }
    [[nodiscard]] bill_validator::Simulator& validator() { return validator_; }
    [[nodiscard]] scanner::Simulator& scanner() { return scanner_; }

private:
    struct Lines {
        std::unique_ptr<PtyPair> validator;
        std::unique_ptr<PtyPair> printer;
        std::unique_ptr<PtyPair> scanner;
    };

    VirtualKiosk(
        boost::asio::any_io_executor executor, Config config, Lines lines,
        std::unique_ptr<LinkSwitch> link, KioskConfig kiosk_config);

    boost::asio::any_io_executor executor_;
    Config config_;
    Lines lines_;
    std::unique_ptr<LinkSwitch> link_;
    KioskConfig kiosk_config_;
    printer::Simulator printer_;
    bill_validator::Simulator validator_;
    scanner::Simulator scanner_;
    std::unique_ptr<Child> kiosk_;
    std::optional<Ending> last_ending_;
};

} // namespace devices::bench
