#include "kiosk/link/client.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>

#include "protocol/wire/convert.hpp"
#include "tests/support/link/client_harness.hpp"
#include "tests/support/link/forwarder.hpp"
#include "tests/support/link/ingress_harness.hpp"

using namespace tests;
using namespace std::chrono_literals;
using kiosk::link::AccountAnswer;
using kiosk::link::AnswerOutcome;
using kiosk::link::Client;

namespace {

std::vector<std::string> numbered(int count, std::string const& text = "payment ") {
    std::vector<std::string> records;
    for (int i = 1; i <= count; ++i)
        records.push_back(text + std::to_string(i));
    return records;
}

AccountAnswer ask(ClientHarness& kiosk, std::string const& account) {
    auto const id = kiosk.inside([&] { return kiosk.client().ask(7, account); });
    auto& answers = kiosk.listener().answers;
    REQUIRE(kiosk.gets([&] { return !answers.empty() && answers.back().query == id; }));
    return kiosk.inside([&] { return answers.back(); });
}

} // namespace

TEST_SUITE("link client") {
    TEST_CASE("records reach the server in order and are acknowledged as they are durable") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        ClientHarness kiosk{ClientHarness::options(fleet, ingress.port())};
        for (std::string const& record : numbered(50))
            kiosk.records(record);
        REQUIRE(eventually([&] { return kiosk.is_all_acknowledged(); }));
        CHECK(ingress.desk().records_of(17) == numbered(50));
        CHECK(kiosk.inside([&] { return kiosk.listener().links; }) == std::vector<bool>{true});
        CHECK(kiosk.inside([&] { return kiosk.listener().acknowledged.back(); }) == 50);
    }

    TEST_CASE("records of an offline week go in full batches when the link comes") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        ClientHarness kiosk{ClientHarness::options(fleet, ingress.port())};
        auto const week = numbered(5000, std::string(100, 'x'));
        kiosk.inside([&] {
            for (std::string const& record : week)
                kiosk.outgoing().record(record);
            kiosk.client().records_added();
        });
        REQUIRE(eventually([&] { return kiosk.is_all_acknowledged(); }));
        CHECK(ingress.desk().records_of(17) == week);
        CHECK(ingress.server().counters().batches < 10);
    }

    TEST_CASE("a question is answered by the server, or as unavailable when there is none") {
        Fleet fleet;
        std::optional<IngressHarness> ingress{std::in_place, fleet};
        auto const port = ingress->port();
        ClientHarness kiosk{ClientHarness::options(fleet, port)};
        REQUIRE(kiosk.gets([&] { return !kiosk.listener().links.empty(); }));
        auto const found = ask(kiosk, "M003K006");
        CHECK(found.outcome == AnswerOutcome::Found);
        CHECK(found.state.debt == protocol::rub(459'786));
        CHECK(found.state.account == "M003K006");
        CHECK(ask(kiosk, "X999X999").outcome == AnswerOutcome::UnknownAccount);

        ingress.reset();
        REQUIRE(kiosk.gets([&] { return !kiosk.listener().links.back(); }));
        CHECK(ask(kiosk, "M003K006").outcome == AnswerOutcome::Unavailable);
    }

    TEST_CASE("a question that the server is too slow for is unavailable in time") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        auto options = ClientHarness::options(fleet, ingress.port());
        options.tuning.answer_within = 100ms;
        ClientHarness kiosk{options};
        REQUIRE(kiosk.gets([&] { return !kiosk.listener().links.empty(); }));
        ingress.desk().set_thinking(400ms);
        CHECK(ask(kiosk, "M003K006").outcome == AnswerOutcome::Unavailable);
        ingress.desk().set_thinking(0ms);
        CHECK(ask(kiosk, "M003K006").outcome == AnswerOutcome::Found);
        CHECK(kiosk.inside([&] { return kiosk.listener().links.size(); }) == 1); // Still up.
    }

    TEST_CASE("the line is made again for ever, wherever the server has been meanwhile") {
        Fleet fleet;
        std::optional<IngressHarness> ingress{std::in_place, fleet};
        auto const port = ingress->port();
        ClientHarness kiosk{ClientHarness::options(fleet, port)};
        for (std::size_t round = 1; round <= 3; ++round) {
            REQUIRE(kiosk.gets([&] { return kiosk.listener().links.size() == 2 * round - 1; }));
            ingress.reset();
            REQUIRE(kiosk.gets([&] { return kiosk.listener().links.size() == 2 * round; }));
            ingress.emplace(fleet, fleet::ingress::IngressOptions{}, port);
        }
        REQUIRE(kiosk.gets([&] { return kiosk.listener().links.back(); }));
    }

    TEST_CASE(
        "a catalog newer than the kiosk's comes with the welcome, later ones as they change") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        protocol::catalog::Catalog catalog;
        catalog.version = 5;
        catalog.agent.hotline = "8 800 000-00-00";
        ingress.desk().set_catalog(protocol::wire::to_wire(catalog));
        ClientHarness kiosk{ClientHarness::options(fleet, ingress.port())};
        auto& catalogs = kiosk.listener().catalogs;
        REQUIRE(kiosk.gets([&] { return catalogs.size() == 1; }));
        CHECK(kiosk.inside([&] { return catalogs[0]; }) == catalog);

        catalog.version = 6;
        ingress.inside([&] {
            ingress.server().push_catalog({17, 1}, protocol::wire::to_wire(catalog));
        });
        REQUIRE(kiosk.gets([&] { return catalogs.size() == 2; }));
        CHECK(kiosk.inside([&] { return catalogs[1].version; }) == 6);
    }

    TEST_CASE("a server of another authority, or of another name, is told nothing") {
        Fleet fleet;
        Fleet foreign;
        IngressHarness ingress{foreign};
        auto options = ClientHarness::options(fleet, ingress.port());
        {
            ClientHarness kiosk{options};
            bool const got = kiosk.log().gets("the server's certificate: unable to");
            INFO(kiosk.log().text());
            CHECK(got);
        }
        IngressHarness ours{fleet};
        options.port = ours.port();
        options.server_name = "other.example";
        ClientHarness kiosk{options};
        CHECK(kiosk.log().gets("the server's certificate: hostname mismatch"));
        CHECK(ours.desk().welcomes() == 0);
        CHECK(kiosk.inside([&] { return kiosk.listener().links.empty(); }));
    }

    TEST_CASE("a server that has other records than this kiosk is not overwritten") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        {
            ClientHarness original{ClientHarness::options(fleet, ingress.port())};
            original.records("payment of the original disk");
            REQUIRE(eventually([&] { return original.is_all_acknowledged(); }));
        }
        ClientHarness copy{ClientHarness::options(fleet, ingress.port())};
        copy.records("payment of the copied disk");
        REQUIRE(copy.gets([&] { return !copy.listener().refusals.empty(); }));
        CHECK(ingress.desk().records_of(17).size() == 1);
        CHECK(ingress.desk().records_of(17)[0] == "payment of the original disk");
        CHECK(copy.inside([&] { return copy.outgoing().acknowledged().sequence; }) == 0);
    }

    TEST_CASE("a refused kiosk calls again when a technician asks") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        {
            ClientHarness original{ClientHarness::options(fleet, ingress.port())};
            original.records("payment");
            REQUIRE(eventually([&] { return original.is_all_acknowledged(); }));
        }
        ClientHarness cleared{ClientHarness::options(fleet, ingress.port())};
        REQUIRE(cleared.gets([&] { return cleared.listener().refusals.size() == 1; }));
        cleared.inside([&] {
            cleared.outgoing().record("payment"); // The journal was brought back.
            cleared.client().retry();
        });
        REQUIRE(cleared.gets([&] { return !cleared.listener().links.empty(); }));
        CHECK(eventually([&] { return cleared.is_all_acknowledged(); }));
    }

    TEST_CASE("whatever cuts the line in whatever place, every record is accepted once") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        ingress.desk().set_thinking(25ms);
        Forwarder line{ingress.port()};
        line.cut_each_after(4000); // Before the first call, or that one is never cut.
        std::mt19937_64 random{20'090'930};
        auto options = ClientHarness::options(fleet, line.port());
        options.tuning.batch_records = 7; // Many batches, many places to cut.
        ClientHarness kiosk{options};

        std::vector<std::string> recorded;
        constexpr unsigned cuts_wanted = 60;
        while (line.cuts() < cuts_wanted && recorded.size() < 5'000) {
            // Handshake, greeting, a batch, its acknowledgement: each is cut somewhere.
            line.cut_each_after(1 + random() % 9000);
            for (std::size_t i = 0, count = random() % 30; i < count; ++i) {
                recorded.push_back(
                    std::to_string(recorded.size()) + std::string(random() % 300, '.'));
                kiosk.records(recorded.back());
            }
            unsigned const cuts = line.cuts();
            eventually([&] { return line.cuts() > cuts; }, 200ms);
        }
        line.cut_each_after(0);
        REQUIRE(eventually([&] { return kiosk.is_all_acknowledged(); }, 30s));
        CHECK(ingress.desk().records_of(17) == recorded);
        CHECK(line.cuts() >= cuts_wanted);
        MESSAGE(
            "records " << recorded.size() << ", cuts " << line.cuts() << ", connections "
                       << line.connections() << ", repeats " << ingress.desk().repeats());
    }

    TEST_CASE("with the line down nothing is lost, and all is sent when it is up again") {
        Fleet fleet;
        IngressHarness ingress{fleet};
        Forwarder line{ingress.port()};
        ClientHarness kiosk{ClientHarness::options(fleet, line.port())};
        kiosk.records("before");
        REQUIRE(eventually([&] { return kiosk.is_all_acknowledged(); }));
        line.set_up(false);
        REQUIRE(kiosk.gets([&] { return !kiosk.listener().links.back(); }));
        kiosk.records("meanwhile");
        CHECK_FALSE(kiosk.is_all_acknowledged());
        line.set_up(true);
        REQUIRE(eventually([&] { return kiosk.is_all_acknowledged(); }));
        CHECK(ingress.desk().records_of(17) == std::vector<std::string>{"before", "meanwhile"});
    }

    TEST_CASE("what it is to call with is complained of when it cannot serve") {
        Fleet fleet;
        boost::asio::io_context context{1};
        FakeOutgoing outgoing;
        FakeListener listener;
        TestLog log;
        auto const complaint = [&](auto spoil) {
            auto options = ClientHarness::options(fleet, 1);
            spoil(options);
            auto const opened =
                Client::open(context.get_executor(), options, outgoing, listener, log.logger());
            REQUIRE_FALSE(opened);
            return protocol::to_string(opened.error());
        };
        auto const has = [](std::string const& text, std::string const& part) {
            return text.find(part) != std::string::npos;
        };
        CHECK(has(complaint([](auto& o) { o.authority = "/nowhere"; }), "/nowhere"));
        CHECK(has(complaint([](auto& o) { o.certificate = "/nowhere"; }), "fleetctl kiosk enrol"));
        auto const other = fleet.enrol(18).string();
        CHECK(has(complaint([&](auto& o) { o.key = other + ".key"; }), "not the key"));
        CHECK(
            has(complaint([&](auto& o) {
                    o.certificate = fleet.file("server.pem");
                    o.key = fleet.file("server.key");
                }),
                "names no kiosk"));
    }
}
