#include "fleet-server/ingress/server.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <functional>
#include <memory>

#include "protocol/wire/message.hpp"
#include "tests/support/link/ingress_harness.hpp"
#include "tests/support/link/raw_kiosk.hpp"

using namespace tests;
using namespace std::chrono_literals;
namespace wire = protocol::wire;
using fleet::ingress::IngressOptions;
using protocol::Bytes;

namespace {

/// A kiosk that behaves, on a connection of its own. While others are hostile, its batches flow.
class GoodKiosk {
public:
    GoodKiosk(Fleet& fleet, IngressHarness& ingress, std::uint32_t number)
        : number_{number},
          ingress_{ingress},
          raw_{
              {.port = ingress.port(),
               .authority = fleet.authority_file(),
               .certificate = fleet.enrol(number)}} {
        REQUIRE(raw_.is_shaken());
        REQUIRE(raw_.send(hello(number)));
        auto const welcome = raw_.hear();
        REQUIRE(welcome);
        REQUIRE(welcome->has_welcome());
    }

    void pays() {
        ++sequence_;
        auto const message = batch(sequence_, {"payment " + std::to_string(sequence_)}, head_);
        head_ = message.batch().head_hash();
        REQUIRE(raw_.send(message));
        auto const acknowledgement = raw_.hear();
        REQUIRE(acknowledgement);
        CHECK(acknowledgement->acknowledgement().sequence() == sequence_);
        CHECK(acknowledgement->acknowledgement().hash() == head_);
        CHECK(ingress_.desk().records_of(number_).size() == sequence_);
    }
    RawKiosk& raw() { return raw_; }
    std::string const& head() const { return head_; }

private:
    std::uint32_t number_;
    IngressHarness& ingress_;
    RawKiosk raw_;
    std::uint64_t sequence_ = 0;
    std::string head_;
};

IngressOptions impatient() {
    IngressOptions options;
    options.tuning.handshake_within = 400ms;
    options.tuning.write_within = 400ms;
    options.tuning.session.hello_within = 400ms;
    options.tuning.session.frame_within = 400ms;
    options.tuning.session.linger = 200ms;
    return options;
}

} // namespace

