#include "fleet-server/api/api.hpp"

#include <httplib.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <thread>

#include "fleet-server/api/routes.hpp"

namespace fleet::api {

namespace {

using protocol::fail;

constexpr std::size_t threads = 16; // fleetctl, Prometheus and a few screens at once.
constexpr auto* json_type = "application/json; charset=utf-8";
constexpr std::size_t operator_name_max = 64;

void refuse_sharing(int socket) {
    int const yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

void answer(httplib::Response& response, Refusal const& refusal) {
    response.status = static_cast<int>(refusal.status);
    response.set_content(to_text(as_json(refusal)) + "\n", json_type);
}

std::string_view path_of(httplib::Request const& request) {
    return std::string_view{request.target}.substr(0, request.target.find('?'));
}

// Printable ASCII: the name goes into logs and into the audit as it is.
std::string operator_of(httplib::Request const& request) {
    std::string name = request.get_header_value("X-Operator");
    bool const is_plain = std::all_of(name.begin(), name.end(), [](char symbol) {
        return symbol > ' ' && symbol <= '~' && symbol != '"';
    });
    return name.empty() || name.size() > operator_name_max || !is_plain ? "operator" : name;
}

Outcome<void> check_access(
    httplib::Request const& request, Route const& route, std::string const& token) {
    if (route.access == Access::Anyone)
        return {};
    constexpr std::string_view scheme = "Bearer ";
    std::string const header = request.get_header_value("Authorization");
    if (header.starts_with(scheme) &&
        is_same_token(std::string_view{header}.substr(scheme.size()), token))
        return {};
    return fail(refusal(
        Status::Unauthorised,
        Complaint{
            "the header Authorization",
            "it does not carry the operators' token",
            "send 'Bearer ' and the text of fleetd's token file (fleetctl: --token-file)"}));
}

// Before the body is read: a stranger or a mistake must not fill the memory.
Outcome<void> check_body(httplib::Request const& request, Route const& route) {
    if (route.method == Method::Get)
        return {};
    auto const length = read_number(request.get_header_value("Content-Length"));
    if (!length || *length < 0)
        return fail(refusal(
            Status::LengthRequired,
            Complaint{
                "the header Content-Length", "it is missing", "send the body with its length"}));
    if (static_cast<std::uint64_t>(*length) > route.body_max)
        return fail(refusal(
            Status::TooLarge,
            Complaint{
                "the body",
                "it has " + std::to_string(*length) + " bytes",
                "send at most " + std::to_string(route.body_max)}));
    return {};
}

} // namespace

bool is_same_token(std::string_view given, std::string_view expected) {
    // Hashed first, so that lengths do not tell either.
    std::array<unsigned char, SHA256_DIGEST_LENGTH> left{};
    std::array<unsigned char, SHA256_DIGEST_LENGTH> right{};
    SHA256(reinterpret_cast<unsigned char const*>(given.data()), given.size(), left.data());
    SHA256(reinterpret_cast<unsigned char const*>(expected.data()), expected.size(), right.data());
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

struct Api::State {
    State(ApiOptions chosen, Context given)
        : options{std::move(chosen)}, context{std::move(given)} {}

    ApiOptions options;
    Context context;
    httplib::Server server;
    std::thread thread;
    int port = 0;

    void handle(httplib::Request const& http, httplib::Response& response);
    void dispatch(Match const& found, httplib::Request const& http, httplib::Response& response);
    [[nodiscard]] Outcome<Match> admit(httplib::Request const& request) const;
    void route();
};

Outcome<Match> Api::State::admit(httplib::Request const& request) const {
    TRY(Match found, find_route(request.method, path_of(request)));
    TRY_VOID(check_access(request, *found.route, options.token));
    TRY_VOID(check_body(request, *found.route));
    return found;
}

void Api::State::dispatch(
    Match const& found, httplib::Request const& http, httplib::Response& response) {
    Route const& route = *found.route;
    if (route.path == "/openapi.json") {
        response.set_content(std::string{openapi()}, json_type);
        return;
    }
    if (route.path == "/metrics") {
        auto const numbers = context.read(
            [this](store::Reading const& reading) { return gauges(reading, context); });
        if (numbers)
            response.set_content(context.metrics.text(*numbers), "text/plain; version=0.0.4");
        else
            answer(response, numbers.error());
        return;
    }
    Request request{
        .names = found.names,
        .query = {},
        .body = http.body,
        .operator_name = operator_of(http),
        .action = std::string{name(route.method)} + " " + std::string{route.path}};
    for (auto const& [key, value] : http.params)
        request.query.emplace(key, value);
    Reply const reply = route.handler(context, request);
    if (!reply) {
        answer(response, reply.error());
        return;
    }
    response.status = static_cast<int>(route.success);
    response.set_content(to_text(*reply) + "\n", json_type);
}

void Api::State::handle(httplib::Request const& http, httplib::Response& response) {
    auto const begun = std::chrono::steady_clock::now();
    auto const found = admit(http);
    if (!found)
        answer(response, found.error());
    else
        dispatch(*found, http, response);
    auto const took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    // The pattern, not the path: a path may carry an account.
    spdlog::info(
        "api.request method={} path={} status={} who={} ms={}",
        http.method,
        found ? found->route->path : "-",
        response.status,
        operator_of(http),
        took.count());
}

void Api::State::route() {
    server.set_pre_routing_handler(
        [this](httplib::Request const& http, httplib::Response& response) {
            auto const found = admit(http);
            if (found)
                return httplib::Server::HandlerResponse::Unhandled;
            handle(http, response);
            return httplib::Server::HandlerResponse::Handled;
        });
    auto const any = [this](httplib::Request const& http, httplib::Response& response) {
        handle(http, response);
    };
    server.Get(".*", any);
    server.Post(".*", any);
    server.Put(".*", any);
    // What httplib itself refuses (a header of 9 KB, a broken request line) has no body yet.
    server.set_error_handler([](httplib::Request const&, httplib::Response& response) {
        if (!response.body.empty())
            return;
        int const status = response.status;
        answer(
            response,
            refusal(
                Status::BadRequest,
                Complaint{
                    "the request",
                    "HTTP status " + std::to_string(status),
                    "see GET /openapi.json"}));
        response.status = status;
    });
}

protocol::Result<std::unique_ptr<Api>, Complaint> Api::start(
    ApiOptions const& options, Context context) {
    if (options.token.size() < token_size_min)
        return fail(Complaint{
            "the operators' token",
            "it is shorter than " + std::to_string(token_size_min),
            "make a new one: fleetd init"});
    auto state = std::make_unique<State>(options, std::move(context));
    httplib::Server& server = state->server;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_socket_options(refuse_sharing);
    server.set_tcp_nodelay(true);
    std::size_t body_max = 0;
    for (Route const& route : routes())
        body_max = std::max(body_max, route.body_max);
    server.set_payload_max_length(body_max);
    state->route();
    state->port = options.port == 0 ? server.bind_to_any_port(options.address)
                  : server.bind_to_port(options.address, options.port) ? options.port
                                                                       : -1;
    if (state->port <= 0)
        return fail(Complaint{
            options.address + ":" + std::to_string(options.port),
            "the API's port cannot be opened",
            "name a free port in [api]"});
    state->thread = std::thread{[&server] { server.listen_after_bind(); }};
    return std::unique_ptr<Api>{new Api{std::move(state)}};
}

Api::Api(std::unique_ptr<State> state) : state_{std::move(state)} {}

Api::~Api() {
    // stop() does nothing to a server that has not begun to listen yet.
    while (!state_->server.is_running())
        std::this_thread::yield();
    state_->server.stop();
    state_->thread.join();
}

std::uint16_t Api::port() const {
    return static_cast<std::uint16_t>(state_->port);
}

} // namespace fleet::api
