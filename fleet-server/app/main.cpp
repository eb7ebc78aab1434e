// fleetd: see docs/interfaces.md.

#include <csignal>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "fleet-server/app/config.hpp"
#include "fleet-server/app/fleetd.hpp"
#include "fleet-server/app/state_folder.hpp"
#include "fleet-server/app/zone.hpp"

namespace {

using fleet::app::Config;
using protocol::Complaint;

// docs/interfaces.md: exit codes of every program.
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr int exit_config = 3;
constexpr int exit_unavailable = 4;

struct Options {
    std::string config_file;
    bool only_check = false;
};

int complain(Complaint const& complaint, int code) {
    std::cerr << to_string(complaint) << '\n';
    return code;
}

protocol::Result<Config, Complaint> load(std::string const& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream)
        return protocol::fail(Complaint{
            file, "the configuration cannot be read", "name an existing file with --config"});
    std::string const text{std::istreambuf_iterator<char>{stream}, {}};
    return fleet::app::read_config(text, file);
}

int init(Config const& config) {
    auto const now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    auto const made = fleet::app::initialise(config, now);
    if (!made)
        return complain(made.error(), exit_unavailable);
    for (std::string const& line : *made)
        std::cout << "made " << line << '\n';
    if (made->empty())
        std::cout << "everything is there already\n";
    return 0;
}

std::shared_ptr<spdlog::logger> open_log() {
    auto log = spdlog::stderr_logger_mt("fleetd");
    log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    log->flush_on(spdlog::level::info);
    spdlog::set_default_logger(log);
    return log;
}

int serve(Config const& config) {
    // Blocked before any thread is made, so that all of them leave the signals to this one.
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    auto const log = open_log();
    auto fleetd = fleet::app::Fleetd::start(config, *log);
    if (!fleetd)
        return complain(fleetd.error(), exit_unavailable);
    timespec const a_moment{.tv_sec = 0, .tv_nsec = 500'000'000};
    while (sigtimedwait(&stops, nullptr, &a_moment) < 0) {
        if (auto const failure = (*fleetd)->failure()) {
            log->critical("fleetd.ends detail=\"{}\"", *failure);
            return exit_failed;
        }
    }
    log->info("fleetd.stopping");
    fleetd->reset();
    log->info("fleetd.stopped");
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"The fleet server: takes kiosks' payments into the books and tells providers."};
    app.name("fleetd");
    app.set_version_flag("--version", "fleetd " KIOSK_VERSION);
    app.add_option("--config", options.config_file, "Configuration file (TOML)")->required();
    app.add_flag("--check-config", options.only_check, "Read the configuration and stop");
    CLI::App* const init_command = app.add_subcommand(
        "init", "Make the state folder, the authority, the server's certificate and the token");
    app.footer(
        "Exit codes: 0 done, 1 failed while running, 2 wrong command line,\n"
        "3 wrong configuration, 4 a file or port that it needs cannot be opened.");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    auto const config = load(options.config_file);
    if (!config)
        return complain(config.error(), exit_config);
    if (options.only_check)
        return 0;
    fleet::app::choose_time_zone(config->time_zone);
    return init_command->parsed() ? init(*config) : serve(*config);
}
