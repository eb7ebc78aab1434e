#include "fleet-server/ingress/certificates.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

namespace fleet::ingress {

namespace {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;
using std::chrono::hours;

// Renewal over the link is to come; until then a certificate outlives the kiosk's warranty.
constexpr hours day{24};
constexpr auto authority_lives = 20 * 365 * day;
constexpr auto certificate_lives = 5 * 365 * day;
// A server whose clock is a little ahead must not issue what is not valid yet.
constexpr auto back_dated = 1 * day;
constexpr std::size_t pem_size_max = 64UL * 1024;
constexpr std::size_t server_names_max = 16;

template <auto free>
struct Free {
    template <class T>
    void operator()(T* pointer) const {
        free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

Complaint openssl_complaint(std::string place, std::string const& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return {std::move(place), what + " (" + text.data() + ")", "see that OpenSSL 3 works here"};
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    Memory const memory{BIO_new(BIO_s_mem())};
    if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1)
        return {};
    return text_of(memory.get());
}

std::string pem(EVP_PKEY* key) {
    Memory const memory{BIO_new(BIO_s_mem())};
    bool const is_written =
        memory && PEM_write_bio_PKCS8PrivateKey(
                      memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
    return is_written ? text_of(memory.get()) : std::string{};
}

Memory readable(std::string const& text) {
    return Memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// What makes one certificate differ from another.
struct Request {
    std::string common_name;
    hours lives{0};
    std::vector<std::pair<int, std::string>> extensions;
};

// 127 random bits: unguessable, positive, and no counter to keep on disk.
bool set_serial(X509* certificate) {
    Number const serial{BN_new()};
    return serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_life(X509* certificate, UtcTime now, hours lives) {
    auto const seconds = [](UtcTime time) { return std::chrono::system_clock::to_time_t(time); };
    return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(now - back_dated)) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(now + lives)) != nullptr;
}

bool set_subject(X509* certificate, std::string const& common_name) {
    std::vector<unsigned char> const bytes{common_name.begin(), common_name.end()};
    return X509_NAME_add_entry_by_NID(
               X509_get_subject_name(certificate),
               NID_commonName,
               MBSTRING_UTF8,
               bytes.data(),
               static_cast<int>(bytes.size()),
               -1,
               0) == 1;
}

bool add_extensions(
    X509* certificate, X509* issuer, std::vector<std::pair<int, std::string>> const& extensions) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    return std::ranges::all_of(extensions, [&](auto const& named) {
        Extension const extension{
            X509V3_EXT_conf_nid(nullptr, &context, named.first, named.second.c_str())};
        return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
    });
}

/// Self-signed when there is no issuer.
Result<Credentials, Complaint> issue(
    Request const& request, X509* issuer, EVP_PKEY* issuer_key, UtcTime now) {
    Key const key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
    Certificate const certificate{X509_new()};
    constexpr long version_3 = 2;
    bool const is_filled =
        key && certificate && X509_set_version(certificate.get(), version_3) == 1 &&
        set_serial(certificate.get()) && set_life(certificate.get(), now, request.lives) &&
        set_subject(certificate.get(), request.common_name) &&
        X509_set_issuer_name(
            certificate.get(), X509_get_subject_name(issuer ? issuer : certificate.get())) == 1 &&
        X509_set_pubkey(certificate.get(), key.get()) == 1 &&
        add_extensions(
            certificate.get(), issuer ? issuer : certificate.get(), request.extensions) &&
        X509_sign(certificate.get(), issuer ? issuer_key : key.get(), EVP_sha256()) > 0;
    if (!is_filled)
        return fail(openssl_complaint(request.common_name, "the certificate could not be made"));
    Credentials credentials{pem(certificate.get()), pem(key.get())};
    if (credentials.certificate.empty() || credentials.key.empty())
        return fail(openssl_complaint(request.common_name, "the certificate could not be written"));
    return credentials;
}

Result<Credentials, Complaint> issue_under(
    Request const& request, std::string const& issuer_pem, std::string const& key_pem,
    UtcTime now) {
    Certificate const issuer{
        PEM_read_bio_X509(readable(issuer_pem).get(), nullptr, nullptr, nullptr)};
    Key const key{PEM_read_bio_PrivateKey(readable(key_pem).get(), nullptr, nullptr, nullptr)};
    if (!issuer || !key || X509_check_private_key(issuer.get(), key.get()) != 1)
        return fail(openssl_complaint("the fleet's authority", "its certificate and key disagree"));
    return issue(request, issuer.get(), key.get(), now);
}

bool is_host_name(std::string const& name) {
    constexpr std::size_t host_name_size_max = 253; // RFC 1035.
    auto const is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.';
    };
    return !name.empty() && name.size() <= host_name_size_max &&
           std::ranges::all_of(name, is_allowed);
}

bool is_address(std::string const& name) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

// Two fleets' authorities under one name would be told apart by a bad signature alone, which reads
// like a broken file in every log.
std::string authority_name() {
    std::array<unsigned char, 4> random{};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string name = "kiosk fleet ";
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) == 1)
        for (unsigned char const byte : random) {
            name += digits[byte >> 4U];
            name += digits[byte & 0xFU];
        }
    return name;
}

