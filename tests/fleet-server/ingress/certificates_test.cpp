#include "fleet-server/ingress/certificates.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <memory>

#include "tests/support/temporary_folder.hpp"

using namespace fleet::ingress;

namespace {

auto const now = std::chrono::system_clock::from_time_t(1'790'000'000);

struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
using Certificate = std::unique_ptr<X509, Free>;

Certificate parse(std::string const& pem) {
    BIO* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    Certificate certificate{PEM_read_bio_X509(memory, nullptr, nullptr, nullptr)};
    BIO_free(memory);
    REQUIRE(certificate);
    return certificate;
}

std::string common_name(X509* certificate) {
    char text[128] = {};
    X509_NAME_get_text_by_NID(
        X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
    return text;
}

/// Whether the authority vouches for the certificate in this role.
bool is_good_for(std::string const& pem, Authority const& authority, int purpose) {
    Certificate const root = parse(authority.certificate());
    Certificate const leaf = parse(pem);
    std::unique_ptr<X509_STORE, Free> const store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), root.get());
    std::unique_ptr<X509_STORE_CTX, Free> const context{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_STORE_CTX_set_time(
        context.get(), 0, std::chrono::system_clock::to_time_t(now + std::chrono::hours{1}));
    return X509_verify_cert(context.get()) == 1;
}

} // namespace

TEST_SUITE("ingress certificates") {
    TEST_CASE("a kiosk's certificate names it and is good for a client only") {
        tests::TemporaryFolder const folder;
        auto const authority = Authority::make(folder.path(), now);
        REQUIRE(authority);
        auto const kiosk = authority->issue_kiosk({17, 1}, now);
        REQUIRE(kiosk);
        CHECK(common_name(parse(kiosk->certificate).get()) == "kiosk-17-1");
        CHECK(is_good_for(kiosk->certificate, *authority, X509_PURPOSE_SSL_CLIENT));
        CHECK_FALSE(is_good_for(kiosk->certificate, *authority, X509_PURPOSE_SSL_SERVER));
    }

    TEST_CASE("the server's certificate carries its names and is good for a server only") {
        tests::TemporaryFolder const folder;
        auto const authority = Authority::make(folder.path(), now);
        REQUIRE(authority);
        auto const server = authority->issue_server({"fleet.example", "127.0.0.1"}, now);
        REQUIRE(server);
        Certificate const certificate = parse(server->certificate);
        CHECK(X509_check_host(certificate.get(), "fleet.example", 0, 0, nullptr) == 1);
        CHECK(X509_check_host(certificate.get(), "other.example", 0, 0, nullptr) == 0);
        CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
        CHECK(is_good_for(server->certificate, *authority, X509_PURPOSE_SSL_SERVER));
        CHECK_FALSE(is_good_for(server->certificate, *authority, X509_PURPOSE_SSL_CLIENT));
    }

    TEST_CASE("another authority does not vouch for it") {
        tests::TemporaryFolder const folder;
        auto const ours = Authority::make(folder.path() / "ours", now);
        auto const theirs = Authority::make(folder.path() / "theirs", now);
        REQUIRE(ours);
        REQUIRE(theirs);
        auto const kiosk = theirs->issue_kiosk({17, 1}, now);
        CHECK_FALSE(is_good_for(kiosk->certificate, *ours, X509_PURPOSE_SSL_CLIENT));
    }

    TEST_CASE("an authority opened again signs as before, and is never replaced") {
        tests::TemporaryFolder const folder;
        auto const made = Authority::make(folder.path(), now);
        REQUIRE(made);
        auto const opened = Authority::open(folder.path());
        REQUIRE(opened);
        CHECK(opened->certificate() == made->certificate());
        auto const kiosk = opened->issue_kiosk({18, 2}, now);
        CHECK(is_good_for(kiosk->certificate, *made, X509_PURPOSE_SSL_CLIENT));

        auto const again = Authority::make(folder.path(), now);
        REQUIRE_FALSE(again);
        CHECK(again.error().problem == "the file exists already");
        CHECK(Authority::open(folder.path())->certificate() == made->certificate());
    }

    TEST_CASE("keys are readable by their owner alone") {
        tests::TemporaryFolder const folder;
        REQUIRE(Authority::make(folder.path(), now));
        struct stat status = {};
        REQUIRE(::stat((folder.path() / "ca.key").c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0600U);
    }

    TEST_CASE("each certificate has a number of its own") {
        tests::TemporaryFolder const folder;
        auto const authority = Authority::make(folder.path(), now);
        Certificate const one = parse(authority->issue_kiosk({17, 1}, now)->certificate);
        Certificate const other = parse(authority->issue_kiosk({17, 1}, now)->certificate);
        CHECK(
            ASN1_INTEGER_cmp(
                X509_get0_serialNumber(one.get()), X509_get0_serialNumber(other.get())) != 0);
    }

    TEST_CASE("what cannot be certified is complained of") {
        tests::TemporaryFolder const folder;
        auto const authority = Authority::make(folder.path(), now);
        CHECK_FALSE(authority->issue_kiosk({0, 1}, now));
        CHECK_FALSE(authority->issue_kiosk({1'000'000, 1}, now));
        CHECK_FALSE(authority->issue_kiosk({17, 0}, now));
        CHECK_FALSE(authority->issue_server({}, now));
        CHECK_FALSE(authority->issue_server({"fleet.example,IP:0.0.0.0"}, now));
        auto const missing = Authority::open(folder.path() / "nowhere");
        REQUIRE_FALSE(missing);
        CHECK(missing.error().cure.find("fleetd init") != std::string::npos);
    }
}
