#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/ingress/tls.hpp"
#include "protocol/link/server_session.hpp"

namespace fleet::ingress {

/// What a connection needs of the server that holds it. Called on the executor, must not block.
class ConnectionHost {
public:
    ConnectionHost() = default;
    ConnectionHost(ConnectionHost const&) = delete;
    ConnectionHost& operator=(ConnectionHost const&) = delete;
    virtual ~ConnectionHost() = default;

    /// Each leads to one tell() of the connection with this id, later, if there still is one.
    virtual void ask(std::uint64_t connection, protocol::link::AskWelcome question) = 0;
    virtual void ask(std::uint64_t connection, protocol::link::AskAccept question) = 0;
    virtual void ask(std::uint64_t connection, protocol::link::AskLookUp question) = 0;

    virtual void on_identified(std::uint64_t connection) = 0;
    virtual void on_catalog_withheld(std::uint64_t connection, std::size_t size) = 0;
    /// Once, when it begins to close or is lost.
    virtual void on_end(
        std::uint64_t connection, std::string_view reason, bool is_refusal,
        std::string const& detail) = 0;
    /// Used between two waits only, so that connections can share it.
    [[nodiscard]] virtual std::span<std::uint8_t> scratch() = 0;
};

struct ConnectionTuning {
    std::chrono::milliseconds handshake_within = std::chrono::seconds{30};
    std::chrono::milliseconds write_within = std::chrono::minutes{2};
    protocol::link::ServerTuning session;
};

/// One kiosk's connection: carries out what its ServerSession decides. All on one executor.
class Connection {
public:
    Connection(
        std::uint64_t id, boost::asio::ip::tcp::socket socket, TlsContext const& context,
        ConnectionTuning const& tuning, ConnectionHost& host);
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// From the handshake until everything of it has ended.
    [[nodiscard]] boost::asio::awaitable<void> run();
    void tell(protocol::link::ServerEvent const& event);
    /// The server ends: whoever is still shaking hands is cut off.
    void stop();

    [[nodiscard]] std::uint64_t id() const { return id_; }
    /// nullopt until the handshake has proved one.
    [[nodiscard]] std::optional<protocol::link::Identity> identity() const;

private:
    boost::asio::awaitable<void> receive();
    boost::asio::awaitable<void> transmit();
    boost::asio::awaitable<void> watch();
    [[nodiscard]] boost::asio::awaitable<bool> shake_hands();
    void perform(std::vector<protocol::link::ServerEffect> effects);
    void perform(protocol::link::Reply const& reply);
    void begin_closing(protocol::link::Close const& close);
    void end(std::string_view reason, bool is_refusal, std::string const& detail);
    void wake();
    void on_time();
    [[nodiscard]] bool may_read() const;
    [[nodiscard]] protocol::link::TimePoint deadline() const;

    std::uint64_t id_;
    TlsStream stream_;
    ConnectionTuning const& tuning_;
    ConnectionHost& host_;
    std::optional<protocol::link::ServerSession> session_;
    protocol::link::TimePoint handshake_due_;
    std::optional<protocol::link::TimePoint> write_due_;
    protocol::Bytes outgoing_;
    std::size_t forgotten_ = 0; // Bytes read after closing began.
    bool is_told_ = false;      // on_end was called.
    bool is_over_ = false;
    // Never expire by themselves: cancelled to wake whoever waits.
    boost::asio::steady_timer readable_;
    boost::asio::steady_timer writable_;
    boost::asio::steady_timer alarm_;
};

} // namespace fleet::ingress
