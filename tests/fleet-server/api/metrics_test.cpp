#include "fleet-server/api/metrics.hpp"

#include <doctest/doctest.h>

using fleet::api::Metrics;
using namespace std::chrono_literals;

TEST_SUITE("metrics") {
    TEST_CASE("durations fall into their buckets, records are counted") {
        Metrics metrics;
        metrics.intake_took(3, 2ms);
        metrics.intake_took(0, 500us);
        metrics.commit_took(200us);
        metrics.kiosk_refused("FORKED");
        auto const text = metrics.text({});
        for (auto const* line :
             {"fleet_records_accepted_total 3",
              "fleet_intake_ms_bucket{le=\"1\"} 1",
              "fleet_intake_ms_bucket{le=\"3\"} 2",
              "fleet_intake_ms_count 2",
              "fleet_commit_ms_bucket{le=\"0.3\"} 1",
              "fleet_kiosk_refusals_total{reason=\"FORKED\"} 1"})
            CHECK_MESSAGE(text.find(line) != std::string::npos, line << " in " << text);
    }

    TEST_CASE("the counter of payments follows the books and never goes back") {
        Metrics metrics;
        Metrics::Gauges gauges;
        gauges.payments = 7;
        CHECK(metrics.text(gauges).find("fleet_payments_total 7") != std::string::npos);
        gauges.payments = 5;
        CHECK(metrics.text(gauges).find("fleet_payments_total 7") != std::string::npos);
        gauges.payments = 9;
        CHECK(metrics.text(gauges).find("fleet_payments_total 9") != std::string::npos);
    }
}
