#include "fleet-server/gateways/http_client.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include <future>
#include <set>
#include <thread>

using namespace fleet::gateways;
using namespace std::chrono_literals;

namespace {

// A web server that is gone when the test is.
class Web {
public:
    Web() {
        server_.Get(
            "/ok", [](auto const&, auto& response) { response.set_content("fine", "text/plain"); });
        server_.Get("/away", [](auto const&, auto& response) { response.set_redirect("/ok"); });
        server_.Get("/huge", [](auto const&, auto& response) {
            response.set_content(std::string(100'000, 'x'), "text/plain");
        });
        server_.Get("/slow", [this](auto const&, auto&) { released_.get_future().wait(); });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    }
    Web(Web const&) = delete;
    Web& operator=(Web const&) = delete;
    ~Web() {
        released_.set_value();
        while (!server_.is_running())
            std::this_thread::yield();
        server_.stop();
        thread_.join();
    }
    [[nodiscard]] std::string url(std::string const& path) const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }

private:
    std::promise<void> released_;
    httplib::Server server_;
    int port_ = 0;
    std::thread thread_;
};

Completion one(HttpClient& client) {
    for (;;)
        for (Completion& completion : client.wait(1s))
            return std::move(completion);
}

} // namespace

TEST_SUITE("http client") {
    TEST_CASE("an answer comes with its ticket, status and body") {
        Web const web;
        HttpClient client{{}};
        client.start(7, web.url("/ok"));
        Completion const completion = one(client);
        CHECK(completion.ticket == 7);
        REQUIRE(completion.answer);
        CHECK(completion.answer->status == 200);
        CHECK(completion.answer->body == "fine");
    }

    TEST_CASE("many requests are under way at once, each completes once") {
        Web const web;
        HttpClient client{{}};
        for (Ticket ticket = 1; ticket <= 20; ++ticket)
            client.start(ticket, web.url(ticket % 2 == 0 ? "/ok" : "/nowhere"));
        std::set<Ticket> seen;
        while (seen.size() < 20)
            for (Completion const& completion : client.wait(1s)) {
                CHECK(seen.insert(completion.ticket).second);
                REQUIRE(completion.answer);
                CHECK(completion.answer->status == (completion.ticket % 2 == 0 ? 200 : 404));
            }
        CHECK(client.wait(0ms).empty());
    }

    TEST_CASE("a redirect is an answer, not an order") {
        Web const web;
        HttpClient client{{}};
        client.start(1, web.url("/away"));
        CHECK(one(client).answer->status == 302);
    }

    TEST_CASE("an answer above the limit is lost, not kept") {
        Web const web;
        HttpClient client{{.body_max = 65'536}};
        client.start(1, web.url("/huge"));
        auto const completion = one(client);
        REQUIRE_FALSE(completion.answer);
        CHECK(completion.answer.error().kind == HttpFailure::Kind::Lost);
        CHECK(completion.answer.error().reason == "the answer is too large");
    }

    TEST_CASE("a request without an answer is lost at the deadline") {
        Web const web;
        HttpClient client{{.answer = 100ms}};
        client.start(1, web.url("/slow"));
        CHECK(one(client).answer.error().kind == HttpFailure::Kind::Lost);
    }

    TEST_CASE("a request that could not leave is undelivered") {
        HttpClient client{{}};
        std::string closed;
        {
            Web const web;
            closed = web.url("/ok");
        }
        client.start(1, closed);
        CHECK(one(client).answer.error().kind == HttpFailure::Kind::Undelivered);
        client.start(2, "file:///etc/passwd");
        CHECK(one(client).answer.error().kind == HttpFailure::Kind::Undelivered);
        client.start(3, "http://nowhere.invalid/");
        CHECK(one(client).answer.error().kind == HttpFailure::Kind::Undelivered);
    }

    TEST_CASE("waiting ends when it is woken") {
        HttpClient client{{}};
        client.wake();
        auto const begun = std::chrono::steady_clock::now();
        CHECK(client.wait(30s).empty());
        CHECK(std::chrono::steady_clock::now() - begun < 10s);
    }
}
