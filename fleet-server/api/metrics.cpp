#include "fleet-server/api/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace fleet::api {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

constexpr double microseconds_in_ms = 1'000;

// From an fsync of a good disk to the five seconds after which a kiosk doubts its link.
Histogram::BucketBoundaries const& bounds_ms() {
    static Histogram::BucketBoundaries const bounds{
        0.1, 0.3, 1, 3, 10, 30, 100, 300, 1'000, 3'000, 10'000};
    return bounds;
}

double as_ms(std::chrono::microseconds duration) {
    return static_cast<double>(duration.count()) / microseconds_in_ms;
}

} // namespace

struct Metrics::State {
    std::mutex asking; // Two that ask at once must not both add the same payments.
    prometheus::Registry registry;
    prometheus::Counter& records = BuildCounter()
                                       .Name("fleet_records_accepted_total")
                                       .Help("Records of kiosks that this process made durable.")
                                       .Register(registry)
                                       .Add({});
    prometheus::Counter& payments = BuildCounter()
                                        .Name("fleet_payments_total")
                                        .Help("Payments in the books, of all time.")
                                        .Register(registry)
                                        .Add({});
    prometheus::Histogram& intake =
        BuildHistogram()
            .Name("fleet_intake_ms")
            .Help("From a batch's arrival to its being durable, milliseconds.")
            .Register(registry)
            .Add({}, bounds_ms());
    prometheus::Histogram& commit = BuildHistogram()
                                        .Name("fleet_commit_ms")
                                        .Help("One group commit, fsync included, milliseconds.")
                                        .Register(registry)
                                        .Add({}, bounds_ms());
    prometheus::Family<prometheus::Counter>& refusals =
        BuildCounter()
            .Name("fleet_kiosk_refusals_total")
            .Help("Kiosks' messages that were refused, by reason.")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& outbox =
        BuildGauge().Name("fleet_outbox").Help("Forwardings by state.").Register(registry);
    prometheus::Gauge& connected = BuildGauge()
                                       .Name("fleet_kiosks_connected")
                                       .Help("Kiosks whose link is up.")
                                       .Register(registry)
                                       .Add({});
    prometheus::Gauge& imbalance = BuildGauge()
                                       .Name("fleet_ledger_imbalance_kopecks")
                                       .Help("Debits less credits. Zero, or the books are wrong.")
                                       .Register(registry)
                                       .Add({});
    prometheus::Gauge& waiting = BuildGauge()
                                     .Name("fleet_writes_waiting")
                                     .Help("Jobs before the writer.")
                                     .Register(registry)
                                     .Add({});
};

Metrics::Metrics() : state_{std::make_unique<State>()} {}
Metrics::~Metrics() = default;

void Metrics::intake_took(std::uint64_t new_records, std::chrono::microseconds duration) {
    state_->records.Increment(static_cast<double>(new_records));
    state_->intake.Observe(as_ms(duration));
}

void Metrics::commit_took(std::chrono::microseconds duration) {
    state_->commit.Observe(as_ms(duration));
}

void Metrics::kiosk_refused(std::string_view reason) {
    state_->refusals.Add({{"reason", std::string{reason}}}).Increment();
}

std::string Metrics::text(Gauges const& gauges) {
    std::lock_guard const lock{state_->asking};
    auto const set = [](prometheus::Gauge& gauge, std::int64_t value) {
        gauge.Set(static_cast<double>(value));
    };
    auto const state = [&](char const* name) -> prometheus::Gauge& {
        return state_->outbox.Add({{"state", name}});
    };
    set(state("new"), gauges.outbox_new);
    set(state("sent"), gauges.outbox_sent);
    set(state("unknown"), gauges.outbox_unknown);
    set(state("ok"), gauges.outbox_ok);
    set(state("refused"), gauges.outbox_refused);
    set(state_->connected, gauges.kiosks_connected);
    set(state_->imbalance, gauges.imbalance_kopecks);
    set(state_->waiting, gauges.writes_waiting);
    // A counter that comes from the books goes on where the last process ended.
    double const more = static_cast<double>(gauges.payments) - state_->payments.Value();
    if (more > 0)
        state_->payments.Increment(more);
    return prometheus::TextSerializer{}.Serialize(state_->registry.Collect());
}

} // namespace fleet::api
