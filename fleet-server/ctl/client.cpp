#include "fleet-server/ctl/client.hpp"

#include <httplib.h>

namespace fleet::ctl {

namespace {

using protocol::fail;

constexpr std::time_t connect_seconds = 5;
// A city's charge register, or the verification of a year's books.
constexpr std::time_t answer_seconds = 300;

Complaint read_complaint(json const& value) {
    auto const text = [&](char const* key) {
        auto const found = value.find(key);
        return found != value.end() && found->is_string() ? found->get<std::string>()
                                                          : std::string{};
    };
    return {text("place"), text("problem"), text("cure")};
}

} // namespace

std::string escape(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string escaped;
    for (char const symbol : text) {
        if (unreserved.find(symbol) != std::string_view::npos) {
            escaped += symbol;
            continue;
        }
        auto const byte = static_cast<unsigned char>(symbol);
        escaped += {'%', hex[byte >> 4U], hex[byte & 0x0FU]};
    }
    return escaped;
}

std::vector<Complaint> read_complaints(int status, std::string const& body) {
    json const value = json::parse(body, nullptr, false);
    std::vector<Complaint> complaints;
    if (value.is_object() && value.contains("errors") && value["errors"].is_array()) {
        for (json const& error : value["errors"])
            if (error.is_object())
                complaints.push_back(read_complaint(error));
    } else if (value.is_object() && value.contains("error") && value["error"].is_object()) {
        complaints.push_back(read_complaint(value["error"]));
    }
    if (complaints.empty())
        complaints.push_back(
            {"the server's answer",
             "HTTP status " + std::to_string(status),
             "check --server: is that fleetd's API?"});
    return complaints;
}

struct Client::State {
    explicit State(ClientOptions given) : options{std::move(given)}, http{options.server} {}
    ClientOptions options;
    httplib::Client http;
};

Client::Client(ClientOptions options) : state_{std::make_unique<State>(std::move(options))} {
    state_->http.set_connection_timeout(connect_seconds);
    state_->http.set_read_timeout(answer_seconds);
    state_->http.set_write_timeout(answer_seconds);
    state_->http.set_tcp_nodelay(true);
}

Client::~Client() = default;

protocol::Result<json, Failure> Client::call(Call const& call) {
    httplib::Client& http = state_->http;
    auto const unreachable = [&](std::string const& problem) {
        return fail(Failure{
            Failure::Kind::Unreachable,
            {{state_->options.server, problem, "start fleetd, or name its API with --server"}}});
    };
    if (!http.is_valid())
        return unreachable("that is not an address");
    std::string target = call.path;
    char separator = '?';
    for (auto const& [key, value] : call.query) {
        target += separator + key + "=" + escape(value);
        separator = '&';
    }
    httplib::Headers const headers{
        {"Authorization", "Bearer " + state_->options.token},
        {"X-Operator", state_->options.operator_name}};
    auto const result = call.method == "GET"   ? http.Get(target, headers)
                        : call.method == "PUT" ? http.Put(target, headers, call.body, call.type)
                                               : http.Post(target, headers, call.body, call.type);
    if (!result)
        return unreachable("nobody answers: " + httplib::to_string(result.error()));
    json value = json::parse(result->body, nullptr, false);
    if (result->status < 200 || result->status > 299 || value.is_discarded())
        return fail(Failure{Failure::Kind::Refused, read_complaints(result->status, result->body)});
    return value;
}

} // namespace fleet::ctl
