#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "kiosk/app/kiosk.hpp"
#include "kiosk/config/config.hpp"

namespace {

using kiosk::app::Ending;

int code(Ending ending) {
    return static_cast<int>(ending);
}

struct Command {
    std::string config = "/etc/kioskd/kioskd.toml";
    bool check_only = false;
};

int complain(kiosk::app::Refusal const& refusal) {
    std::cerr << protocol::to_string(refusal.complaint) << '\n';
    return code(refusal.ending);
}

int run(Command const& command) {
    std::ifstream file{command.config, std::ios::binary};
    if (!file)
        return complain(
            {Ending::WrongConfiguration,
             {command.config, "it cannot be read", "name the file with --config"}});
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    auto const config = kiosk::config::read_config(text, command.config);
    if (!config)
        return complain({Ending::WrongConfiguration, config.error()});
    auto const outcome =
        command.check_only ? kiosk::app::check_kiosk(*config) : kiosk::app::run_kiosk(*config);
    if (!outcome)
        return complain(outcome.error());
    if (command.check_only)
        std::cout << command.config << ": in order\n";
    return code(Ending::Done);
}

} // namespace

int main(int count, char** arguments) {
    // The journal knows who pays what: it is the kiosk's own.
    ::umask(0077);
    // Lines of a log that is a pipe must not wait for a full buffer.
    spdlog::set_default_logger(spdlog::stderr_logger_mt("kioskd"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    spdlog::flush_on(spdlog::level::info);

    Command command;
    CLI::App parser{
        "kioskd: one payment kiosk. Takes cash for bills, with a link or without.\n"
        "Exit codes: 0 done, 1 failed while running, 2 wrong command line, "
        "3 wrong configuration,\n4 a device, file or port cannot be opened."};
    parser.add_option("--config", command.config, "The configuration, a TOML file")
        ->capture_default_str();
    parser.add_flag(
        "--check-config",
        command.check_only,
        "Say what is wrong with the configuration and what it names, and end");
    parser.set_version_flag("--version", "kioskd " KIOSK_VERSION);
    try {
        parser.parse(count, arguments);
    } catch (CLI::ParseError const& error) {
        // Help and version come as errors, too, with code 0.
        return parser.exit(error) == 0 ? code(Ending::Done) : code(Ending::WrongCommand);
    }
    return run(command);
}
