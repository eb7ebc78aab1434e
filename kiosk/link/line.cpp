#include "kiosk/link/line.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

namespace kiosk::link {

namespace asio = boost::asio;
using boost::system::error_code;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

Complaint unusable(
    std::filesystem::path const& path, std::string const& what, error_code const& failure) {
    return {
        path.string(),
        what + " (" + failure.message() + ")",
        "copy the three files that `fleetctl kiosk enrol` wrote"};
}

bool expect_name(SSL* ssl, std::string const& name) {
    bool const is_address = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
    ERR_clear_error();
    return is_address || (!name.empty() && SSL_set1_host(ssl, name.c_str()) == 1);
}

// Asio's message is the last of OpenSSL's, which for a wrong authority speaks of ASN.1.
std::string reason_of(SSL* ssl, error_code const& failure) {
    long const verdict = SSL_get_verify_result(ssl);
    if (verdict == X509_V_OK)
        return failure.message();
    return std::string{"the server's certificate: "} + X509_verify_cert_error_string(verdict);
}

std::optional<protocol::link::Identity> identity_in(asio::ssl::context& context) {
    X509* const certificate = SSL_CTX_get0_certificate(context.native_handle());
    if (certificate == nullptr)
        return std::nullopt;
    std::array<char, 64> name{};
    int const size = X509_NAME_get_text_by_NID(
        X509_get_subject_name(certificate),
        NID_commonName,
        name.data(),
        static_cast<int>(name.size()));
    if (size < 0)
        return std::nullopt;
    return protocol::link::identity_from_common_name({name.data(), static_cast<std::size_t>(size)});
}

} // namespace

Result<LineContext, Complaint> LineContext::open(
    std::filesystem::path const& authority, std::filesystem::path const& certificate,
    std::filesystem::path const& key) {
    LineContext line{asio::ssl::context{asio::ssl::context::tlsv13_client}};
    asio::ssl::context& context = line.context_;
    error_code failure;
    context.set_verify_mode(asio::ssl::verify_peer, failure);
    // A kiosk whose clock battery has died believes it is 1970; the time comes from this very
    // server. Who may be the server is the fleet's authority's word, and it is replaced when that
    // word was wrong.
    X509_VERIFY_PARAM_set_flags(
        SSL_CTX_get0_param(context.native_handle()), X509_V_FLAG_NO_CHECK_TIME);
    // The server has the authority's certificate: it need not travel.
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_NO_AUTO_CHAIN);
    context.load_verify_file(authority.string(), failure);
    if (failure)
        return fail(unusable(authority, "this is not the fleet's authority", failure));
    context.use_certificate_file(certificate.string(), asio::ssl::context::pem, failure);
    if (failure)
        return fail(unusable(certificate, "this is not a kiosk's certificate", failure));
    context.use_private_key_file(key.string(), asio::ssl::context::pem, failure);
    if (failure)
        return fail(unusable(key, "this is not the key of the kiosk's certificate", failure));
    auto const identity = identity_in(context);
    if (!identity)
        return fail(unusable(certificate, "it names no kiosk", failure));
    line.identity_ = *identity;
    return line;
}

Line::Line(asio::any_io_executor const& executor, LineContext& context)
    : resolver_{executor},
      stream_{executor, context.get()},
      queued_{executor, std::chrono::steady_clock::time_point::max()} {}

Line::Outcome<void> Line::open(
    std::string const& host, std::uint16_t port, std::string const& server_name) {
    auto const token = asio::as_tuple(asio::use_awaitable);
    auto const [unresolved, addresses] =
        co_await resolver_.async_resolve(host, std::to_string(port), token);
    if (unresolved || is_closed_)
        co_return fail(std::string{"resolve: " + unresolved.message()});
    auto const [unconnected, address] =
        co_await asio::async_connect(stream_.next_layer(), addresses, token);
    if (unconnected || is_closed_)
        co_return fail(std::string{"connect: " + unconnected.message()});
    error_code failure;
    stream_.next_layer().set_option(asio::ip::tcp::no_delay{true}, failure);
    if (!expect_name(stream_.native_handle(), server_name))
        co_return fail(std::string{"handshake: '" + server_name + "' is no name of a server"});
    auto const [unshaken] = co_await stream_.async_handshake(asio::ssl::stream_base::client, token);
    if (unshaken || is_closed_)
        co_return fail("handshake: " + reason_of(stream_.native_handle(), unshaken));
    co_return Result<void, std::string>{};
}

Line::Outcome<std::size_t> Line::read_some() {
    auto const [failure, size] = co_await stream_.async_read_some(
        asio::buffer(buffer_), asio::as_tuple(asio::use_awaitable));
    if (failure || is_over_)
        co_return fail(failure.message());
    reader_.push(std::span{buffer_}.first(size));
    co_return size;
}

void Line::queue(protocol::Bytes const& frame) {
    outgoing_.insert(outgoing_.end(), frame.begin(), frame.end());
    queued_.cancel();
}

Line::Outcome<void> Line::write_queued() {
    if (outgoing_.empty()) {
        co_await queued_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return Result<void, std::string>{};
    }
    protocol::Bytes const bytes = std::exchange(outgoing_, {});
    auto const [failure, size] = co_await asio::async_write(
        stream_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
    if (failure)
        co_return fail(failure.message());
    co_return Result<void, std::string>{};
}

void Line::hang_up() {
    is_over_ = true;
    error_code ignored;
    resolver_.cancel();
    stream_.next_layer().close(ignored);
    queued_.cancel();
}

void Line::close() {
    is_closed_ = true;
    hang_up();
}

} // namespace kiosk::link
