#include "kiosk/app/kiosk.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <optional>
#include <thread>

#include "devices/line/serial_line.hpp"
#include "devices/printer/vkp80_printer.hpp"
#include "kiosk/app/catalog_file.hpp"
#include "kiosk/app/clock.hpp"
#include "kiosk/app/ears.hpp"
#include "kiosk/app/panel.hpp"
#include "kiosk/app/spawn.hpp"
#include "kiosk/link/line.hpp"
#include "kiosk/ui/assets_loader.hpp"
#include "kiosk/ui/display.hpp"

namespace kiosk::app {

namespace asio = boost::asio;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

template <class T>
using Opened = Result<T, Refusal>;

template <class T>
Opened<T> or_refuse(Result<T, Complaint> opened, Ending ending) {
    if (opened)
        return *std::move(opened);
    return fail(Refusal{ending, std::move(opened).error()});
}

ui::DisplaySettings display_settings(config::Screen const& screen) {
    ui::DisplaySettings settings;
    settings.size = {screen.width, screen.height};
    switch (screen.display) {
    case config::DisplayKind::Auto: settings.mode = ui::DisplayMode::Auto; break;
    case config::DisplayKind::Window: settings.mode = ui::DisplayMode::Window; break;
    case config::DisplayKind::Offscreen: settings.mode = ui::DisplayMode::Offscreen; break;
    }
    return settings;
}

payment::Rules rules_of(config::Limits const& limits) {
    payment::Rules rules;
    rules.idle = limits.idle;
    rules.question = limits.question;
    rules.bills_accepted = limits.bills_accepted;
    return rules;
}

/// Who this kiosk is, by its certificate; it must agree with the configuration.
Opened<protocol::link::Identity> identity_of(config::Config const& config) {
    TRY(auto const context,
        or_refuse(
            link::LineContext::open(config.link.ca, config.link.certificate, config.link.key),
            Ending::CannotOpen));
    auto const identity = context.identity();
    if (identity.kiosk != config.number)
        return fail(Refusal{
            Ending::WrongConfiguration,
            {config.link.certificate,
             "it is the certificate of kiosk " + std::to_string(identity.kiosk) +
                 ", and number is " + std::to_string(config.number),
             "write the number of the certificate, or enrol this kiosk"}});
    return identity;
}

/// Null: the journal is there but cannot be gone on with; the kiosk says so on its screen and takes
/// no money. What a technician mends at the command line is a refusal.
Opened<std::unique_ptr<journal::Journal>> open_journal(
    config::Config const& config, protocol::link::Identity identity) {
    std::error_code failure;
    std::filesystem::create_directories(config.state, failure);
    auto const path = (std::filesystem::path{config.state} / "journal.sqlite").string();
    auto opened = journal::Journal::open(path, {identity.kiosk, identity.epoch});
    if (opened)
        return *std::move(opened);
    auto const& error = opened.error();
    switch (error.problem) {
    case journal::JournalProblem::InUse:
        return fail(Refusal{
            Ending::CannotOpen,
            {path, "another program holds the journal", "stop the other kioskd first"}});
    case journal::JournalProblem::CannotOpen:
        return fail(Refusal{
            Ending::CannotOpen, {path, error.detail, "give the kiosk's user the state folder"}});
    case journal::JournalProblem::OtherKiosk:
        return fail(Refusal{
            Ending::CannotOpen,
            {path,
             error.detail,
             "give each kiosk and each enrolment a state folder of its own, and keep this one"}});
    case journal::JournalProblem::NotAJournal:
    case journal::JournalProblem::TooNew:
    case journal::JournalProblem::SettingsRefused:
    case journal::JournalProblem::Damaged:
    case journal::JournalProblem::DiskFull:
    case journal::JournalProblem::Failed:
    case journal::JournalProblem::Stopped: break;
    }
    spdlog::critical(
        "journal.refused problem={} detail=\"{}\" file={} money_is_taken=no",
        journal::name_of(error.problem),
        error.detail,
        path);
    return nullptr;
}

/// The display as the face sees it. The face is made before the display can be shown on.
class DisplayPages final : public Pages {
public:
    explicit DisplayPages(ui::Display& display) : display_{display} {}
    void show(screens::Page page) override { display_.show(std::move(page)); }

private:
    ui::Display& display_;
};

devices::bill_validator::Settings validator_settings(config::Limits const& limits) {
    devices::bill_validator::Settings settings;
    settings.bills_accepted = limits.bills_accepted;
    return settings;
}

/// A scanner that was pulled out is looked for at once, one that is not there ever more seldom.
constexpr std::chrono::seconds scanner_again_first{1};
constexpr std::chrono::seconds scanner_again_most{30};
constexpr std::chrono::seconds scanner_steady_after{10};

asio::awaitable<void> drive_scanner(devices::Line& line, ScannerEar& ear) {
    for (auto again = scanner_again_first;;) {
        auto const begun = now().steady;
        co_await devices::scanner::drive(line, ear);
        bool const was_steady = now().steady - begun >= scanner_steady_after;
        again = was_steady ? scanner_again_first : std::min(again * 2, scanner_again_most);
        asio::steady_timer pause{co_await asio::this_coro::executor, again};
        co_await pause.async_wait(asio::use_awaitable);
    }
}

/// All that lives on the executor. Made before the executor runs, destroyed after it has stopped.
class Machinery {
public:
    Machinery(
        asio::io_context& io, config::Config const& config, screens::Assets assets,
        ui::Display& display, std::unique_ptr<journal::Journal> journal)
        : executor_{io.get_executor()},
          validator_line_{
              executor_,
              config.bill_validator.path,
              {.baud_rate = config.bill_validator.baud_rate}},
          printer_line_{executor_, config.printer.path, {.baud_rate = config.printer.baud_rate}},
          scanner_line_{executor_, config.scanner.path, {.baud_rate = config.scanner.baud_rate}},
          validator_{validator_settings(config.limits)},
          printer_{executor_, printer_line_},
          desk_{
              executor_, printer_, [this](payment::Event event) { till_.tell(std::move(event)); }},
          pages_{display},
          face_{std::move(assets), config.number, config.language, pages_},
          till_{
              executor_,
              rules_of(config.limits),
              {config.number, std::move(journal), validator_, desk_, face_}},
          validator_ear_{till_},
          scanner_ear_{till_},
          catalog_file_{(std::filesystem::path{config.state} / "catalog.pb").string()},
          link_ear_{till_, catalog_file_},
          panel_{display, till_, scanner_ear_} {}

