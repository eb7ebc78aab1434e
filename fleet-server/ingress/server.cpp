#include "fleet-server/ingress/server.hpp"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/logger.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <utility>

namespace fleet::ingress {

namespace asio = boost::asio;
namespace link = protocol::link;
namespace wire = protocol::wire;
using asio::ip::tcp;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

constexpr int backlog = 4096; // A whole district whose line came back.
// Out of descriptors or memory: others may give some back meanwhile.
constexpr auto accept_pause = std::chrono::milliseconds{200};

KioskIdentity to_desk(link::Identity identity) {
    return {identity.kiosk, identity.epoch};
}

std::string text_of(std::optional<link::Identity> const& identity) {
    return identity ? std::to_string(identity->kiosk) + "-" + std::to_string(identity->epoch) : "-";
}

// What a kiosk hears when the desk throws, as when there is no memory.
template <class T>
void set_failed(Result<T, wire::Refusal>& answer) {
    wire::Refusal refusal;
    refusal.set_reason(wire::Refusal::OVERLOADED);
    refusal.set_explanation("the server could not answer, come back later");
    answer = fail(std::move(refusal));
}
void set_failed(wire::AccountAnswer& answer) {
    answer.set_outcome(wire::AccountAnswer::UNAVAILABLE);
}

class IngressServer final : public Server, private ConnectionHost {
public:
    IngressServer(
        asio::any_io_executor executor, IngressOptions options, TlsContext tls, Desk& desk,
        spdlog::logger& log)
        : executor_{std::move(executor)},
          options_{std::move(options)},
          tls_{std::move(tls)},
          desk_{desk},
          log_{log},
          acceptor_{executor_},
          ended_{executor_, std::chrono::steady_clock::time_point::max()} {}

    Result<void, Complaint> listen();

    [[nodiscard]] std::uint16_t port() const override { return port_; }
    asio::awaitable<void> run() override;
    void stop() override;
    [[nodiscard]] std::vector<KioskIdentity> connected() const override;
    void push_catalog(KioskIdentity identity, wire::Catalog catalog) override;
    [[nodiscard]] IngressCounters counters() const override;

private:
    struct Guest {
        std::string peer;
        std::unique_ptr<Connection> connection;
    };

    void ask(std::uint64_t id, link::AskWelcome question) override;
    void ask(std::uint64_t id, link::AskAccept question) override;
    void ask(std::uint64_t id, link::AskLookUp question) override;
    void on_identified(std::uint64_t id) override;
    void on_catalog_withheld(std::uint64_t id, std::size_t size) override;
    void on_end(
        std::uint64_t id, std::string_view reason, bool is_refusal,
        std::string const& detail) override;
    [[nodiscard]] std::span<std::uint8_t> scratch() override { return scratch_; }

    void admit(tcp::socket socket, tcp::endpoint const& peer);
    void turn_away(tcp::endpoint const& peer, std::string_view reason);
    void forget(std::uint64_t id);
    [[nodiscard]] Desk::Answer<wire::Welcome> greet(
        std::uint64_t id, link::Identity identity, wire::Hello hello);
    void replace_older(std::uint64_t id, std::uint32_t kiosk);
    template <class Event, class Asked>
    void answer_later(std::uint64_t id, Asked asked);
    void count(std::string_view reason, bool is_refusal);

