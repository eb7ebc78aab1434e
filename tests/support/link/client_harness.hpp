#pragma once

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "kiosk/link/client.hpp"
#include "tests/support/link/fake_kiosk.hpp"
#include "tests/support/link/ingress_harness.hpp"

namespace tests {

/// The link client of a kiosk on a thread of its own, as in kioskd.
class ClientHarness {
public:
    static kiosk::link::ClientOptions options(
        Fleet& fleet, std::uint16_t port, std::uint32_t kiosk = 17) {
        auto const stem = fleet.enrol(kiosk).string();
        kiosk::link::ClientOptions options{
            .server = "127.0.0.1",
            .port = port,
            .server_name = "fleet.example",
            .authority = fleet.authority_file(),
            .certificate = stem + ".pem",
            .key = stem + ".key",
            .software = "test",
            .catalog_version = 0,
            .tuning = {}};
        options.tuning.retry_first = std::chrono::milliseconds{5};
        options.tuning.retry_most = std::chrono::milliseconds{50};
        return options;
    }

    /// On the client's own thread.
    template <class Work>
    auto inside(Work work) {
        std::packaged_task<decltype(work())()> task{std::move(work)};
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }

    explicit ClientHarness(kiosk::link::ClientOptions const& options) {
        auto opened = kiosk::link::Client::open(
            context_.get_executor(), options, outgoing_, listener_, log_.logger());
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : to_string(opened.error())));
        client_ = std::move(*opened);
        boost::asio::co_spawn(
            context_, client_->run(), [this](std::exception_ptr const&) { ended_.set_value(); });
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~ClientHarness() {
        inside([&] { client_->stop(); });
        CHECK(ended_.get_future().wait_for(std::chrono::seconds{10}) == std::future_status::ready);
        guard_.reset();
        thread_.join();
    }
    ClientHarness(ClientHarness const&) = delete;
    ClientHarness& operator=(ClientHarness const&) = delete;

    /// Until the condition holds there. A bool comes back, never a reference into what lives there:
    /// the last of a vector of flags is one.
    template <class Condition>
    bool gets(Condition condition) {
        return eventually([&] { return inside([&]() -> bool { return condition(); }); });
    }
    void records(std::string const& text) {
        inside([&] {
            outgoing_.record(text);
            client_->records_added();
        });
    }
    bool is_all_acknowledged() {
        return inside(
            [&] { return outgoing_.acknowledged().sequence == outgoing_.head().sequence; });
    }

    FakeOutgoing& outgoing() { return outgoing_; }
    FakeListener& listener() { return listener_; }
    kiosk::link::Client& client() { return *client_; }
    TestLog& log() { return log_; }

private:
    TestLog log_;
    FakeOutgoing outgoing_;
    FakeListener listener_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        context_.get_executor()};
    std::unique_ptr<kiosk::link::Client> client_;
    std::promise<void> ended_;
    std::thread thread_;
};

} // namespace tests