    Opened<void> open(config::Config const& config);
    void start();
    void stop();
    void touch(std::string const& anchor) { till_.touch(anchor); }

private:
    asio::any_io_executor executor_;
    devices::ReopeningLine validator_line_;
    devices::ReopeningLine printer_line_;
    devices::ReopeningLine scanner_line_;
    devices::bill_validator::Session validator_;
    devices::printer::Vkp80Printer printer_;
    PrintDesk desk_;
    DisplayPages pages_;
    Face face_;
    Till till_;
    ValidatorEar validator_ear_;
    ScannerEar scanner_ear_;
    std::string catalog_file_;
    LinkEar link_ear_;
    Panel panel_;
    std::unique_ptr<link::Client> link_;
    std::unique_ptr<control::Server> control_;
    std::optional<protocol::catalog::Catalog> kept_catalog_;
};

Opened<void> Machinery::open(config::Config const& config) {
    if (auto catalog = load_catalog(catalog_file_))
        kept_catalog_ = *std::move(catalog);
    else
        spdlog::error("catalog.not_loaded {}", protocol::to_string(catalog.error()));
    if (config.control.enabled) {
        TRY(control_,
            or_refuse(
                control::Server::open(executor_, config.control.socket, panel_),
                Ending::CannotOpen));
        spdlog::warn("control.open socket={} field=never", config.control.socket);
    }
    if (till_.journal() == nullptr)
        return {};
    link::ClientOptions options{
        .server = config.link.server,
        .port = config.link.port,
        .server_name = config.link.server_name,
        .authority = config.link.ca,
        .certificate = config.link.certificate,
        .key = config.link.key,
        .software = "kioskd " KIOSK_VERSION,
        .catalog_version = kept_catalog_ ? kept_catalog_->version : 0,
        .tuning = {}};
    TRY(link_,
        or_refuse(
            link::Client::open(
                executor_,
                std::move(options),
                *till_.journal(),
                link_ear_,
                *spdlog::default_logger()),
            Ending::CannotOpen));
    till_.use_link(link_.get());
    return {};
}

void Machinery::start() {
    till_.start(std::move(kept_catalog_));
    if (till_.journal() == nullptr)
        return; // Nothing that a device says could be written down: none is asked.
    spawn(
        executor_,
        "validator",
        devices::bill_validator::drive(validator_line_, validator_, validator_ear_));
    spawn(executor_, "printer", desk_.watch());
    spawn(executor_, "scanner", drive_scanner(scanner_line_, scanner_ear_));
    spawn(executor_, "link", link_->run());
}

void Machinery::stop() {
    if (control_)
        control_->close();
    if (link_)
        link_->stop();
    till_.use_link(nullptr);
}

struct Materials {
    screens::Assets assets;
    ui::Fonts fonts;
};

Opened<Materials> open_materials(config::Config const& config) {
    if (!choose_time_zone(config.time_zone))
        return fail(Refusal{
            Ending::WrongConfiguration,
            {"time_zone",
             "this machine knows no time zone " + config.time_zone,
             "write one from /usr/share/zoneinfo, and install tzdata"}});
    TRY(auto assets, or_refuse(ui::load_assets(config.assets), Ending::CannotOpen));
    TRY(auto fonts, or_refuse(ui::Fonts::open(ui::fonts_folder_default), Ending::CannotOpen));
    return Materials{std::move(assets), std::move(fonts)};
}

/// Ends the display at SIGTERM or SIGINT.
void stop_at_signal(asio::signal_set& signals, ui::Display& display) {
    signals.async_wait([&display](boost::system::error_code const& cancelled, int signal) {
        if (cancelled)
            return;
        spdlog::info("kioskd.stopping signal={}", signal);
        display.quit();
    });
}

/// The display on this thread, the machinery on another, until one of them ends.
Opened<void> run_both(asio::io_context& io, ui::Display& display, Machinery& machinery) {
    std::atomic<bool> has_failed = false;
    std::thread executor{[&] {
        try {
            io.run();
        } catch (std::exception const& failure) {
            spdlog::critical("kioskd.failed error=\"{}\"", failure.what());
            has_failed = true;
            display.quit();
        }
    }};
    display.run();
    asio::post(io, [&] {
        machinery.stop();
        io.stop();
    });
    executor.join();
    spdlog::info("kioskd.stopped");
    if (has_failed)
        return fail(Refusal{
            Ending::Failed,
            {"kioskd", "an activity died", "see the log; the journal has everything"}});
    return {};
}

} // namespace

