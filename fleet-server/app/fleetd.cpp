#include "fleet-server/app/fleetd.hpp"

#include <spdlog/logger.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <mutex>
#include <random>
#include <thread>

#include "fleet-server/api/api.hpp"
#include "fleet-server/app/day_keeper.hpp"
#include "fleet-server/app/desk.hpp"
#include "fleet-server/app/state_folder.hpp"
#include "fleet-server/app/zone.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/gateways/forwarder.hpp"
#include "fleet-server/gateways/http_client.hpp"
#include "fleet-server/ingress/server.hpp"
#include "protocol/wire/convert.hpp"

namespace fleet::app {

namespace {

namespace asio = boost::asio;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

UtcTime system_time() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Complaint about(std::filesystem::path const& file, store::StoreError const& error) {
    bool const is_foreign = error.kind == store::StoreError::Kind::TooNew;
    return {
        file.string(),
        to_string(error),
        is_foreign ? "start the newer fleetd, or bring back the older state"
                   : "check the disk and the rights of the folder; nothing was changed"};
}

template <class T>
Result<T, Complaint> opened(std::filesystem::path const& file, store::Outcome<T> outcome) {
    if (!outcome)
        return fail(about(file, outcome.error()));
    return std::move(*outcome);
}

gateways::RefusalListener give_debt_back() {
    return [](store::Transaction& transaction,
              gateways::Delivery const& delivery,
              ledger::Sequence sequence,
              UtcTime now) {
        return debts::take_back_payment(
            transaction,
            delivery.provider,
            delivery.account,
            delivery.sum,
            delivery.txn_id,
            sequence,
            now);
    };
}

} // namespace

// In the order of making; the end goes the other way round, except for what stop() says.
struct Fleetd::State {
    State(Config chosen, spdlog::logger& given, StateLock held, store::Store books)
        : config{std::move(chosen)},
          log{given},
          lock{std::move(held)},
          store{std::move(books)},
          folder{config.state} {}

    Config config;
    spdlog::logger& log;
    StateLock lock;
    store::Store store;
    StateFolder folder;
    api::Metrics metrics;
    std::optional<ingress::Authority> authority;
    std::optional<store::Reader> desk_reader;
    std::optional<store::Reader> forwarder_reader;
    std::optional<store::Reader> shared_reader;
    std::optional<store::Writer> writer;
    std::optional<DayKeeper> day_keeper;

    std::optional<gateways::HttpClient> http;
    std::optional<gateways::Forwarder> forwarder;
    std::thread gateways_thread;

    asio::io_context executor{1};
    std::optional<BooksDesk> desk;
    std::unique_ptr<ingress::Server> server;
    std::thread ingress_thread;
    std::unique_ptr<api::Api> api;

    // Said by the gateways' thread, asked by the main one.
    mutable std::mutex failure_mutex;
    std::optional<std::string> failure;

