#include "fleet-server/ingress/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <cerrno>

namespace fleet::ingress {

namespace asio = boost::asio;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

// A kiosk's certificate and its authority's are 1 KB; more is somebody who wants our memory.
constexpr long certificate_chain_size_max = 16L * 1024;

std::string openssl_text() {
    std::array<char, 256> text{};
    auto const code = ERR_peek_last_error();
    if (code == 0)
        return {};
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

// --- OpenSSL's way to the socket
// ------------------------------------------------------------------ Its own socket BIO calls
// write(), which kills the process by SIGPIPE when a kiosk has gone.

TlsStream::Wire& wire_of(BIO* bio) {
    return *static_cast<TlsStream::Wire*>(BIO_get_data(bio));
}

int socket_write(BIO* bio, char const* data, int size) {
    BIO_clear_retry_flags(bio);
    TlsStream::Wire& wire = wire_of(bio);
    auto const sent = ::send(wire.socket, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno == EAGAIN || errno == EINTR)
            BIO_set_retry_write(bio);
        return -1;
    }
    wire.traffic->sent += static_cast<std::uint64_t>(sent);
    return static_cast<int>(sent);
}

int socket_read(BIO* bio, char* data, int size) {
    BIO_clear_retry_flags(bio);
    TlsStream::Wire& wire = wire_of(bio);
    auto const received = ::recv(wire.socket, data, static_cast<std::size_t>(size), 0);
    if (received < 0) {
        if (errno == EAGAIN || errno == EINTR)
            BIO_set_retry_read(bio);
        return -1;
    }
    wire.traffic->received += static_cast<std::uint64_t>(received);
    return static_cast<int>(received);
}

long socket_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// --- The context
// ----------------------------------------------------------------------------------

bool set_up(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify_depth(context, 1);
    // No tickets yet: each costs a kiosk on GPRS half a kilobyte, and nothing keeps them there.
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, certificate_chain_size_max);
    // Nor the authority's certificate: the kiosk has it.
    SSL_CTX_set_mode(
        context,
        SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

Complaint unusable(std::filesystem::path const& path, std::string const& what) {
    return {
        path.string(),
        what + " (" + openssl_text() + ")",
        "make the authority and the server's certificate with `fleetd init`"};
}

} // namespace

void TlsContext::Free::operator()(SSL_CTX* context) const {
    SSL_CTX_free(context);
}

void TlsContext::Free::operator()(BIO_METHOD* method) const {
    BIO_meth_free(method);
}

Result<TlsContext, Complaint> TlsContext::open(
    std::filesystem::path const& authority, std::filesystem::path const& certificate,
    std::filesystem::path const& key) {
    ERR_clear_error();
    TlsContext tls;
    tls.context_.reset(SSL_CTX_new(TLS_server_method()));
    tls.method_.reset(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "kiosk socket"));
    SSL_CTX* const context = tls.context_.get();
    BIO_METHOD* const method = tls.method_.get();
    if (context == nullptr || method == nullptr || !set_up(context) ||
        BIO_meth_set_write(method, socket_write) != 1 ||
        BIO_meth_set_read(method, socket_read) != 1 ||
        BIO_meth_set_ctrl(method, socket_control) != 1)
        return fail(
            Complaint{"TLS", "OpenSSL gives no TLS 1.3: " + openssl_text(), "mend OpenSSL"});
    if (SSL_CTX_load_verify_file(context, authority.c_str()) != 1)
        return fail(unusable(authority, "this is not the fleet's authority"));
    if (SSL_CTX_use_certificate_file(context, certificate.c_str(), SSL_FILETYPE_PEM) != 1)
        return fail(unusable(certificate, "this is not the server's certificate"));
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
        return fail(unusable(key, "this is not the key of the server's certificate"));
    return tls;
}

// --- The stream
// -----------------------------------------------------------------------------------

std::string_view name(TlsError error) {
    switch (error) {
    case TlsError::Closed: return "closed";
    case TlsError::NoCertificate: return "no_certificate";
    case TlsError::UntrustedCertificate: return "untrusted_certificate";
    case TlsError::Version: return "tls_version";
    case TlsError::Handshake: return "tls_handshake";
    case TlsError::Broken: return "tls_broken";
    }
    return "unknown";
}

void TlsStream::Free::operator()(SSL* ssl) const {
    SSL_free(ssl);
}

TlsStream::TlsStream(asio::ip::tcp::socket socket, TlsContext const& context)
    : socket_{std::move(socket)}, ssl_{SSL_new(context.get())} {
    boost::system::error_code ignored; // A dead socket shows at the first read.
    socket_.non_blocking(true, ignored);
    // Answers are short and waited for.
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    wire_ = {socket_.native_handle(), &context.traffic()};
    BIO* const bio = BIO_new(context.socket_method());
    assert(ssl_ && bio); // Out of memory.
    BIO_set_data(bio, &wire_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio); // Owns it.
    SSL_set_accept_state(ssl_.get());
}

