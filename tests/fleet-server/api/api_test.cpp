#include "fleet-server/api/api.hpp"

#include <doctest/doctest.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <set>

#include "fleet-server/api/routes.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::api;

namespace {

constexpr auto token = "0123456789abcdef0123456789abcdef";

UtcTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string file(std::string const& path) {
    std::ifstream stream{KIOSK_SOURCE_DIR "/tests/fixtures/" + path, std::ios::binary};
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>{stream}, {}};
}

template <class T>
T must(protocol::Result<T, protocol::Complaint> made) {
    if (!made)
        FAIL(to_string(made.error()));
    return *std::move(made);
}

// A server on a fresh state, and what an operator says to it.
class Server {
public:
    struct Answer {
        int status = 0;
        json body;
        std::string text;
    };

    Answer get(std::string const& path) { return read(client_.Get(path, headers_)); }
    Answer post(std::string const& path, std::string const& body) {
        return read(client_.Post(path, headers_, body, "application/octet-stream"));
    }
    Answer put(std::string const& path, std::string const& body) {
        return read(client_.Put(path, headers_, body, "application/toml"));
    }
    Answer create_provider() { return post("/providers", file("providers/uniservis.json")); }
    httplib::Client& client() { return client_; }
    httplib::Headers& headers() { return headers_; }
    [[nodiscard]] int catalog_changes() const { return catalog_changes_; }

private:
    static Answer read(httplib::Result const& result) {
        REQUIRE(result);
        return {result->status, json::parse(result->body, nullptr, false), result->body};
    }

    ScratchFolder folder_;
    // One line a call would hide what a test says.
    struct Quiet {
        Quiet() { spdlog::set_level(spdlog::level::warn); }
    };
    Quiet quiet_;
    store::Store store_ = require(store::Store::open(folder_.path() / "fleet.sqlite"));
    store::Writer writer_{store_};
    store::Reader reader_ = require(store_.open_reader());
    ingress::Authority authority_ =
        must(ingress::Authority::make(folder_.path() / "ca", std::chrono::system_clock::now()));
    Metrics metrics_;
    int catalog_changes_ = 0;
    std::unique_ptr<Api> api_ = must(Api::start(
        {.address = "127.0.0.1", .port = 0, .token = token},
        {.store = store_,
         .writer = writer_,
         .reader = reader_,
         .authority = authority_,
         .metrics = metrics_,
         .registers = folder_.path(),
         .clock = now,
         .zone = [](UtcTime) { return std::chrono::minutes{180}; },
         .kiosks_connected = [] { return std::size_t{3}; },
         .on_catalog_changed = [this] { ++catalog_changes_; }}));
    httplib::Client client_{"127.0.0.1", api_->port()};
    httplib::Headers headers_{
        {"Authorization", std::string{"Bearer "} + token}, {"X-Operator", "petrov"}};
};

json const& description() {
    static json const parsed = json::parse(openapi());
    return parsed;
}

std::string lower(std::string_view method) {
    std::string text{method};
    for (char& symbol : text)
        symbol = static_cast<char>(std::tolower(static_cast<unsigned char>(symbol)));
    return text;
}

// Where `value` is not what `schema` of the description says; empty when it is.
std::string disagreement(json const& value, json const& schema, std::string const& at) {
    if (schema.contains("$ref")) {
        auto const name = schema["$ref"].get<std::string>();
        return disagreement(
            value, description()["components"]["schemas"][name.substr(name.rfind('/') + 1)], at);
    }
    if (value.is_null())
        return schema.value("nullable", false) ? "" : at + " is null";
    if (schema.contains("allOf")) {
        for (json const& part : schema["allOf"])
            if (auto const found = disagreement(value, part, at);
                !found.empty() && found.find("is not described") == std::string::npos)
                return found;
        return "";
    }
    std::string const type = schema.value("type", "");
    if (type == "string" && !value.is_string())
        return at + " is no string";
    if (type == "integer" && !value.is_number_integer())
        return at + " is no integer";
    if (type == "boolean" && !value.is_boolean())
        return at + " is no boolean";
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
        return at + " is " + value.dump();
    if (type == "array") {
        for (json const& element : value)
            if (auto const found = disagreement(element, schema["items"], at + "[]");
                !found.empty())
                return found;
    }
    if (type == "object" && schema.contains("properties")) {
        for (json const& name : schema["required"])
            if (!value.contains(name.get<std::string>()))
                return at + "." + name.get<std::string>() + " is missing";
        for (auto const& [name, part] : value.items()) {
            if (!schema["properties"].contains(name))
                return at + "." + name + " is not described";
            auto const found = disagreement(part, schema["properties"][name], at + "." + name);
            if (!found.empty())
                return found;
        }
    }
    return "";
}

