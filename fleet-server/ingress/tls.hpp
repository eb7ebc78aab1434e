#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;
using BIO_METHOD = struct bio_method_st;

/// TLS 1.3 straight over a non-blocking socket. Asio's own stream keeps some 70 KB of buffers a
/// connection; here an idle one keeps OpenSSL's state and nothing else, since twenty thousand
/// kiosks are idle nearly always.
namespace fleet::ingress {

/// On the wire, TLS included, IP and TCP not. Written on the executor, read by metrics.
struct Traffic {
    std::atomic<std::uint64_t> received = 0;
    std::atomic<std::uint64_t> sent = 0;
};

/// The server's certificate, and the authority that kiosks must be certified by.
class TlsContext {
public:
    [[nodiscard]] static protocol::Result<TlsContext, protocol::Complaint> open(
        std::filesystem::path const& authority, std::filesystem::path const& certificate,
        std::filesystem::path const& key);

    [[nodiscard]] SSL_CTX* get() const { return context_.get(); }
    [[nodiscard]] BIO_METHOD* socket_method() const { return method_.get(); }
    [[nodiscard]] Traffic& traffic() const { return *traffic_; } ///< Of all its connections.

private:
    struct Free {
        void operator()(SSL_CTX* context) const;
        void operator()(BIO_METHOD* method) const;
    };
    TlsContext() = default;

    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<BIO_METHOD, Free> method_;
    std::unique_ptr<Traffic> traffic_ = std::make_unique<Traffic>();
};

enum class TlsError : std::uint8_t {
    Closed, ///< By the peer, by us or by the network.
    NoCertificate,
    UntrustedCertificate,
    Version, ///< The peer does not speak TLS 1.3.
    Handshake,
    Broken, ///< What came is no TLS.
};
/// "no_certificate": in logs and as a label of metrics.
[[nodiscard]] std::string_view name(TlsError error);

struct TlsFailure {
    TlsError error = TlsError::Closed;
    std::string detail; ///< OpenSSL's words.
};

/// One handshake, one reader and one writer at a time, all on the socket's executor. A deadline is
/// the caller's: close() ends whatever waits.
class TlsStream {
public:
    template <class T>
    using Outcome = boost::asio::awaitable<protocol::Result<T, TlsFailure>>;

    TlsStream(boost::asio::ip::tcp::socket socket, TlsContext const& context);
    TlsStream(TlsStream const&) = delete;
    TlsStream& operator=(TlsStream const&) = delete;
    ~TlsStream();

    [[nodiscard]] Outcome<void> handshake();
    /// The CN of the certificate that the handshake verified.
    [[nodiscard]] std::string peer_common_name() const;

    /// At least one byte. Nothing is in `into` while it waits: connections may share one buffer.
    [[nodiscard]] Outcome<std::size_t> read_some(std::span<std::uint8_t> into);
    [[nodiscard]] Outcome<void> write(protocol::ByteView bytes);

    /// Says goodbye and sends no more; what the peer sends can still be read.
    void finish_sending();
    void close();

    [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

    struct Wire {
        int socket = -1;
        Traffic* traffic = nullptr;
    };

private:
    enum class Wait : std::uint8_t { ToRead, ToWrite };
    [[nodiscard]] protocol::Result<Wait, TlsFailure> what_next(int outcome, int system_error) const;
    [[nodiscard]] Outcome<void> wait_for(Wait wait);
    struct Free {
        void operator()(SSL* ssl) const;
    };

    boost::asio::ip::tcp::socket socket_;
    Wire wire_;
    std::unique_ptr<SSL, Free> ssl_;
};

} // namespace fleet::ingress