Opened<void> check_kiosk(config::Config const& config) {
    TRY_VOID(open_materials(config));
    TRY_VOID(identity_of(config));
    return {};
}

Opened<void> run_kiosk(config::Config const& config) {
    TRY(auto materials, open_materials(config));
    TRY(auto const identity, identity_of(config));
    TRY(auto journal, open_journal(config, identity));

    asio::io_context io{1}; // One thread: money, devices, journal and link never race.
    auto const work = asio::make_work_guard(io);
    Machinery* machinery = nullptr;
    TRY(auto display,
        or_refuse(
            ui::Display::open(
                display_settings(config.screen),
                std::move(materials.fonts),
                [&io, &machinery](std::string const& anchor) {
                    asio::post(io, [&machinery, anchor] { machinery->touch(anchor); });
                }),
            Ending::CannotOpen));
    Machinery made{io, config, std::move(materials.assets), *display, std::move(journal)};
    machinery = &made;
    TRY_VOID(made.open(config));

    asio::signal_set signals{io, SIGTERM, SIGINT};
    stop_at_signal(signals, *display);
    asio::post(io, [&made] { made.start(); });
    spdlog::info(
        "kioskd.started version={} kiosk={} epoch={}",
        KIOSK_VERSION,
        identity.kiosk,
        identity.epoch);
    return run_both(io, *display, made);
}

} // namespace kiosk::app