    [[nodiscard]] Result<void, Complaint> open_books();
    void start_gateways();
    [[nodiscard]] Result<void, Complaint> start_ingress();
    [[nodiscard]] Result<void, Complaint> start_api();
    void push_catalogs();
    void fail_with(std::string reason);
    void stop();
};

void Fleetd::State::fail_with(std::string reason) {
    log.critical("fleetd.failed detail=\"{}\"", reason);
    std::lock_guard const guard{failure_mutex};
    failure = std::move(reason);
}

Result<void, Complaint> Fleetd::State::open_books() {
    auto const& report = store.report();
    log.info(
        "store.opened clean={} migrations={} {}",
        report.was_clean,
        report.migrations_applied,
        report.pragmas);
    for (auto* reader : {&desk_reader, &forwarder_reader, &shared_reader}) {
        TRY(auto one, opened(store.file(), store.open_reader()));
        reader->emplace(std::move(one));
    }
    writer.emplace(store, [this](std::chrono::microseconds took) { metrics.commit_took(took); });
    catalog::House house;
    house.agent_name = config.agent.name;
    house.agent_inn = config.agent.inn;
    house.hotline = config.agent.hotline;
    auto const set = writer->write(
        [&](store::Transaction& transaction) { return catalog::set_house(transaction, house); });
    if (!set)
        return fail(about(store.file(), set.error()));
    day_keeper.emplace(DayKeeper::Needs{
        .writer = *writer,
        .reader = *shared_reader,
        .log = log,
        .folder = folder.registers(),
        .cut = config.cut,
        .clock = system_time,
        .zone = zone_at});
    return {};
}

void Fleetd::State::start_gateways() {
    http.emplace(gateways::HttpLimits{.answer = config.gateways.answer});
    forwarder.emplace(
        gateways::ForwarderNeeds{
            .writer = *writer,
            .reader = *forwarder_reader,
            .client = *http,
            .clock = system_time,
            .zone = zone_at,
            .on_refused = give_debt_back(),
            .on_trouble =
                [this](std::string const& what) { log.error("forwarder.trouble {}", what); }},
        gateways::ForwarderOptions{},
        std::random_device{}());
    gateways_thread = std::thread{[this] {
        if (auto const ended = forwarder->run(); !ended)
            fail_with(to_string(ended.error()));
    }};
}

Result<void, Complaint> Fleetd::State::start_ingress() {
    desk.emplace(BooksDesk::Needs{
        .writer = *writer,
        .reader = *desk_reader,
        .metrics = metrics,
        .clock = system_time,
        .on_accepted = [this] { forwarder->wake(); }});
    ingress::IngressOptions options;
    options.address = config.ingress.address;
    options.port = config.ingress.port;
    options.authority = folder.authority_certificate();
    options.certificate = folder.server_certificate();
    options.key = folder.server_key();
    TRY(server, ingress::Server::open(executor.get_executor(), std::move(options), *desk, log));
    asio::co_spawn(executor, server->run(), [this](std::exception_ptr const& error) {
        if (error)
            fail_with("the ingress ended with an exception");
    });
    ingress_thread = std::thread{[this] { executor.run(); }};
    return {};
}

// Kiosks that are connected get the new catalog now, the others with their next Welcome.
void Fleetd::State::push_catalogs() {
    asio::post(executor, [this] {
        for (ingress::KioskIdentity const identity : server->connected()) {
            auto const catalog = desk_reader->read([&](store::Reading const& reading) {
                return catalog::catalog_for(reading, identity.kiosk);
            });
            if (catalog && *catalog)
                server->push_catalog(identity, protocol::wire::to_wire(**catalog));
        }
    });
}

Result<void, Complaint> Fleetd::State::start_api() {
    TRY(std::string const token, read_token(config.api.token_file));
    api::Context context{
        .store = store,
        .writer = *writer,
        .reader = *shared_reader,
        .authority = *authority,
        .metrics = metrics,
        .registers = folder.registers(),
        .clock = system_time,
        .zone = zone_at,
        .kiosks_connected =
            [this] {
                ingress::IngressCounters const counters = server->counters();
                return static_cast<std::size_t>(counters.connections - counters.handshakes);
            },
        .on_catalog_changed = [this] { push_catalogs(); }};
    TRY(api,
        api::Api::start(
            {.address = config.api.address, .port = config.api.port, .token = token},
            std::move(context)));
    return {};
}

void Fleetd::State::stop() {
    api.reset();
    if (ingress_thread.joinable()) {
        asio::post(executor, [this] { server->stop(); });
        ingress_thread.join();
    }
    if (gateways_thread.joinable()) {
        forwarder->stop();
        gateways_thread.join();
    }
    day_keeper.reset();
    server.reset();
    desk.reset();
    bool const is_sound = !writer || !writer->failure();
    writer.reset();
    for (auto* reader : {&desk_reader, &forwarder_reader, &shared_reader})
        reader->reset();
    if (!is_sound)
        return; // The next start finds an unclean stop and checks every page.
    if (auto const closed = store.close(); !closed)
        log.error("store.not_closed detail=\"{}\"", to_string(closed.error()));
}

Result<std::unique_ptr<Fleetd>, Complaint> Fleetd::start(
    Config const& config, spdlog::logger& log) {
    StateFolder const folder{config.state};
    TRY(StateLock lock, StateLock::take(folder));
    TRY(store::Store books, opened(folder.database(), store::Store::open(folder.database())));
    std::unique_ptr<Fleetd> fleetd{
        new Fleetd{std::make_unique<State>(config, log, std::move(lock), std::move(books))}};
    State& state = *fleetd->state_;
    TRY(auto authority, ingress::Authority::open(folder.authority()));
    state.authority.emplace(std::move(authority));
    TRY_VOID(state.open_books());
    state.start_gateways();
    TRY_VOID(state.start_ingress());
    TRY_VOID(state.start_api());
    log.info(
        "fleetd.started version={} ingress={}:{} api={}:{}",
        KIOSK_VERSION,
        config.ingress.address,
        fleetd->ingress_port(),
        config.api.address,
        fleetd->api_port());
    return fleetd;
}

Fleetd::Fleetd(std::unique_ptr<State> state) : state_{std::move(state)} {}

Fleetd::~Fleetd() {
    state_->stop();
}

std::uint16_t Fleetd::ingress_port() const {
    return state_->server->port();
}

std::uint16_t Fleetd::api_port() const {
    return state_->api->port();
}

std::optional<std::string> Fleetd::failure() const {
    if (auto const failure = state_->writer->failure())
        return to_string(*failure);
    std::lock_guard const guard{state_->failure_mutex};
    return state_->failure;
}

} // namespace fleet::app