TEST_SUITE("ingress server") {
    TEST_CASE("a kiosk with the fleet's certificate is served") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        GoodKiosk kiosk{fleet, ingress, 17};
        for (int i = 0; i < 20; ++i)
            kiosk.pays();
        CHECK(ingress.server().counters().connections == 1);
        CHECK(ingress.server().counters().records == 20);
        CHECK(ingress.server().counters().bytes_received > 1000);

        wire::FromKiosk question;
        question.mutable_account_query()->set_id(7);
        question.mutable_account_query()->set_account("M003K006");
        REQUIRE(kiosk.raw().send(question));
        auto const answer = kiosk.raw().hear();
        REQUIRE(answer);
        CHECK(answer->account_answer().id() == 7);
        CHECK(answer->account_answer().debt() == 459'786);
    }

    // Each does its worst on a connection of its own; the log says why it was refused, the kiosk
    // beside it is served before, meanwhile and after.
    TEST_CASE("a hostile client is refused with a reason in the log, others feel nothing") {
        Fleet fleet;
        Fleet foreign; // Another authority.
        IngressHarness ingress{fleet, impatient()};
        GoodKiosk good{fleet, ingress, 17};

        struct Hostile {
            std::string_view what;
            std::string reason;
            std::function<void()> act;
        };
        auto const as_kiosk = [&](std::uint32_t number) {
            return RawKiosk::Options{
                .port = ingress.port(),
                .authority = fleet.authority_file(),
                .certificate = fleet.enrol(number)};
        };
        auto const greeted = [&](std::uint32_t number) {
            auto kiosk = std::make_unique<RawKiosk>(as_kiosk(number));
            REQUIRE(kiosk->send(hello(number)));
            REQUIRE(kiosk->hear()->has_welcome());
            return kiosk;
        };
        Hostile const hostiles[] = {
            {"no certificate",
             "no_certificate",
             [&] {
                 RawKiosk kiosk{{.port = ingress.port(), .authority = fleet.authority_file()}};
                 CHECK_FALSE(kiosk.hear());
             }},
            {"a certificate of another authority",
             "untrusted_certificate",
             [&] {
                 RawKiosk kiosk{
                     {.port = ingress.port(),
                      .authority = fleet.authority_file(),
                      .certificate = foreign.enrol(18)}};
                 CHECK_FALSE(kiosk.hear());
             }},
            {"the server's own certificate",
             "untrusted_certificate",
             [&] {
                 RawKiosk kiosk{
                     {.port = ingress.port(),
                      .authority = fleet.authority_file(),
                      .certificate = fleet.file("server")}};
                 CHECK_FALSE(kiosk.hear());
             }},
            {"TLS 1.2",
             "tls_version",
             [&] {
                 auto options = as_kiosk(18);
                 options.tls_version = TLS1_2_VERSION;
                 CHECK_FALSE(RawKiosk{options}.is_shaken());
             }},
            {"no TLS at all",
             "tls_handshake",
             [&] {
                 RawKiosk kiosk{{.port = ingress.port(), .authority = {}, .tls_version = -1}};
                 std::string const request = "GET / HTTP/1.1\r\n\r\n";
                 kiosk.send_raw(Bytes{request.begin(), request.end()});
                 CHECK(kiosk.is_hung_up());
             }},
            {"silence",
             "handshake_late",
             [&] {
                 RawKiosk kiosk{{.port = ingress.port(), .authority = {}, .tls_version = -1}};
                 CHECK(kiosk.is_hung_up());
             }},
            {"silence after the handshake",
             "hello_late",
             [&] { CHECK_FALSE(RawKiosk{as_kiosk(18)}.hear()); }},
            {"garbage after the handshake",
             "not_a_message",
             [&] {
                 RawKiosk kiosk{as_kiosk(18)};
                 kiosk.send(Bytes{0x05, 0xDE, 0xAD, 0xBE, 0xEF, 0xFF});
                 CHECK(kiosk.hear_refusal().reason() == wire::Refusal::PROTOCOL);
             }},
            {"garbage beneath TLS",
             "tls_broken",
             [&] {
                 auto const kiosk = greeted(18);
                 kiosk->send_raw(Bytes(100, 0x5A));
                 CHECK(kiosk->is_hung_up());
             }},
            {"a length of 2 GB",
             "frame_too_large",
             [&] {
                 auto const kiosk = greeted(18);
                 kiosk->send(Bytes{0x80, 0x80, 0x80, 0x80, 0x08});
                 CHECK(kiosk->hear_refusal().reason() == wire::Refusal::PROTOCOL);
             }},
            {"a length without end",
             "frame_length_endless",
             [&] {
                 auto const kiosk = greeted(18);
                 kiosk->send(Bytes(16'000, 0xFF));
                 CHECK(kiosk->hear_refusal().reason() == wire::Refusal::PROTOCOL);
             }},
            {"a slow drip",
             "frame_slow",
             [&] {
                 auto const kiosk = greeted(18);
                 auto const frame = *wire::frame_of(batch(1, {std::string(3000, 'x')}));
                 bool const is_cut = eventually([&, at = std::size_t{0}]() mutable {
                     return !kiosk->send(protocol::ByteView{frame}.subspan(at++, 1)) ||
                            ingress.log().has("reason=frame_slow");
                 });
                 CHECK(is_cut);
             }},
            {"kiosk 18 that says it is 17",
             "identity",
             [&] {
                 RawKiosk kiosk{as_kiosk(18)};
                 kiosk.send(hello(17));
                 CHECK(kiosk.hear_refusal().reason() == wire::Refusal::IDENTITY);
             }},
            {"another epoch than certified",
             "identity",
             [&] {
                 RawKiosk kiosk{as_kiosk(18)};
                 kiosk.send(hello(18, 2));
                 CHECK(kiosk.hear_refusal().reason() == wire::Refusal::IDENTITY);
             }},
            {"a batch before hello",
             "hello_missing",
             [&] {
                 RawKiosk kiosk{as_kiosk(18)};
                 kiosk.send(batch(1, {"x"}));
                 CHECK(kiosk.hear_refusal().reason() == wire::Refusal::PROTOCOL);
             }},
            {"a replayed batch",
             "batch_replayed",
             [&] {
                 auto const kiosk = greeted(19);
                 kiosk->send(batch(1, {"payment"}));
                 REQUIRE(kiosk->hear()->acknowledgement().sequence() == 1);
                 kiosk->send(batch(1, {"payment"}));
                 CHECK(kiosk->hear_refusal().reason() == wire::Refusal::PROTOCOL);
                 CHECK(ingress.desk().records_of(19).size() == 1);
             }},
            {"a batch with a gap",
             "batch_out_of_order",
             [&] {
                 auto const kiosk = greeted(18);
                 kiosk->send(batch(5, {"payment"}));
                 CHECK(kiosk->hear_refusal().reason() == wire::Refusal::PROTOCOL);
             }},
            {"a journal forked from a copy",
             "forked",
             [&] {
                 auto const kiosk = greeted(20);
                 auto const first = batch(1, {"common"});
                 kiosk->send(first);
                 REQUIRE(kiosk->hear()->has_acknowledgement());
                 // The copy recorded something else after the first record than its original.
                 kiosk->send(batch(2, {"original"}, first.batch().head_hash()));
                 REQUIRE(kiosk->hear()->has_acknowledgement());
                 RawKiosk copy{as_kiosk(20)};
                 copy.send(hello(20, 1, 1, first.batch().head_hash()));
                 CHECK(copy.hear_refusal().reason() == wire::Refusal::FORKED);
                 CHECK(ingress.desk().records_of(20).back() == "original");
             }},
        };
        for (Hostile const& hostile : hostiles) {
            CAPTURE(hostile.what);
            auto const count = [&] {
                auto const refused = ingress.server().counters().refused;
                auto const found = refused.find(hostile.reason);
                return found == refused.end() ? 0 : found->second;
            };
            auto const before = count();
            good.pays();
            hostile.act();
            good.pays();
            CHECK(eventually([&] { return count() == before + 1; }));
            CHECK(ingress.log().has("reason=" + hostile.reason));
        }
        // All that were refused are gone, and the good one never noticed.
        CHECK(eventually([&] { return ingress.server().counters().connections == 1; }));
        CHECK(ingress.server().counters().handshakes == 0);
        CHECK(ingress.desk().welcomes() > 1);
        good.pays();
    }

    TEST_CASE("the log names peer, kiosk and reason, and what did not fit together") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        RawKiosk kiosk{
            {.port = ingress.port(),
             .authority = fleet.authority_file(),
             .certificate = fleet.enrol(18)}};
        kiosk.send(hello(17));
        kiosk.hear_refusal();
        REQUIRE(ingress.log().gets("ingress.refused"));
        auto const text = ingress.log().text();
        CHECK(text.find("peer=127.0.0.1:") != std::string::npos);
        CHECK(text.find("kiosk=18-1 reason=identity") != std::string::npos);
        CHECK(text.find("hello says kiosk-17-1") != std::string::npos);
    }

    TEST_CASE("a kiosk that comes back replaces its old connection") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        GoodKiosk other{fleet, ingress, 18};
        GoodKiosk old{fleet, ingress, 17};
        GoodKiosk young{fleet, ingress, 17};
        CHECK(old.raw().is_hung_up());
        CHECK(ingress.log().gets("kiosk=17-1 reason=replaced"));
        young.pays();
        other.pays();
        auto const connected = ingress.inside([&] { return ingress.server().connected(); });
        REQUIRE(connected.size() == 2);
        CHECK(connected[0].kiosk == 17);
        CHECK(connected[1].kiosk == 18);
    }

    TEST_CASE("no more connections and handshakes than there is room for") {
        Fleet fleet;
        IngressOptions options;
        options.connections_max = 3;
        options.handshakes_max = 2;
        IngressHarness ingress{fleet, options};
        auto const silent = [&] {
            return std::make_unique<RawKiosk>(
                RawKiosk::Options{.port = ingress.port(), .authority = {}, .tls_version = -1});
        };
        auto const one = silent();
        auto const two = silent();
        CHECK(eventually([&] { return ingress.server().counters().handshakes == 2; }));
        CHECK(silent()->is_hung_up());
        CHECK(ingress.log().gets("reason=too_many_handshakes"));
    }

    TEST_CASE("a full house turns the next one away and goes on") {
        Fleet fleet;
        IngressOptions options;
        options.connections_max = 2;
        IngressHarness ingress{fleet, options};
        GoodKiosk one{fleet, ingress, 17};
        GoodKiosk two{fleet, ingress, 18};
        RawKiosk three{
            {.port = ingress.port(), .authority = {}, .certificate = {}, .tls_version = -1}};
        CHECK(three.is_hung_up());
        CHECK(ingress.log().gets("reason=too_many_connections"));
        one.pays();
        two.pays();
    }

    TEST_CASE("a kiosk that asks and never reads is given up, with bounded memory") {
        Fleet fleet;
        IngressHarness ingress{fleet, impatient()};
        ingress.desk().set_answer_size(250'000);
        GoodKiosk good{fleet, ingress, 17};
        RawKiosk deaf{
            {.port = ingress.port(),
             .authority = fleet.authority_file(),
             .certificate = fleet.enrol(18)}};
        deaf.send(hello(18));
        wire::FromKiosk question;
        question.mutable_account_query()->set_account("M003K006");
        for (int i = 0; i < 100; ++i)
            deaf.send(question);
        CHECK(ingress.log().gets("kiosk=18-1 reason=reply_slow"));
        good.pays();
    }

    TEST_CASE("a changed catalog is pushed to those who are connected") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        GoodKiosk kiosk{fleet, ingress, 17};
        wire::Catalog catalog;
        catalog.set_version(5);
        ingress.inside([&] {
            ingress.server().push_catalog({17, 1}, catalog);
            ingress.server().push_catalog({17, 2}, catalog); // Not this one.
            ingress.server().push_catalog({99, 1}, catalog); // Not here.
        });
        auto const pushed = kiosk.raw().hear();
        REQUIRE(pushed);
        CHECK(pushed->catalog().version() == 5);
        kiosk.pays(); // The next that it hears is its acknowledgement.
    }

    TEST_CASE("the end of the server closes every connection, shaken or not") {
        Fleet fleet;
        IngressHarness ingress{fleet, impatient()};
        GoodKiosk kiosk{fleet, ingress, 17};
        RawKiosk silent{{.port = ingress.port(), .authority = {}, .tls_version = -1}};
        CHECK(eventually([&] { return ingress.server().counters().connections == 2; }));
        CHECK(ingress.stop());
        CHECK(kiosk.raw().is_hung_up());
        CHECK(silent.is_hung_up());
        CHECK(ingress.server().counters().connections == 0);
    }

    TEST_CASE("what it cannot listen on or with is complained of") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        boost::asio::io_context context{1};
        FakeDesk desk;
        TestLog log;
        auto const complaint = [&](std::function<void(IngressOptions&)> const& spoil) {
            IngressOptions options;
            options.port = 0;
            options.authority = fleet.authority_file();
            options.certificate = fleet.file("server.pem");
            options.key = fleet.file("server.key");
            spoil(options);
            auto const opened =
                fleet::ingress::Server::open(context.get_executor(), options, desk, log.logger());
            REQUIRE_FALSE(opened);
            return to_string(opened.error());
        };
        CHECK(complaint([&](auto& o) {
                  o.port = ingress.port();
              }).find("in use") != std::string::npos);
        CHECK(complaint([&](auto& o) {
                  o.address = "fleet";
              }).find("no address") != std::string::npos);
        auto const kiosk = fleet.enrol(17).string();
        CHECK(complaint([&](auto& o) {
                  o.key = kiosk + ".key";
              }).find("fleetd init") != std::string::npos);
        CHECK(complaint([&](auto& o) { o.certificate = "/nowhere"; }).starts_with("/nowhere"));
        CHECK(complaint([&](auto& o) { o.authority = "/nowhere"; }).starts_with("/nowhere"));
    }
}
