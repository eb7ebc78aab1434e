// devsim: the program.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "devices/bench/config.hpp"
#include "devices/bench/kiosk_config.hpp"
#include "devices/bench/server.hpp"
#include "devices/bench/virtual_kiosk.hpp"

namespace {

namespace asio = boost::asio;
namespace bench = devices::bench;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;
constexpr int exit_config = 3;
constexpr int exit_cannot_open = 4;

int complain(protocol::Complaint const& complaint, int exit_code) {
    std::cerr << "devsim: " << to_string(complaint) << '\n';
    return exit_code;
}

std::filesystem::path own_folder() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

asio::awaitable<void> live(
    asio::io_context& io, bench::VirtualKiosk& kiosk, bench::Server& server) {
    asio::signal_set signals{io, SIGTERM, SIGINT};
    int const number = co_await signals.async_wait(asio::use_awaitable);
    spdlog::info("bench.ending signal={}", number);
    server.stop();
    co_await kiosk.stop();
    io.stop();
}

int run(bench::Config const& config) {
    // The thread that starts kioskd must live as long as devsim: it is this one.
    asio::io_context io{1};
    auto const kiosk = bench::VirtualKiosk::open(io.get_executor(), config);
    if (!kiosk)
        return complain(kiosk.error(), exit_cannot_open);
    auto const server = bench::Server::open(io.get_executor(), **kiosk, config.page);
    if (!server)
        return complain(server.error(), exit_cannot_open);
    (*kiosk)->start();
    if (config.kiosk.starts_powered)
        if (auto const powered = (*kiosk)->power(true); !powered)
            return complain(powered.error(), exit_cannot_open);
    (*server)->start();
    bool has_failed = false;
    asio::co_spawn(io, live(io, **kiosk, **server), [&](std::exception_ptr const& problem) {
        has_failed = problem != nullptr;
        io.stop();
    });
    std::cout << "http://" << config.page.address << ":" << (*server)->port() << "/" << std::endl;
    io.run();
    return has_failed ? exit_failed : 0;
}

int devsim(int argc, char** argv) {
    CLI::App app{
        "devsim: a virtual kiosk. Simulated devices, a switch for the link, one for the\n"
        "power, and a page that shows them. Every button of the page is an HTTP call;\n"
        "GET /openapi.json describes them."};
    std::string file;
    bool checks_only = false;
    app.add_option("--config", file, "devsim.toml")->required();
    app.add_flag("--check-config", checks_only, "read the configuration, and end");
    app.set_version_flag("--version", "devsim " KIOSK_VERSION);
    app.footer(
        "Exit: 0 done, 1 failed, 2 wrong command line, 3 wrong configuration,\n"
        "4 a port, file or program that it needs cannot be opened.");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    // The page's address alone goes to standard output: a program may read it.
    spdlog::set_default_logger(spdlog::stderr_logger_mt("devsim"));

    auto const config = bench::load_config(file, own_folder());
    if (!config)
        return complain(config.error(), exit_config);
    auto const kiosk = bench::with_ports(config->kiosk.config, {});
    if (!kiosk)
        return complain(kiosk.error(), exit_config);
    if (checks_only)
        return 0;
    return run(*config);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return devsim(argc, argv);
    } catch (std::exception const& error) { // Of Asio or the system: memory, descriptors.
        std::cerr << "devsim: " << error.what() << '\n';
        return exit_failed;
    }
}