Complaint file_complaint(std::filesystem::path const& path, std::string const& what) {
    return {
        path.string(),
        what + ": " + std::generic_category().message(errno),
        "see the folder's rights and space"};
}

Result<void, Complaint> write_new(
    std::filesystem::path const& path, std::string const& text, mode_t mode) {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0 && errno == EEXIST)
        return fail(Complaint{
            path.string(),
            "the file exists already",
            "move it away if it is really to be replaced"});
    if (file < 0)
        return fail(file_complaint(path, "cannot be made"));
    bool const is_written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    bool const is_closed = ::close(file) == 0;
    if (!is_written || !is_closed)
        return fail(file_complaint(path, "cannot be written"));
    return {};
}

Result<std::string, Complaint> read_pem(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()) || text.str().size() > pem_size_max)
        return fail(Complaint{
            path.string(),
            "cannot be read as a certificate or key",
            "make the authority with `fleetd init`"});
    return text.str();
}

} // namespace

Result<Authority, Complaint> Authority::make(std::filesystem::path const& folder, UtcTime now) {
    Request const request{
        .common_name = authority_name(),
        .lives = authority_lives,
        .extensions = {
            {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
            {NID_key_usage, "critical,keyCertSign,cRLSign"},
            {NID_subject_key_identifier, "hash"}}};
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return fail(Complaint{
            folder.string(),
            "the folder cannot be made: " + failure.message(),
            "make it, or write another one"});
    TRY(auto credentials, issue(request, nullptr, nullptr, now));
    TRY_VOID(write_credentials(folder / "ca.pem", folder / "ca.key", credentials));
    return Authority{std::move(credentials.certificate), std::move(credentials.key)};
}

Result<Authority, Complaint> Authority::open(std::filesystem::path const& folder) {
    TRY(auto certificate, read_pem(folder / "ca.pem"));
    TRY(auto key, read_pem(folder / "ca.key"));
    return Authority{std::move(certificate), std::move(key)};
}

Result<Credentials, Complaint> Authority::issue_server(
    std::vector<std::string> const& names, UtcTime now) const {
    if (names.empty() || names.size() > server_names_max)
        return fail(Complaint{
            "the server's names",
            "there are " + std::to_string(names.size()),
            "give 1 to " + std::to_string(server_names_max) + " host names or addresses"});
    std::string alternatives;
    for (std::string const& name : names) {
        if (!is_address(name) && !is_host_name(name))
            return fail(Complaint{
                "the server's name '" + name + "'",
                "this is no host name and no address",
                "write it as in fleet.example or 192.0.2.1"});
        alternatives += alternatives.empty() ? "" : ",";
        alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
    }
    Request const request{
        .common_name = "kiosk fleet server",
        .lives = certificate_lives,
        .extensions = {
            {NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature"},
            {NID_ext_key_usage, "serverAuth"},
            {NID_subject_alt_name, alternatives}}};
    return issue_under(request, certificate_, key_, now);
}

Result<Credentials, Complaint> Authority::issue_kiosk(
    protocol::link::Identity identity, UtcTime now) const {
    std::string const name = protocol::link::common_name(identity);
    if (protocol::link::identity_from_common_name(name) != identity)
        return fail(Complaint{
            name,
            "a kiosk's number or epoch is out of range",
            "number 1 to " + std::to_string(protocol::link::kiosk_number_max) + ", epoch 1 to " +
                std::to_string(protocol::link::epoch_max)});
    // Every byte of it travels at each handshake: nothing that is not needed.
    Request const request{
        .common_name = name,
        .lives = certificate_lives,
        .extensions = {
            {NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature"},
            {NID_ext_key_usage, "clientAuth"}}};
    return issue_under(request, certificate_, key_, now);
}

Result<void, Complaint> write_credentials(
    std::filesystem::path const& certificate, std::filesystem::path const& key,
    Credentials const& credentials) {
    TRY_VOID(write_new(key, credentials.key, 0600));
    TRY_VOID(write_new(certificate, credentials.certificate, 0644));
    return {};
}

} // namespace fleet::ingress