TlsStream::~TlsStream() = default;

Result<TlsStream::Wait, TlsFailure> TlsStream::what_next(int outcome, int system_error) const {
    switch (SSL_get_error(ssl_.get(), outcome)) {
    case SSL_ERROR_WANT_READ: return Wait::ToRead;
    case SSL_ERROR_WANT_WRITE: return Wait::ToWrite;
    case SSL_ERROR_ZERO_RETURN: return fail(TlsFailure{TlsError::Closed, {}});
    case SSL_ERROR_SYSCALL:
        return fail(TlsFailure{
            TlsError::Closed,
            system_error != 0 ? boost::system::system_category().message(system_error) : ""});
    default: break;
    }
    auto const error = ERR_peek_last_error();
    TlsFailure failure{TlsError::Broken, openssl_text()};
    if (ERR_GET_LIB(error) == ERR_LIB_SSL) {
        switch (ERR_GET_REASON(error)) {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            failure.error = TlsError::NoCertificate;
            break;
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            failure.error = TlsError::UntrustedCertificate;
            failure.detail = X509_verify_cert_error_string(SSL_get_verify_result(ssl_.get()));
            break;
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_VERSION_TOO_LOW:
        case SSL_R_WRONG_SSL_VERSION:
        case SSL_R_UNKNOWN_PROTOCOL: failure.error = TlsError::Version; break;
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: failure.error = TlsError::Closed; break;
        default: break;
        }
    }
    return fail(std::move(failure));
}

TlsStream::Outcome<void> TlsStream::wait_for(Wait wait) {
    using Type = asio::ip::tcp::socket::wait_type;
    if (!socket_.is_open())
        co_return fail(TlsFailure{TlsError::Closed, "by us"});
    auto const [failure] = co_await socket_.async_wait(
        wait == Wait::ToRead ? Type::wait_read : Type::wait_write,
        asio::as_tuple(asio::use_awaitable));
    if (failure || !socket_.is_open())
        co_return fail(TlsFailure{TlsError::Closed, failure.message()});
    co_return Result<void, TlsFailure>{};
}

TlsStream::Outcome<void> TlsStream::handshake() {
    while (socket_.is_open()) {
        ERR_clear_error();
        errno = 0;
        int const outcome = SSL_do_handshake(ssl_.get());
        if (outcome == 1)
            co_return Result<void, TlsFailure>{};
        auto const wait = what_next(outcome, errno);
        if (!wait) {
            TlsFailure failure = wait.error();
            if (failure.error == TlsError::Broken)
                failure.error = TlsError::Handshake;
            co_return fail(std::move(failure));
        }
        if (auto const ready = co_await wait_for(*wait); !ready)
            co_return fail(ready.error());
    }
    co_return fail(TlsFailure{TlsError::Closed, "by us"});
}

std::string TlsStream::peer_common_name() const {
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    if (certificate == nullptr)
        return {};
    X509_NAME const* const subject = X509_get_subject_name(certificate);
    // Exactly one: with two, another reader could see the other.
    int const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
        return {};
    ASN1_STRING const* const text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    unsigned char const* const data = ASN1_STRING_get0_data(text);
    return {data, data + ASN1_STRING_length(text)};
}

TlsStream::Outcome<std::size_t> TlsStream::read_some(std::span<std::uint8_t> into) {
    while (socket_.is_open()) {
        ERR_clear_error();
        errno = 0;
        std::size_t size = 0;
        int const outcome = SSL_read_ex(ssl_.get(), into.data(), into.size(), &size);
        if (outcome == 1)
            co_return size;
        auto const wait = what_next(outcome, errno);
        if (!wait)
            co_return fail(wait.error());
        if (auto const ready = co_await wait_for(*wait); !ready)
            co_return fail(ready.error());
    }
    co_return fail(TlsFailure{TlsError::Closed, "by us"});
}

TlsStream::Outcome<void> TlsStream::write(protocol::ByteView bytes) {
    while (!bytes.empty() && socket_.is_open()) {
        ERR_clear_error();
        errno = 0;
        std::size_t size = 0;
        int const outcome = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size);
        if (outcome == 1) {
            bytes = bytes.subspan(size);
            continue;
        }
        auto const wait = what_next(outcome, errno);
        if (!wait)
            co_return fail(wait.error());
        if (auto const ready = co_await wait_for(*wait); !ready)
            co_return fail(ready.error());
    }
    if (!bytes.empty())
        co_return fail(TlsFailure{TlsError::Closed, "by us"});
    co_return Result<void, TlsFailure>{};
}

void TlsStream::finish_sending() {
    if (!socket_.is_open() || SSL_is_init_finished(ssl_.get()) == 0)
        return;
    boost::system::error_code ignored; // It may be gone already.
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void TlsStream::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    wire_.socket = -1; // Its number may be another connection's next.
}

} // namespace fleet::ingress
