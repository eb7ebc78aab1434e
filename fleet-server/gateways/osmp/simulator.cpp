#include "fleet-server/gateways/osmp/simulator.hpp"

#include <httplib.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "fleet-server/gateways/osmp/reply.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::gateways::osmp {

namespace {

using nlohmann::json;
using protocol::Complaint;
using protocol::fail;

constexpr std::size_t threads = 64;         // Each unanswered request holds one until its deadline.
constexpr std::size_t body_max = 65'536;    // Behaviours of a day; an OSMP form has 300 bytes.
constexpr std::size_t planned_max = 10'000; // Behaviours of a long crash test.
constexpr auto* xml = "text/xml; charset=utf-8";

// httplib would set SO_REUSEPORT: two programs on one port, each getting half of the connections.
void refuse_sharing(int socket) {
    int const yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

std::string query_of(httplib::Request const& request) {
    if (request.method == "POST")
        return request.body;
    std::size_t const question = request.target.find('?');
    return question == std::string::npos ? "" : request.target.substr(question + 1);
}

void refuse(httplib::Response& response, std::string const& problem, std::string const& cure) {
    response.status = 400;
    json const body = {{"error", {{"place", "the request"}, {"problem", problem}, {"cure", cure}}}};
    response.set_content(
        body.dump(-1, ' ', false, json::error_handler_t::replace), "application/json");
}

json as_json(SimulatedPayment const& payment) {
    return {
        {"txn_id", payment.txn_id},
        {"account", payment.account},
        {"sum", protocol::to_decimal(payment.sum)},
        {"accepted", payment.accepted},
        {"requests", payment.requests},
        {"spellings", payment.spellings.size()},
    };
}

} // namespace

struct Simulator::State {
    explicit State(SimulatorBooks opened) : books{std::move(opened)} {}

    SimulatorOptions options;
    httplib::Server server;
    std::thread thread;
    int port = 0;
    // The books are shared by httplib's threads; `closing` wakes those that keep someone waiting.
    mutable std::mutex mutex;
    std::condition_variable closing_changed;
    bool is_closing = false;
    SimulatorBooks books;

    void pause(std::chrono::milliseconds duration) {
        std::unique_lock lock{mutex};
        closing_changed.wait_for(lock, duration, [this] { return is_closing; });
    }

