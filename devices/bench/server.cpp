#include "devices/bench/server.hpp"

#include <httplib.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "devices/bench/calls.hpp"
#include "devices/bench/describe.hpp"
#include "devices/bench/qr_reader.hpp"
#include "devices/printer/ticket_picture.hpp"

namespace devices::bench {

namespace asio = boost::asio;
using asio::awaitable;
using nlohmann::json;
using protocol::Complaint;

namespace {

using namespace std::chrono_literals;

constexpr std::size_t body_size_max = 16'777'216;  // A photograph of a bill as PNG.
constexpr std::size_t json_size_max = 65'536;      // A scanned text is the longest.
constexpr std::size_t threads = 16;                // A connection holds one while it is open.
constexpr std::size_t calls_a_connection = 10'000; // httplib's default of 5 makes a page reconnect.
constexpr auto call_within = 30s;                  // A note is inside for 25 s at most.
constexpr auto look_every = 50ms;                  // For the end of devsim, while a call waits.

void log_problem(std::exception_ptr const& problem) {
    try {
        std::rethrow_exception(problem);
    } catch (std::exception const& error) {
        spdlog::error("bench.call_failed error=\"{}\"", error.what());
    }
}

Reply not_json() {
    return error_reply(400, std::string{"the body is not a JSON object"});
}

class HttpServer final : public Server {
public:
    HttpServer(asio::any_io_executor executor, VirtualKiosk& kiosk, Config::Page page)
        : executor_{std::move(executor)}, kiosk_{kiosk}, page_{std::move(page)} {}

    ~HttpServer() override {
        stop();
        if (thread_.joinable())
            thread_.join();
    }

    [[nodiscard]] bool bind() {
        http_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
        http_.set_tcp_nodelay(true);
        http_.set_keep_alive_max_count(calls_a_connection);
        http_.set_keep_alive_timeout(2);
        http_.set_payload_max_length(body_size_max);
        http_.set_exception_handler(
            [](auto const&, auto& response, std::exception_ptr const& problem) {
                log_problem(problem);
                put(error_reply(500, std::string{"devsim failed; see its log"}), response);
            });
        http_.set_default_headers({{"Cache-Control", "no-store"}});
        add_routes();
        if (!http_.set_mount_point("/", page_.assets.string()))
            return false;
        if (page_.port == 0)
            port_ = http_.bind_to_any_port(page_.address);
        else
            port_ = http_.bind_to_port(page_.address, page_.port) ? page_.port : -1;
        return port_ > 0;
    }

    [[nodiscard]] std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }

    void start() override {
        thread_ = std::thread{[this] { http_.listen_after_bind(); }};
    }

    void stop() override {
        is_stopping_ = true;
        http_.stop();
    }

private:
    using Request = httplib::Request;
    using Response = httplib::Response;
    using Question = awaitable<Reply> (*)(VirtualKiosk&);
    using Order = awaitable<Reply> (*)(VirtualKiosk&, json);

    static void put(Reply const& reply, Response& response) {
        response.status = reply.status;
        response.set_content(reply.body, reply.content_type);
    }

    /// Carries work to the kiosk's thread and waits for its end. Abandoned work runs on there: it
    /// owns all that it needs.
    template <class T>
    std::optional<T> on_kiosk(std::function<awaitable<T>()> work) {
        auto const promise = std::make_shared<std::promise<T>>();
        auto future = promise->get_future();
        asio::co_spawn(
            executor_, std::move(work), [promise](std::exception_ptr const& problem, T value) {
                if (problem)
                    promise->set_exception(problem);
                else
                    promise->set_value(std::move(value));
            });
        auto const deadline = std::chrono::steady_clock::now() + call_within;
        while (!is_stopping_ && std::chrono::steady_clock::now() < deadline)
            if (future.wait_for(look_every) == std::future_status::ready)
                return future.get();
        return std::nullopt;
    }

    Reply answer(std::function<awaitable<Reply>()> work) {
        if (auto reply = on_kiosk<Reply>(std::move(work)))
            return std::move(*reply);
        return is_stopping_ ? error_reply(503, std::string{"devsim ends"})
                            : error_reply(504, std::string{"not in time"});
    }

    void get(std::string const& path, Question question) {
        http_.Get(path, [this, question](Request const&, Response& response) {
            put(answer([this, question] { return question(kiosk_); }), response);
        });
    }

    void post(std::string const& path, Order order) {
        http_.Post(path, [this, order](Request const& request, Response& response) {
            json body = request.body.size() > json_size_max
                            ? json{}
                            : json::parse(request.body, nullptr, false);
            put(body.is_object()
                    ? answer([this, order, body = std::move(body)] { return order(kiosk_, body); })
                    : not_json(),
                response);
        });
    }

    void add_routes() {
        get("/state", calls::state);
        get("/screen", calls::screen);
        get("/screen.png", calls::screen_picture);
        post("/touch", calls::touch);
        post("/notes", calls::insert_note);
        post("/scan", calls::scan);
        post("/link", calls::switch_link);
        post("/power", calls::switch_power);
        post("/validator/fault", calls::validator_fault);
        post("/printer/fault", calls::printer_fault);
        http_.Post("/paper/take", [this](Request const&, Response& response) {
            put(answer([this] { return calls::take_ticket(kiosk_); }), response);
        });
        http_.Post("/scan/picture", [this](Request const& request, Response& response) {
            put(scan_picture(request.body), response);
        });
        http_.Get(
            R"(/paper/(\d{1,9})(\.png)?)", [this](Request const& request, Response& response) {
                put(paper(request.matches[1].str(), request.matches[2].matched), response);
            });
    }

    // Reading and drawing pictures takes long: it is done here, on a thread of HTTP.
    Reply scan_picture(std::string const& body) {
        protocol::Bytes const png{body.begin(), body.end()};
        auto code = read_qr(png);
        if (!code)
            return error_reply(422, code.error());
        return answer([this, code = std::move(*code)] { return calls::scan_bytes(kiosk_, code); });
    }

    Reply paper(std::string const& digits, bool is_picture) {
        std::size_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        auto const ticket = on_kiosk<std::optional<printer::Ticket>>(
            [this, number] { return calls::ticket(kiosk_, number); });
        if (!ticket)
            return error_reply(504, std::string{"not in time"});
        if (!*ticket)
            return error_reply(404, "there is no ticket " + digits + " (yet)");
        return is_picture ? png_reply(printer::render_png(**ticket))
                          : json_reply(describe_ticket(**ticket));
    }

    asio::any_io_executor executor_;
    VirtualKiosk& kiosk_;
    Config::Page page_;
    httplib::Server http_;
    int port_{-1};
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

} // namespace

protocol::Result<std::unique_ptr<Server>, Complaint> Server::open(
    asio::any_io_executor const& executor, VirtualKiosk& kiosk, Config::Page const& page) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(page.assets / "index.html", ignored))
        return protocol::fail(Complaint{
            "[page] assets",
            page.assets.string() + " has no index.html",
            "name the folder ui-assets/devsim"});
    auto server = std::make_unique<HttpServer>(executor, kiosk, page);
    if (!server->bind())
        return protocol::fail(Complaint{
            "[page] port " + std::to_string(page.port),
            "cannot be opened at " + page.address,
            "choose a free port"});
    return server;
}

} // namespace devices::bench
