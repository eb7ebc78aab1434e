// Payments accepted durably by a running fleetd over TLS, from many kiosks in one process.
//
//   intake_bench drain  DIR KIOSKS PAYMENTS   every kiosk has its share queued; time to the last
//   ack intake_bench steady DIR KIOSKS PAYMENTS   every kiosk sends one and waits for its ack
//
// DIR holds the enrolments kiosk-1, kiosk-2, … and the file `port`. Prints one JSON object.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "kiosk/link/client.hpp"
#include "tests/bench/bench_kiosk.hpp"

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using tests::bench::BenchListener;
using tests::bench::PreparedRecords;

namespace {

constexpr std::uint32_t provider = 1;
// A run that takes longer has no figure.
constexpr auto run_within = std::chrono::minutes{5};

struct Kiosk {
    PreparedRecords records;
    BenchListener listener;
    std::unique_ptr<kiosk::link::Client> client;
    std::uint64_t wanted = 0;
    std::uint64_t acknowledged = 0;
    bool is_up = false;
    Clock::time_point sent_at;
};

class Bench {
public:
    Bench(bool is_steady, std::filesystem::path folder, std::size_t kiosks, std::uint64_t payments)
        : is_steady_{is_steady}, folder_{std::move(folder)}, wanted_{payments} {
        for (std::size_t index = 0; index < kiosks; ++index) {
            kiosks_.push_back(std::make_unique<Kiosk>());
            kiosks_.back()->wanted = payments / kiosks;
        }
        wanted_ = payments / kiosks * kiosks;
    }

    int run(spdlog::logger& log) {
        for (std::size_t index = 0; index < kiosks_.size(); ++index)
            if (!open(*kiosks_[index], index + 1, log))
                return EXIT_FAILURE;
        io_.run_for(run_within);
        if (acknowledged_ != wanted_) {
            std::fprintf(
                stderr,
                "only %llu of %llu payments were acknowledged\n",
                static_cast<unsigned long long>(acknowledged_),
                static_cast<unsigned long long>(wanted_));
            return EXIT_FAILURE;
        }
        report();
        return EXIT_SUCCESS;
    }

private:
    bool open(Kiosk& kiosk, std::size_t number, spdlog::logger& log) {
        auto const enrolment = folder_ / ("kiosk-" + std::to_string(number));
        unsigned port = 0;
        std::ifstream{folder_ / "port"} >> port;
        kiosk::link::ClientOptions options;
        options.server = "127.0.0.1";
        options.port = static_cast<std::uint16_t>(port);
        options.server_name = "localhost";
        options.authority = enrolment / "ca.pem";
        options.certificate = enrolment / "kiosk.pem";
        options.key = enrolment / "kiosk.key";
        options.software = "intake_bench";
        kiosk.listener.link = [this, &kiosk](bool is_up) { on_link(kiosk, is_up); };
        kiosk.listener.acknowledged = [this, &kiosk](std::uint64_t sequence) {
            on_acknowledged(kiosk, sequence);
        };
        kiosk.listener.refused = [this](std::string const& why) {
            std::fprintf(stderr, "refused: %s\n", why.c_str());
            io_.stop();
        };
        auto client = kiosk::link::Client::open(
            io_.get_executor(), options, kiosk.records, kiosk.listener, log);
        if (!client) {
            std::fprintf(stderr, "%s\n", to_string(client.error()).c_str());
            return false;
        }
        kiosk.client = std::move(*client);
        asio::co_spawn(io_, kiosk.client->run(), [](std::exception_ptr const& error) {
            if (error)
                std::rethrow_exception(error);
        });
        return true;
    }

    // The clock starts when every kiosk has been welcomed: handshakes are another figure.
    void on_link(Kiosk& kiosk, bool is_up) {
        if (!is_up || kiosk.is_up)
            return;
        kiosk.is_up = true;
        if (++up_ < kiosks_.size())
            return;
        started_at_ = Clock::now();
        for (auto const& each : kiosks_)
            feed(*each);
    }

    void feed(Kiosk& kiosk) {
        std::uint64_t const count = is_steady_ ? 1 : kiosk.wanted;
        for (std::uint64_t index = 0; index < count; ++index)
            kiosk.records.add(provider);
        kiosk.sent_at = Clock::now();
        kiosk.client->records_added();
    }

    void on_acknowledged(Kiosk& kiosk, std::uint64_t sequence) {
        acknowledged_ += sequence - kiosk.acknowledged;
        kiosk.acknowledged = sequence;
        if (is_steady_) {
            latencies_.push_back(Clock::now() - kiosk.sent_at);
            if (sequence < kiosk.wanted)
                feed(kiosk);
        }
        if (acknowledged_ == wanted_) {
            ended_at_ = Clock::now();
            io_.stop();
        }
    }

    [[nodiscard]] double latency_ms(double share) {
        if (latencies_.empty())
            return 0;
        auto const at =
            static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1));
        std::ranges::nth_element(latencies_, latencies_.begin() + static_cast<std::ptrdiff_t>(at));
        return std::chrono::duration<double, std::milli>{latencies_[at]}.count();
    }

    void report() {
        std::chrono::duration<double> const took = ended_at_ - started_at_;
        std::printf(
            "{\"kiosks\": %zu, \"payments\": %llu, \"seconds\": %.3f, \"ack_ms_p50\": %.3f, "
            "\"ack_ms_p99\": %.3f}\n",
            kiosks_.size(),
            static_cast<unsigned long long>(acknowledged_),
            took.count(),
            latency_ms(0.5),
            latency_ms(0.99));
    }

    bool is_steady_;
    std::filesystem::path folder_;
    std::uint64_t wanted_;
    asio::io_context io_{1};
    std::vector<std::unique_ptr<Kiosk>> kiosks_;
    std::size_t up_ = 0;
    std::uint64_t acknowledged_ = 0;
    std::vector<Clock::duration> latencies_;
    Clock::time_point started_at_;
    Clock::time_point ended_at_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: intake_bench drain|steady DIR KIOSKS PAYMENTS\n");
        return 2;
    }
    spdlog::logger log{"bench", std::make_shared<spdlog::sinks::stderr_sink_st>()};
    log.set_level(spdlog::level::err);
    bool const is_steady = std::string{argv[1]} == "steady";
    Bench bench{
        is_steady,
        argv[2],
        std::strtoul(argv[3], nullptr, 10),
        std::strtoull(argv[4], nullptr, 10)};
    return bench.run(log);
}
