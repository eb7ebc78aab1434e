#include "devices/bench/virtual_kiosk.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "devices/bench/control_client.hpp"
#include "devices/printer/simulator_line.hpp"

namespace devices::bench {

namespace asio = boost::asio;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

using namespace std::chrono_literals;

constexpr auto control_within = 3s; // kioskd answers between two frames.
constexpr auto end_within = 3s;     // Then the polite request becomes a power cut.

// A device that dies with an exception is our bug; the bench goes on so that it can be seen.
auto logged(std::string_view name) {
    return [name](std::exception_ptr const& problem) {
        if (!problem)
            return;
        try {
            std::rethrow_exception(problem);
        } catch (std::exception const& error) {
            spdlog::error("bench.device_ended name={} error=\"{}\"", name, error.what());
        }
    };
}

Result<std::filesystem::path, Complaint> write_config(
    std::filesystem::path const& folder, std::string const& text) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    auto const path = folder / "kioskd.toml";
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (error || !file)
        return fail(
            Complaint{path.string(), "cannot be written", "name a folder of yours in [kiosk] run"});
    return path;
}

} // namespace

Result<std::unique_ptr<VirtualKiosk>, Complaint> VirtualKiosk::open(
    asio::any_io_executor const& executor, Config const& config) {
    Lines lines;
    for (auto* line : {&lines.validator, &lines.printer, &lines.scanner}) {
        TRY(*line, PtyPair::open(executor));
    }
    TRY(auto link,
        LinkSwitch::open(
            executor, config.link.listen_port, config.link.server, config.link.server_port));
    TRY(auto kiosk_config,
        with_ports(
            config.kiosk.config,
            {.validator = lines.validator->path(),
             .printer = lines.printer->path(),
             .scanner = lines.scanner->path(),
             .link = link->port()}));
    return std::unique_ptr<VirtualKiosk>{new VirtualKiosk{
        executor, config, std::move(lines), std::move(link), std::move(kiosk_config)}};
}

VirtualKiosk::VirtualKiosk(
    asio::any_io_executor executor, Config config, Lines lines, std::unique_ptr<LinkSwitch> link,
    KioskConfig kiosk_config)
    : executor_{std::move(executor)},
      config_{std::move(config)},
      lines_{std::move(lines)},
      link_{std::move(link)},
      kiosk_config_{std::move(kiosk_config)},
      validator_{executor_, *lines_.validator},
      scanner_{executor_, *lines_.scanner} {}

void VirtualKiosk::start() {
    asio::co_spawn(executor_, validator_.run(), logged("validator"));
    asio::co_spawn(executor_, printer::serve(*lines_.printer, printer_), logged("printer"));
    asio::co_spawn(executor_, scanner_.run(), logged("scanner"));
    asio::co_spawn(executor_, link_->run(), logged("link"));
}

asio::awaitable<void> VirtualKiosk::stop() {
    if (!kiosk_)
        co_return;
    kiosk_->terminate();
    // NOTE: GCC 12 breaks this coroutine when the wait stands inside the condition.
    bool const has_ended = co_await kiosk_->wait(end_within);
    if (!has_ended)
        spdlog::warn("bench.kiosk_did_not_end pid={}", kiosk_->pid());
    kiosk_->kill();
}

Result<void, Complaint> VirtualKiosk::power(bool is_on) {
    if (!is_on) {
        if (kiosk_) {
            kiosk_->kill();
            last_ending_ = kiosk_->ending();
            kiosk_.reset();
        }
        return {};
    }
    if (kiosk_pid() != 0)
        return {};
    TRY(auto const path, write_config(config_.kiosk.run, kiosk_config_.text));
    TRY(kiosk_,
        Child::start(executor_, {config_.kiosk.program.string(), "--config", path.string()}));
    spdlog::info("bench.kiosk_started pid={} config={}", kiosk_->pid(), path.string());
    return {};
}

pid_t VirtualKiosk::kiosk_pid() {
    if (kiosk_ && !kiosk_->is_running()) {
        last_ending_ = kiosk_->ending();
        spdlog::warn(
            "bench.kiosk_ended was_killed={} number={}",
            last_ending_->was_killed,
            last_ending_->number);
        kiosk_.reset();
    }
    return kiosk_ ? kiosk_->pid() : 0;
}

std::optional<Ending> VirtualKiosk::kiosk_ending() const {
    return last_ending_;
}

asio::awaitable<Result<nlohmann::json, std::string>> VirtualKiosk::ask(nlohmann::json question) {
    if (kiosk_pid() == 0)
        co_return fail(std::string{"the kiosk has no power"});
    co_return co_await ask_kiosk(kiosk_config_.control_socket, std::move(question), control_within);
}

} // namespace devices::bench