    asio::any_io_executor executor_;
    IngressOptions options_;
    TlsContext tls_;
    Desk& desk_;
    spdlog::logger& log_;
    tcp::acceptor acceptor_;
    asio::steady_timer ended_; // Cancelled when the last guest has gone.
    std::uint16_t port_ = 0;
    bool is_stopping_ = false;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, Guest> guests_;
    std::map<std::uint32_t, std::uint64_t> by_kiosk_; // Welcomed ones.
    std::size_t handshakes_ = 0;
    std::array<std::uint8_t, 16 * 1024> scratch_{}; // The largest TLS record.
    // The only thing here that other threads read: metrics.
    mutable std::mutex counters_mutex_;
    IngressCounters counters_;
};

// --- The door
// -------------------------------------------------------------------------------------

Result<void, Complaint> IngressServer::listen() {
    std::string const place = options_.address + ":" + std::to_string(options_.port);
    boost::system::error_code failure;
    auto const address = asio::ip::make_address(options_.address, failure);
    if (failure)
        return fail(Complaint{
            "ingress.address",
            "'" + options_.address + "' is no address",
            "write one of this machine, or 0.0.0.0 for all"});
    tcp::endpoint const endpoint{address, options_.port};
    acceptor_.open(endpoint.protocol(), failure);
    if (!failure)
        acceptor_.set_option(tcp::acceptor::reuse_address{true}, failure);
    if (!failure)
        acceptor_.bind(endpoint, failure);
    if (!failure)
        acceptor_.listen(backlog, failure);
    if (failure)
        return fail(Complaint{
            place,
            "kiosks cannot be listened for: " + failure.message(),
            "write another port, or end the program that has it"});
    port_ = acceptor_.local_endpoint(failure).port();
    return {};
}

asio::awaitable<void> IngressServer::run() {
    log_.info("ingress.listening address={} port={}", options_.address, port_);
    while (!is_stopping_) {
        auto [failure, socket] =
            co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (is_stopping_)
            break;
        boost::system::error_code gone;
        auto const peer = failure ? tcp::endpoint{} : socket.remote_endpoint(gone);
        if (failure) {
            log_.error("ingress.accept_failed reason=\"{}\"", failure.message());
            asio::steady_timer pause{executor_, accept_pause};
            co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        } else if (guests_.size() >= options_.connections_max) {
            turn_away(peer, "too_many_connections");
        } else if (handshakes_ >= options_.handshakes_max) {
            turn_away(peer, "too_many_handshakes");
        } else if (!gone) {
            admit(std::move(socket), peer);
        }
    }
    while (!guests_.empty())
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    log_.info("ingress.stopped");
}

void IngressServer::admit(tcp::socket socket, tcp::endpoint const& peer) {
    std::uint64_t const id = ++last_id_;
    auto connection = std::make_unique<Connection>(
        id, std::move(socket), tls_, options_.tuning, static_cast<ConnectionHost&>(*this));
    Connection& guest = *connection;
    guests_.emplace(
        id,
        Guest{
            .peer = peer.address().to_string() + ":" + std::to_string(peer.port()),
            .connection = std::move(connection)});
    ++handshakes_;
    {
        std::lock_guard const lock{counters_mutex_};
        ++counters_.accepted;
        counters_.connections = guests_.size();
        counters_.handshakes = handshakes_;
    }
    asio::co_spawn(executor_, guest.run(), [this, id](std::exception_ptr const& failure) {
        if (failure) // Out of memory: this one is given up, the others go on.
            log_.error("ingress.connection_failed connection={}", id);
        forget(id);
    });
}

void IngressServer::turn_away(tcp::endpoint const& peer, std::string_view reason) {
    log_.warn(
        "ingress.refused peer={}:{} kiosk=- reason={} detail=\"\"",
        peer.address().to_string(),
        peer.port(),
        reason);
    count(reason, true);
}

void IngressServer::forget(std::uint64_t id) {
    auto const guest = guests_.find(id);
    if (guest == guests_.end())
        return;
    if (!guest->second.connection->identity())
        --handshakes_;
    {
        std::lock_guard const lock{counters_mutex_};
        counters_.connections = guests_.size() - 1;
        counters_.handshakes = handshakes_;
    }
    std::erase_if(by_kiosk_, [id](auto const& entry) { return entry.second == id; });
    guests_.erase(guest);
    if (guests_.empty())
        ended_.cancel();
}

void IngressServer::stop() {
    is_stopping_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (auto const& [id, guest] : guests_)
        guest.connection->stop();
}

// --- What connections ask
// -------------------------------------------------------------------------

template <class Event, class Asked>
void IngressServer::answer_later(std::uint64_t id, Asked asked) {
    // The answer may come after the connection is gone: found by its number, or dropped.
    asio::co_spawn(
        executor_, std::move(asked), [this, id](std::exception_ptr const& failure, auto answer) {
            if (failure) {
                log_.error("ingress.desk_failed connection={}", id);
                set_failed(answer);
            }
            // Never at once: the connection may be in the middle of asking.
            asio::post(executor_, [this, id, answer = std::move(answer)]() mutable {
                auto const guest = guests_.find(id);
                if (guest != guests_.end())
                    guest->second.connection->tell(Event{std::move(answer)});
            });
        });
}

void IngressServer::ask(std::uint64_t id, link::AskWelcome question) {
    auto const identity = guests_.at(id).connection->identity();
    answer_later<link::DeskWelcomed>(id, greet(id, *identity, std::move(question.hello)));
}

Desk::Answer<wire::Welcome> IngressServer::greet(
    std::uint64_t id, link::Identity identity, wire::Hello hello) {
    auto answer = co_await desk_.welcome(to_desk(identity), std::move(hello));
    if (answer && guests_.contains(id))
        replace_older(id, identity.kiosk);
    co_return answer;
}

void IngressServer::ask(std::uint64_t id, link::AskAccept question) {
    auto const identity = guests_.at(id).connection->identity();
    {
        std::lock_guard const lock{counters_mutex_};
        ++counters_.batches;
        counters_.records += static_cast<std::uint64_t>(question.batch.records_size());
    }
    answer_later<link::DeskAccepted>(
        id, desk_.accept(to_desk(*identity), std::move(question.batch)));
}

void IngressServer::ask(std::uint64_t id, link::AskLookUp question) {
    auto const identity = guests_.at(id).connection->identity();
    answer_later<link::DeskLookedUp>(
        id, desk_.look_up(to_desk(*identity), std::move(question.query)));
}

void IngressServer::on_identified(std::uint64_t) {
    --handshakes_;
    std::lock_guard const lock{counters_mutex_};
    counters_.handshakes = handshakes_;
}

/// A kiosk whose line broke comes back before its old connection has noticed.
void IngressServer::replace_older(std::uint64_t id, std::uint32_t kiosk) {
    auto const [entry, is_new] = by_kiosk_.try_emplace(kiosk, id);
    if (is_new || entry->second == id)
        return;
    if (auto const older = guests_.find(entry->second); older != guests_.end())
        older->second.connection->tell(link::CloseAsked{link::CloseReason::Replaced});
    entry->second = id;
}

void IngressServer::on_catalog_withheld(std::uint64_t id, std::size_t size) {
    log_.error(
        "ingress.catalog_withheld kiosk={} size={} cure=\"fewer providers for this kiosk\"",
        text_of(guests_.at(id).connection->identity()),
        size);
}

void IngressServer::on_end(
    std::uint64_t id, std::string_view reason, bool is_refusal, std::string const& detail) {
    Guest const& guest = guests_.at(id);
    auto const kiosk = text_of(guest.connection->identity());
    if (is_refusal)
        log_.warn(
            "ingress.refused peer={} kiosk={} reason={} detail=\"{}\"",
            guest.peer,
            kiosk,
            reason,
            detail);
    else
        log_.info("ingress.closed peer={} kiosk={} reason={}", guest.peer, kiosk, reason);
    count(reason, is_refusal);
}

// --- What the application asks
// --------------------------------------------------------------------

std::vector<KioskIdentity> IngressServer::connected() const {
    std::vector<KioskIdentity> kiosks;
    for (auto const& [kiosk, id] : by_kiosk_)
        if (auto const guest = guests_.find(id); guest != guests_.end())
            kiosks.push_back(to_desk(*guest->second.connection->identity()));
    return kiosks;
}

void IngressServer::push_catalog(KioskIdentity identity, wire::Catalog catalog) {
    link::CatalogChanged const changed{std::move(catalog)};
    for (auto const& [id, guest] : guests_) // One that is being greeted, too.
        if (guest.connection->identity() == link::Identity{identity.kiosk, identity.epoch})
            guest.connection->tell(changed);
}

void IngressServer::count(std::string_view reason, bool is_refusal) {
    std::lock_guard const lock{counters_mutex_};
    ++(is_refusal ? counters_.refused : counters_.closed)[std::string{reason}];
}

IngressCounters IngressServer::counters() const {
    std::lock_guard const lock{counters_mutex_};
    IngressCounters counters = counters_;
    counters.bytes_received = tls_.traffic().received;
    counters.bytes_sent = tls_.traffic().sent;
    return counters;
}

} // namespace

Result<std::unique_ptr<Server>, Complaint> Server::open(
    asio::any_io_executor executor, IngressOptions options, Desk& desk, spdlog::logger& log) {
    TRY(auto tls, TlsContext::open(options.authority, options.certificate, options.key));
    // Protobuf writes to stderr what does not parse; what kiosks say goes to our log, by name.
    google::protobuf::SetLogHandler(nullptr);
    auto server = std::make_unique<IngressServer>(
        std::move(executor), std::move(options), std::move(tls), desk, log);
    TRY_VOID(server->listen());
    return server;
}

} // namespace fleet::ingress
