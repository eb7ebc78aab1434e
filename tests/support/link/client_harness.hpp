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
#include "protocol/link/chain.hpp"
#include "tests/support/link/ingress_harness.hpp"

namespace tests {

/// A journal in memory. On the client's thread only.
class FakeOutgoing final : public kiosk::link::Outgoing {
public:
    void record(std::string const& text) {
        protocol::Bytes const payload{text.begin(), text.end()};
        hashes_.push_back(protocol::link::chain_next(hashes_.back(), records_.size() + 1, payload));
        records_.push_back(payload);
    }
    [[nodiscard]] kiosk::link::Head head() const override {
        return {records_.size(), hashes_.back()};
    }
    [[nodiscard]] kiosk::link::Head acknowledged() const override {
        return {acknowledged_, hashes_[acknowledged_]};
    }
    [[nodiscard]] std::optional<kiosk::link::Hash> hash_at(std::uint64_t sequence) const override {
        return sequence < hashes_.size() ? std::optional{hashes_[sequence]} : std::nullopt;
    }
    [[nodiscard]] std::vector<protocol::Bytes> after(
        std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const override {
        std::vector<protocol::Bytes> found;
        std::size_t size = 0;
        for (std::size_t i = sequence; i < records_.size() && found.size() < count_max; ++i) {
            size += records_[i].size();
            if (size > size_max && !found.empty())
                break;
            found.push_back(records_[i]);
        }
        return found;
    }
    void acknowledge(std::uint64_t sequence) override {
        assert(sequence > acknowledged_ && sequence <= records_.size());
        acknowledged_ = sequence;
    }

private:
    std::vector<protocol::Bytes> records_;
    std::vector<kiosk::link::Hash> hashes_{protocol::link::chain_start};
    std::uint64_t acknowledged_ = 0;
};

/// Keeps what it is told. On the client's thread only.
class FakeListener final : public kiosk::link::LinkListener {
public:
    void on_link(bool is_up) override { links.push_back(is_up); }
    void on_account(kiosk::link::AccountAnswer answer) override {
        answers.push_back(std::move(answer));
    }
    void on_catalog(protocol::catalog::Catalog catalog) override {
        catalogs.push_back(std::move(catalog));
    }
    void on_acknowledged(std::uint64_t sequence) override { acknowledged.push_back(sequence); }
    void on_refused(std::string explanation) override {
        refusals.push_back(std::move(explanation));
    }

    std::vector<bool> links;
    std::vector<kiosk::link::AccountAnswer> answers;
    std::vector<protocol::catalog::Catalog> catalogs;
    std::vector<std::uint64_t> acknowledged;
    std::vector<std::string> refusals;
};

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

    /// Until the condition holds there.
    template <class Condition>
    bool gets(Condition condition) {
        return eventually([&] { return inside([&] { return condition(); }); });
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
