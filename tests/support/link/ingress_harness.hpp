#pragma once

#include <doctest/doctest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "fleet-server/ingress/certificates.hpp"
#include "fleet-server/ingress/server.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/link/fake_desk.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tests {

/// A log that a test can read while others write it.
class TestLog {
public:
    spdlog::logger& logger() { return logger_; }
    std::string text() {
        std::string all;
        for (std::string const& line : sink_->last_formatted())
            all += line;
        return all;
    }
    bool has(std::string const& part) { return text().find(part) != std::string::npos; }
    bool gets(std::string const& part) {
        return eventually([&] { return has(part); }, std::chrono::seconds{10});
    }

private:
    std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> sink_ =
        std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(5000);
    spdlog::logger logger_{"test", sink_};
};

/// The certificates of a fleet: three files a kiosk, as `fleetctl kiosk enrol` writes them.
class Fleet {
public:
    Fleet()
        : authority_{*fleet::ingress::Authority::make(
              folder_.path() / "ca", std::chrono::system_clock::now())} {
        auto const server = authority_.issue_server(
            {"fleet.example", "127.0.0.1"}, std::chrono::system_clock::now());
        REQUIRE(server);
        REQUIRE(write_credentials(file("server.pem"), file("server.key"), *server));
    }
    std::filesystem::path file(std::string const& name) const { return folder_.path() / name; }
    std::filesystem::path authority_file() const { return folder_.path() / "ca" / "ca.pem"; }

    /// The stem of its `.pem` and `.key`.
    std::filesystem::path enrol(std::uint32_t kiosk, std::uint32_t epoch = 1) {
        auto const stem = file("kiosk-" + std::to_string(kiosk) + "-" + std::to_string(epoch));
        if (!std::filesystem::exists(stem.string() + ".pem")) {
            auto const credentials =
                authority_.issue_kiosk({kiosk, epoch}, std::chrono::system_clock::now());
            REQUIRE(credentials);
            REQUIRE(
                write_credentials(stem.string() + ".pem", stem.string() + ".key", *credentials));
        }
        return stem;
    }

private:
    TemporaryFolder folder_;
    fleet::ingress::Authority authority_;
};

/// The ingress over a fake desk on a thread of its own, as in fleetd.
class IngressHarness {
public:
    explicit IngressHarness(
        Fleet const& fleet, fleet::ingress::IngressOptions options = {}, std::uint16_t port = 0) {
        options.port = port;
        options.authority = fleet.authority_file();
        options.certificate = fleet.file("server.pem");
        options.key = fleet.file("server.key");
        auto opened =
            fleet::ingress::Server::open(context_.get_executor(), options, desk_, log_.logger());
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : to_string(opened.error())));
        server_ = std::move(*opened);
        ended_ = ended_promise_.get_future();
        boost::asio::co_spawn(context_, server_->run(), [this](std::exception_ptr const&) {
            ended_promise_.set_value();
        });
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~IngressHarness() {
        stop();
        guard_.reset();
        thread_.join();
    }
    IngressHarness(IngressHarness const&) = delete;
    IngressHarness& operator=(IngressHarness const&) = delete;

    /// True when every connection has ended in time.
    bool stop() {
        boost::asio::post(context_, [this] { server_->stop(); });
        return ended_.wait_for(std::chrono::seconds{10}) == std::future_status::ready;
    }
    /// On the ingress' own thread.
    template <class Work>
    auto inside(Work work) {
        std::packaged_task<decltype(work())()> task{std::move(work)};
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }

    fleet::ingress::Server& server() { return *server_; }
    std::uint16_t port() const { return server_->port(); }
    FakeDesk& desk() { return desk_; }
    TestLog& log() { return log_; }
    boost::asio::io_context& context() { return context_; }

private:
    TestLog log_;
    FakeDesk desk_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        context_.get_executor()};
    std::unique_ptr<fleet::ingress::Server> server_;
    std::promise<void> ended_promise_;
    std::future<void> ended_;
    std::thread thread_;
};

} // namespace tests
