// providersim: see docs/interfaces.md.

#include <csignal>

#include <CLI/CLI.hpp>
#include <iostream>

#include "fleet-server/gateways/osmp/simulator.hpp"

namespace {

constexpr int exit_port = 4; // docs/interfaces.md: a file or port that it needs cannot be opened.
constexpr int exit_usage = 2;

} // namespace

int main(int argc, char** argv) {
    fleet::gateways::osmp::SimulatorOptions options;
    options.port = 8070;
    std::uint32_t deadline_ms = 60'000;
    CLI::App app{"A payment provider that answers OSMP check and pay, with every bad habit."};
    app.name("providersim");
    app.set_version_flag("--version", "providersim " KIOSK_VERSION);
    app.add_option("--address", options.address, "Where to listen")->capture_default_str();
    app.add_option("--port", options.port, "Port to listen on; 0: any free one")
        ->capture_default_str();
    app.add_option("--state", options.state, "File that keeps payments and behaviours over a kill");
    app.add_option("--deadline-ms", deadline_ms, "When an unanswered connection is cut")
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    options.deadline = std::chrono::milliseconds{deadline_ms};

    // Blocked before any thread is made, so that all of them leave the signal to sigwait below.
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);

    auto const simulator = fleet::gateways::osmp::Simulator::start(options);
    if (!simulator) {
        std::cerr << "providersim: " << to_string(simulator.error()) << '\n';
        return exit_port;
    }
    std::cout << "providersim: " << (*simulator)->url() << std::endl;
    int signal = 0;
    sigwait(&stops, &signal);
    return 0;
}
