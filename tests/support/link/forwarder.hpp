#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace tests {

/// A TCP line between a kiosk and its server that a test can cut: at once, or after so many bytes,
/// in the middle of whatever is under way.
class Forwarder {
public:
    explicit Forwarder(std::uint16_t target);
    ~Forwarder();
    Forwarder(Forwarder const&) = delete;
    Forwarder& operator=(Forwarder const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What passes, counted both ways, until each connection is cut; 0 never cuts.
    void cut_each_after(std::uint64_t bytes) { cut_after_ = bytes; }
    /// Down: nothing passes and nobody is let in.
    void set_up(bool is_up);
    [[nodiscard]] unsigned cuts() const { return cuts_; }
    [[nodiscard]] unsigned connections() const { return connections_; }

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
    std::uint16_t port_ = 0;
    std::atomic<std::uint64_t> cut_after_ = 0;
    std::atomic<unsigned> cuts_ = 0;
    std::atomic<unsigned> connections_ = 0;
    std::thread thread_;
};

} // namespace tests
