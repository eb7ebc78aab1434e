#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// What Prometheus is told. Counters are added to where things happen, from any thread; gauges are
/// set when somebody asks.
namespace fleet::api {

class Metrics {
public:
    Metrics();
    Metrics(Metrics const&) = delete;
    Metrics& operator=(Metrics const&) = delete;
    ~Metrics();

    /// A batch of a kiosk is durable: so many new records, so long after it arrived.
    void intake_took(std::uint64_t new_records, std::chrono::microseconds duration);
    void commit_took(std::chrono::microseconds duration);
    void kiosk_refused(std::string_view reason);

    /// As read from the books at the moment of asking.
    struct Gauges {
        std::int64_t payments = 0;
        std::int64_t outbox_new = 0;
        std::int64_t outbox_sent = 0;
        std::int64_t outbox_unknown = 0;
        std::int64_t outbox_ok = 0;
        std::int64_t outbox_refused = 0;
        std::int64_t kiosks_connected = 0;
        std::int64_t imbalance_kopecks = 0; ///< Zero, or the books are wrong.
        std::int64_t writes_waiting = 0;
    };
    /// The exposition format, version 0.0.4.
    [[nodiscard]] std::string text(Gauges const& gauges);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace fleet::api
