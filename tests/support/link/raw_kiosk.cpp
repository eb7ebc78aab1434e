#include "tests/support/link/raw_kiosk.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "protocol/link/chain.hpp"
#include "protocol/wire/message.hpp"

namespace tests {

namespace link = protocol::link;
namespace wire = protocol::wire;

void RawKiosk::Free::operator()(SSL* ssl) const {
    SSL_free(ssl);
}
void RawKiosk::Free::operator()(SSL_CTX* context) const {
    SSL_CTX_free(context);
}

RawKiosk::RawKiosk(Options const& options) {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL's own BIO writes without MSG_NOSIGNAL.
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(socket_ >= 0);
    timeval const patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    if (options.tls_version < 0)
        return; // No TLS at all.

    context_.reset(SSL_CTX_new(TLS_client_method()));
    int const version = options.tls_version == 0 ? TLS1_3_VERSION : options.tls_version;
    REQUIRE(SSL_CTX_set_min_proto_version(context_.get(), version) == 1);
    REQUIRE(SSL_CTX_set_max_proto_version(context_.get(), version) == 1);
    if (!options.authority.empty()) {
        REQUIRE(SSL_CTX_load_verify_file(context_.get(), options.authority.c_str()) == 1);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    }
    if (!options.certificate.empty()) {
        std::string const stem = options.certificate.string();
        REQUIRE(
            SSL_CTX_use_certificate_file(
                context_.get(), (stem + ".pem").c_str(), SSL_FILETYPE_PEM) == 1);
        REQUIRE(
            SSL_CTX_use_PrivateKey_file(
                context_.get(), (stem + ".key").c_str(), SSL_FILETYPE_PEM) == 1);
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    is_shaken_ = SSL_connect(ssl_.get()) == 1;
}

RawKiosk::~RawKiosk() {
    ssl_.reset();
    ::close(socket_);
}

bool RawKiosk::send_raw(protocol::ByteView bytes) {
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

bool RawKiosk::send(protocol::ByteView bytes) {
    ERR_clear_error();
    std::size_t written = 0;
    return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1;
}

bool RawKiosk::send(wire::FromKiosk const& message) {
    auto const frame = wire::frame_of(message);
    REQUIRE(frame);
    return send(*frame);
}

std::optional<wire::FromServer> RawKiosk::hear() {
    for (;;) {
        if (auto const frame = reader_.next()) {
            REQUIRE(*frame);
            auto const message = wire::read_from_server(**frame);
            REQUIRE(message);
            return *message;
        }
        std::array<std::uint8_t, 16 * 1024> buffer;
        std::size_t size = 0;
        ERR_clear_error();
        if (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size) != 1)
            return std::nullopt;
        reader_.push(std::span{buffer}.first(size));
    }
}

wire::Refusal RawKiosk::hear_refusal() {
    while (auto const message = hear())
        if (message->has_refusal())
            return message->refusal();
    return {};
}

bool RawKiosk::is_hung_up() {
    std::array<char, 4096> buffer;
    for (;;) {
        auto const size = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (size == 0 || (size < 0 && errno == ECONNRESET))
            return true;
        if (size < 0)
            return false;
    }
}

wire::FromKiosk hello(
    std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t last_sequence,
    std::string const& head_hash) {
    wire::FromKiosk message;
    wire::Hello& hello = *message.mutable_hello();
    hello.set_protocol(1);
    hello.set_kiosk(kiosk);
    hello.set_epoch(epoch);
    hello.set_last_sequence(last_sequence);
    hello.set_head_hash(head_hash);
    return message;
}

wire::FromKiosk batch(
    std::uint64_t first, std::vector<std::string> const& records, std::string const& before) {
    wire::FromKiosk message;
    wire::Batch& batch = *message.mutable_batch();
    batch.set_first_sequence(first);
    link::Hash hash = before.empty() ? link::chain_start : *link::hash_from_wire(before);
    for (std::uint64_t sequence = first; std::string const& record : records) {
        batch.add_records(record);
        protocol::Bytes const payload{record.begin(), record.end()};
        hash = link::chain_next(hash, sequence++, payload);
    }
    batch.set_head_hash(link::to_wire(hash));
    return message;
}

} // namespace tests
