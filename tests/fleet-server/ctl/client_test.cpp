#include "fleet-server/ctl/client.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include <thread>

#include "fleet-server/ctl/commands.hpp"

using namespace fleet::ctl;

namespace {

// Something that answers like fleetd, or not at all like it.
class Fake {
public:
    Fake() {
        server_.Get("/ledger/verification", [this](auto const&, auto& response) {
            response.set_content(verification_, "application/json");
        });
        server_.Get("/ledger/trial-balance", [](auto const&, auto& response) {
            response.set_content(R"({"difference":"0.01"})", "application/json");
        });
        server_.Get("/status", [this](auto const& request, auto& response) {
            authorization_ = request.get_header_value("Authorization");
            response.set_content("<html>hello</html>", "text/html");
        });
        server_.Get("/payments/17-1", [](auto const&, auto& response) {
            response.status = 404;
            response.set_content(
                R"({"error":{"place":"payment 17-1","problem":"no","cure":"wait"}})",
                "application/json");
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    }
    Fake(Fake const&) = delete;
    Fake& operator=(Fake const&) = delete;
    ~Fake() {
        while (!server_.is_running())
            std::this_thread::yield();
        server_.stop();
        thread_.join();
    }
    [[nodiscard]] ClientOptions options() const {
        return {"http://127.0.0.1:" + std::to_string(port_), "the token", "petrov"};
    }
    void verification(std::string body) { verification_ = std::move(body); }
    [[nodiscard]] std::string const& authorization() const { return authorization_; }

private:
    httplib::Server server_;
    std::string verification_;
    std::string authorization_;
    int port_ = 0;
    std::thread thread_;
};

} // namespace

TEST_SUITE("fleetctl") {
    TEST_CASE("a difference in the books is an alarm, books that agree are none") {
        Fake fake;
        Client client{fake.options()};
        fake.verification(R"({"sound":true,"difference":null})");
        CHECK_FALSE(verify_ledger(client)->is_alarm);
        fake.verification(R"({"sound":false,"difference":{"place":"entry 1"}})");
        CHECK(verify_ledger(client)->is_alarm);
        fake.verification("{}");
        CHECK(verify_ledger(client)->is_alarm);
        CHECK(show_trial_balance(client)->is_alarm);
    }

    TEST_CASE("a refusal comes with the server's own complaint") {
        Fake const fake;
        Client client{fake.options()};
        auto const refused = show_payment(client, "17-1");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == Failure::Kind::Refused);
        CHECK(refused.error().complaints == std::vector<Complaint>{{"payment 17-1", "no", "wait"}});
    }

    TEST_CASE("an answer that is not fleetd's is a refusal; the token was sent") {
        Fake const fake;
        Client client{fake.options()};
        auto const refused = show_status(client);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().complaints.front().cure.find("--server") != std::string::npos);
        CHECK(fake.authorization() == "Bearer the token");
    }

    TEST_CASE("a server that is not there is not a refusal") {
        ClientOptions nowhere;
        {
            Fake const fake;
            nowhere = fake.options();
        }
        Client client{nowhere};
        CHECK(show_status(client).error().kind == Failure::Kind::Unreachable);
        Client strange{{"not an address", "", ""}};
        CHECK(show_status(strange).error().kind == Failure::Kind::Unreachable);
    }

    TEST_CASE("enrolling looks at its folder before it asks: asking closes the older epoch") {
        ClientOptions nowhere;
        nowhere.server = "http://127.0.0.1:1";
        Client client{nowhere};
        auto const refused =
            enrol_kiosk(client, {.number = 17, .address = "a", .folder = "/proc/nowhere"});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == Failure::Kind::Refused);
        CHECK(refused.error().complaints.front().place == "/proc/nowhere");
    }

    TEST_CASE("a path keeps every letter") {
        CHECK(escape("М/1 ?") == "%D0%9C%2F1%20%3F");
    }

    TEST_CASE("complaints are read in their order, and never missing") {
        auto const two = read_complaints(
            422, R"({"error":{"place":"a"},"errors":[{"place":"a"},{"place":"b"}]})");
        REQUIRE(two.size() == 2);
        CHECK(two[1].place == "b");
        for (auto const* body : {"", "[]", "{}", R"({"error":5})", R"({"errors":[]})", "<html>"})
            CHECK_MESSAGE(read_complaints(500, body).size() == 1, body);
    }
}