    void answer(httplib::Request const& http, httplib::Response& response);
    void answer_pay(Request const& request, std::string const& query, httplib::Response& response);
    void route();
};

void Simulator::State::answer(httplib::Request const& http, httplib::Response& response) {
    std::string const query = query_of(http);
    auto const request = decode_request(query);
    if (!request) {
        refuse(response, std::string{to_string(request.error())}, "send an OSMP check or pay");
        return;
    }
    if (request->command == Command::Check)
        response.set_content(encode(Reply{request->txn_id, "", request->sum, 0, "OK", {}}), xml);
    else
        answer_pay(*request, query, response);
}

void Simulator::State::answer_pay(
    Request const& request, std::string const& query, httplib::Response& response) {
    PayOutcome outcome;
    {
        std::lock_guard const lock{mutex};
        outcome = books.pay(request, query);
    }
    std::string const reply = encode(Reply{
        request.txn_id, outcome.provider_txn, request.sum, outcome.result, outcome.comment, {}});
    response.set_content(reply, xml);
    if (auto const* slow = std::get_if<AnswerSlowly>(&outcome.behaviour)) {
        pause(slow->delay);
    } else if (std::holds_alternative<TimeOutAfterAccept>(outcome.behaviour)) {
        pause(options.deadline);
        // A body that never comes: httplib closes the connection.
        response.body.clear();
        response.set_content_provider(1, xml, [](auto, auto, auto&) { return false; });
    } else if (std::holds_alternative<AnswerTwice>(outcome.behaviour)) {
        std::string const twice = reply +
                                  "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " +
                                  std::to_string(reply.size()) + "\r\n\r\n" + reply;
        response.body.clear();
        response.set_content_provider(reply.size(), xml, [twice](auto, auto, auto& sink) {
            return sink.write(twice.data(), twice.size());
        });
    } else if (std::holds_alternative<Fail>(outcome.behaviour)) {
        response.status = 500;
        response.set_content("<html><body>500 Internal Server Error</body></html>", "text/html");
    } else if (std::holds_alternative<AnswerGarbage>(outcome.behaviour)) {
        response.set_content(reply.substr(0, reply.size() / 2), xml);
    }
}

void Simulator::State::route() {
    auto const osmp = [this](httplib::Request const& request, httplib::Response& response) {
        answer(request, response);
    };
    server.Get("/osmp", osmp);
    server.Post("/osmp", osmp);
    server.Get("/payments", [this](httplib::Request const&, httplib::Response& response) {
        json all = json::array();
        std::lock_guard const lock{mutex};
        for (SimulatedPayment const& payment : books.payments())
            all.push_back(as_json(payment));
        response.set_content(
            all.dump(-1, ' ', false, json::error_handler_t::replace), "application/json");
    });
    server.Get("/behaviour", [this](httplib::Request const&, httplib::Response& response) {
        json next = json::array();
        std::lock_guard const lock{mutex};
        for (Behaviour const& behaviour : books.planned())
            next.push_back(to_string(behaviour));
        response.set_content(json{{"next", std::move(next)}}.dump(), "application/json");
    });
    server.Post("/behaviour", [this](httplib::Request const& request, httplib::Response& response) {
        json const body = json::parse(request.body, nullptr, false);
        if (!body.is_object() || !body.contains("next") || !body["next"].is_array() ||
            body["next"].size() > planned_max) {
            refuse(response, "it is not a plan", R"(send {"next":["ok","slow:3000"]})");
            return;
        }
        std::vector<Behaviour> next;
        for (json const& word : body["next"]) {
            auto const read = read_behaviour(word.is_string() ? word.get<std::string>() : "");
            if (!read) {
                refuse(response, "a word is not known", read.error());
                return;
            }
            next.push_back(*read);
        }
        std::lock_guard const lock{mutex};
        books.plan(std::move(next));
        response.set_content(body.dump(), "application/json");
    });
}

protocol::Result<std::unique_ptr<Simulator>, Complaint> Simulator::start(
    SimulatorOptions const& options) {
    TRY(SimulatorBooks books, SimulatorBooks::open(options.state));
    auto state = std::make_unique<State>(std::move(books));
    state->options = options;
    httplib::Server& server = state->server;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_socket_options(refuse_sharing);
    server.set_tcp_nodelay(true);
    server.set_payload_max_length(body_max);
    state->route();
    state->port = options.port == 0 ? server.bind_to_any_port(options.address)
                  : server.bind_to_port(options.address, options.port) ? options.port
                                                                       : -1;
    if (state->port <= 0)
        return fail(Complaint{
            options.address + ":" + std::to_string(options.port),
            "the port cannot be opened",
            "name a free port"});
    state->thread = std::thread{[&server] { server.listen_after_bind(); }};
    return std::unique_ptr<Simulator>{new Simulator{std::move(state)}};
}

Simulator::Simulator(std::unique_ptr<State> state) : state_{std::move(state)} {}

Simulator::~Simulator() {
    {
        std::lock_guard const lock{state_->mutex};
        state_->is_closing = true;
    }
    state_->closing_changed.notify_all();
    // stop() does nothing to a server that has not begun to listen yet.
    while (!state_->server.is_running())
        std::this_thread::yield();
    state_->server.stop();
    state_->thread.join();
}

std::uint16_t Simulator::port() const {
    return static_cast<std::uint16_t>(state_->port);
}

std::string Simulator::url() const {
    return "http://" + state_->options.address + ":" + std::to_string(state_->port) + "/osmp";
}

void Simulator::plan(std::vector<Behaviour> next) {
    std::lock_guard const lock{state_->mutex};
    state_->books.plan(std::move(next));
}

std::vector<SimulatedPayment> Simulator::payments() const {
    std::lock_guard const lock{state_->mutex};
    return state_->books.payments();
}

} // namespace fleet::gateways::osmp