void check_described(
    std::string const& path, std::string const& method, Server::Answer const& answer) {
    json const& responses = description()["paths"][path][method]["responses"];
    std::string const status = std::to_string(answer.status);
    REQUIRE_MESSAGE(responses.contains(status), path << " answers " << status << answer.text);
    json const& schema = responses[status]["content"]["application/json"]["schema"];
    CHECK(disagreement(answer.body, schema, path) == "");
}

} // namespace

TEST_SUITE("api") {
    TEST_CASE("every route is described, and everything described is a route") {
        std::set<std::string> served;
        for (Route const& route : routes())
            CHECK(served.insert(lower(name(route.method)) + " " + std::string{route.path}).second);
        std::set<std::string> described;
        for (auto const& [path, methods] : description()["paths"].items())
            for (auto const& [method, call] : methods.items())
                described.insert(method + " " + path);
        CHECK(served == described);
    }

    TEST_CASE("the description says who may ask, which parameters there are and what success is") {
        for (Route const& route : routes()) {
            INFO(route.path);
            json const& call =
                description()["paths"][std::string{route.path}][lower(name(route.method))];
            bool const is_open = call.contains("security") && call["security"].empty();
            CHECK(is_open == (route.access == Access::Anyone));
            CHECK(call["responses"].contains(std::to_string(static_cast<int>(route.success))));
            std::set<std::string> in_path;
            for (json const& parameter : call.value("parameters", json::array()))
                if (parameter["in"] == "path")
                    in_path.insert("{" + parameter["name"].get<std::string>() + "}");
            for (std::string const& one : in_path)
                CHECK(route.path.find(one) != std::string_view::npos);
            CHECK(
                static_cast<std::ptrdiff_t>(in_path.size()) ==
                std::count(route.path.begin(), route.path.end(), '{'));
        }
    }

    TEST_CASE("without the token nothing is answered but the description and the metrics") {
        Server server;
        for (Route const& route : routes()) {
            for (auto const* header :
                 {"",
                  "Bearer ",
                  "Bearer 0123456789abcdef0123456789abcdee",
                  "0123456789abcdef0123456789abcdef"}) {
                INFO(route.path, " ", header);
                httplib::Headers const headers{{"Authorization", header}};
                std::string const path{route.path};
                auto const result = route.method == Method::Get ? server.client().Get(path, headers)
                                    : route.method == Method::Put
                                        ? server.client().Put(path, headers, "", "a/b")
                                        : server.client().Post(path, headers, "", "a/b");
                REQUIRE(result);
                CHECK(result->status == (route.access == Access::Anyone ? 200 : 401));
                if (route.access == Access::Operator)
                    CHECK(json::parse(result->body)["error"]["cure"] != "");
            }
        }
    }

    TEST_CASE("a token is compared as a whole") {
        CHECK(is_same_token("abc", "abc"));
        for (auto const* other : {"", "ab", "abcd", "abC", "abd"})
            CHECK_FALSE(is_same_token(other, "abc"));
    }

    TEST_CASE("what is not there is said with a cure") {
        Server server;
        auto const unknown = server.get("/nothing");
        CHECK(unknown.status == 404);
        CHECK(unknown.body["error"]["cure"] == "see GET /openapi.json");
        CHECK(server.put("/status", "").status == 405);
        auto const provider = server.get("/providers/99");
        CHECK(provider.status == 404);
        check_described("/providers/{provider}", "get", provider);
        auto const payment = server.get("/payments/17-1");
        CHECK(payment.status == 404);
        check_described("/payments/{payment}", "get", payment);
        auto const number = server.get("/payments/seventeen");
        CHECK(number.status == 400);
        CHECK(number.body["error"]["place"] == "payment seventeen");
        CHECK(server.get("/payments?count=0").status == 400);
        CHECK(server.get("/payments?count=1001").status == 400);
        CHECK(server.get("/outbox?state=lost").status == 400);
    }

    TEST_CASE("a provider is created once, and the audit says by whom") {
        Server server;
        auto const created = server.create_provider();
        CHECK(created.status == 201);
        check_described("/providers", "post", created);
        CHECK(created.body["inn"] == "7729524407");
        CHECK(server.catalog_changes() == 1);

        auto const again = server.create_provider();
        CHECK(again.status == 409);
        check_described("/providers", "post", again);
        CHECK(server.catalog_changes() == 1);

        auto const all = server.get("/providers");
        check_described("/providers", "get", all);
        CHECK(all.body["providers"].size() == 1);
        check_described("/providers/{provider}", "get", server.get("/providers/7729524407"));

        auto const audit = server.get("/audit");
        check_described("/audit", "get", audit);
        REQUIRE(audit.body["lines"].size() == 1); // The refusal changed nothing.
        CHECK(audit.body["lines"][0]["who"] == "petrov");
        CHECK(audit.body["lines"][0]["action"] == "POST /providers");
        CHECK(audit.body["lines"][0]["object"] == "provider 1");
    }

    TEST_CASE("a provider file with mistakes is refused with each of them") {
        Server server;
        auto const refused = server.post("/providers", R"({"name":"","inn":"1","tariff":{}})");
        CHECK(refused.status == 422);
        check_described("/providers", "post", refused);
        CHECK(refused.body["errors"].size() > 1);
        CHECK(server.post("/providers", "no json").status == 422);
        CHECK(server.get("/providers").body["providers"].empty());
    }

    TEST_CASE("a body above its limit is refused before it is read") {
        Server server;
        auto const refused = server.post("/providers", std::string(70'000, ' '));
        CHECK(refused.status == 413);
        check_described("/providers", "post", refused);
        CHECK(server.get("/status").status == 200);
    }

    TEST_CASE("a rule is published, or refused with its line") {
        Server server;
        server.create_provider();
        CHECK(server.get("/providers/1/rule").status == 404);
        auto const refused = server.put("/providers/1/rule", "[[steps]]\nkind = \"remainer\"\n");
        CHECK(refused.status == 422);
        check_described("/providers/{provider}/rule", "put", refused);
        auto const rule = server.put("/providers/1/rule", file("rules/uniservis.toml"));
        REQUIRE_MESSAGE(rule.status == 201, rule.text);
        check_described("/providers/{provider}/rule", "put", rule);
        CHECK(rule.body["version"] == 1);
        check_described("/providers/{provider}/rule", "get", server.get("/providers/1/rule"));
    }

    TEST_CASE("a kiosk is enrolled; its key is given once and kept nowhere") {
        Server server;
        auto const enrolled = server.post("/kiosks", R"({"number":17,"address":"ул. Ленина, 1"})");
        CHECK(enrolled.status == 201);
        check_described("/kiosks", "post", enrolled);
        CHECK(enrolled.body["epoch"] == 1);
        CHECK(enrolled.body["key"].get<std::string>().find("PRIVATE KEY") != std::string::npos);
        auto const kiosks = server.get("/kiosks");
        check_described("/kiosks", "get", kiosks);
        CHECK(kiosks.body["kiosks"][0]["state"] == "active");
        CHECK(server.get("/audit").text.find("PRIVATE KEY") == std::string::npos);

        CHECK(
            server.post("/kiosks", R"({"number":17,"address":"ул. Ленина, 1"})").body["epoch"] ==
            2);
        for (auto const* body :
             {"",
              "[]",
              R"({"number":-1,"address":"a"})",
              R"({"number":"17","address":"a"})",
              R"({"number":17})",
              R"({"number":1000000,"address":"a"})"})
            CHECK_MESSAGE(server.post("/kiosks", body).status == 400, body);
        CHECK(server.post("/kiosks", R"({"number":18,"address":""})").status == 422);
    }

    TEST_CASE("only a quarantined kiosk can be released") {
        Server server;
        auto const unknown = server.post("/kiosks/17/release", "");
        CHECK(unknown.status == 404);
        check_described("/kiosks/{kiosk}/release", "post", unknown);
        server.post("/kiosks", R"({"number":17,"address":"a"})");
        CHECK(server.post("/kiosks/17/release", "").status == 409);
        CHECK(server.post("/kiosks/x/release", "").status == 400);
    }

    TEST_CASE("empty books are sound and at zero") {
        Server server;
        auto const trial = server.get("/ledger/trial-balance");
        check_described("/ledger/trial-balance", "get", trial);
        CHECK(trial.body["difference"] == "0.00");
        auto const verification = server.get("/ledger/verification");
        check_described("/ledger/verification", "get", verification);
        CHECK(verification.body["sound"] == true);
        for (auto const* path : {"/status", "/payments", "/outbox", "/discrepancies"})
            check_described(path, "get", server.get(path));
        CHECK(server.get("/status").body["kiosks"]["connected"] == 3);
    }

    TEST_CASE("metrics are what Prometheus reads") {
        Server server;
        auto const result = server.client().Get("/metrics");
        REQUIRE(result);
        for (auto const* line :
             {"fleet_payments_total 0",
              "fleet_kiosks_connected 3",
              "fleet_ledger_imbalance_kopecks 0",
              "fleet_outbox{state=\"unknown\"} 0",
              "fleet_intake_ms_count 0",
              "# TYPE fleet_commit_ms histogram"})
            CHECK_MESSAGE(result->body.find(line) != std::string::npos, line);
    }

    TEST_CASE("a name in the path may have any letters") {
        Server server;
        server.create_provider();
        CHECK(
            server
                .get("/providers/%D0%9E%D0%9E%D0%9E%20%D0%AE%D0%BD%D0%B8%D1%81%D0%B5"
                     "%D1%80%D0%B2%D0%B8%D1%81")
                .body["id"] == 1);
    }

    TEST_CASE("an operator's name that could spoil a log is not taken") {
        Server server;
        server.headers().erase("X-Operator");
        server.headers().emplace("X-Operator", "a b\"c");
        server.create_provider();
        CHECK(server.get("/audit").body["lines"][0]["who"] == "operator");
    }
}
