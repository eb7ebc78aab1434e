#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/wire/frame.hpp"
#include "protocol/wire/kiosk.pb.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace tests {

/// A client that says whatever a test wants, over blocking sockets that give up after ten seconds.
class RawKiosk {
public:
    struct Options {
        std::uint16_t port = 0;
        std::filesystem::path authority;        ///< Empty: believes anybody.
        std::filesystem::path certificate = {}; ///< The stem of .pem and .key; empty: none.
        int tls_version = 0;                    ///< 0: 1.3.
    };
    explicit RawKiosk(Options const& options);
    ~RawKiosk();
    RawKiosk(RawKiosk const&) = delete;
    RawKiosk& operator=(RawKiosk const&) = delete;

    [[nodiscard]] bool is_shaken() const { return is_shaken_; }
    /// False when the connection is gone.
    bool send_raw(protocol::ByteView bytes); ///< Past TLS, onto the socket.
    bool send(protocol::ByteView bytes);
    bool send(protocol::wire::FromKiosk const& message);
    /// nullopt: the server hung up, or nothing came.
    std::optional<protocol::wire::FromServer> hear();
    /// The refusal that ends the connection; UNSPECIFIED when there is none.
    protocol::wire::Refusal hear_refusal();
    bool is_hung_up(); ///< Waits for it.

private:
    struct Free {
        void operator()(SSL* ssl) const;
        void operator()(SSL_CTX* context) const;
    };
    int socket_ = -1;
    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> ssl_;
    bool is_shaken_ = false;
    protocol::wire::FrameReader reader_;
};

protocol::wire::FromKiosk hello(
    std::uint32_t kiosk, std::uint32_t epoch = 1, std::uint64_t last_sequence = 0,
    std::string const& head_hash = {});
/// Records first, first + 1, ... with the chain's head after them; `before` is the hash before.
protocol::wire::FromKiosk batch(
    std::uint64_t first, std::vector<std::string> const& records, std::string const& before = {});

} // namespace tests
