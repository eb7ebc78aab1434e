#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fleet-server/ingress/desk.hpp"
#include "protocol/link/chain.hpp"

namespace tests {

/// Books in memory that accept each record once and know a fork: what intake promises, without a
/// database. The test reads from another thread than the ingress writes.
class FakeDesk final : public fleet::ingress::Desk {
public:
    using Identity = fleet::ingress::KioskIdentity;

    Answer<protocol::wire::Welcome> welcome(
        Identity identity, protocol::wire::Hello hello) override {
        co_await think();
        std::lock_guard const lock{mutex_};
        ++welcomes_;
        Chain& chain = chains_[identity.kiosk];
        if (hello.last_sequence() < chain.records.size())
            co_return refuse(protocol::wire::Refusal::FORKED, "the kiosk has fewer records");
        protocol::wire::Welcome welcome;
        welcome.set_acknowledged_sequence(chain.records.size());
        welcome.set_acknowledged_hash(protocol::link::to_wire(chain.hashes.back()));
        if (catalog_ && catalog_->version() > hello.catalog_version())
            *welcome.mutable_catalog() = *catalog_;
        co_return welcome;
    }

    Answer<protocol::wire::Acknowledgement> accept(
        Identity identity, protocol::wire::Batch batch) override {
        co_await think();
        std::lock_guard const lock{mutex_};
        Chain& chain = chains_[identity.kiosk];
        std::uint64_t sequence = batch.first_sequence();
        for (std::string const& record : batch.records()) {
            std::uint64_t const known = chain.records.size();
            if (sequence > known + 1)
                co_return refuse(protocol::wire::Refusal::PROTOCOL, "a gap");
            if (sequence <= known && chain.records[sequence - 1] != record)
                co_return refuse(protocol::wire::Refusal::FORKED, "another record than before");
            if (sequence > known) {
                protocol::Bytes const payload{record.begin(), record.end()};
                chain.hashes.push_back(
                    protocol::link::chain_next(chain.hashes.back(), sequence, payload));
                chain.records.push_back(record);
            } else {
                ++repeats_;
            }
            ++sequence;
        }
        if (protocol::link::to_wire(chain.hashes[sequence - 1]) != batch.head_hash())
            co_return refuse(protocol::wire::Refusal::FORKED, "another chain");
        protocol::wire::Acknowledgement acknowledgement;
        acknowledgement.set_sequence(chain.records.size());
        acknowledgement.set_hash(protocol::link::to_wire(chain.hashes.back()));
        co_return acknowledgement;
    }

    boost::asio::awaitable<protocol::wire::AccountAnswer> look_up(
        Identity, protocol::wire::AccountQuery query) override {
        co_await think();
        std::lock_guard const lock{mutex_};
        protocol::wire::AccountAnswer answer;
        answer.set_id(query.id());
        bool const is_known = query.account() == "M003K006";
        answer.set_outcome(
            is_known ? protocol::wire::AccountAnswer::FOUND
                     : protocol::wire::AccountAnswer::UNKNOWN_ACCOUNT);
        if (is_known)
            answer.set_debt(459'786);
        answer.set_address_masked(std::string(answer_size_, 'x'));
        co_return answer;
    }

    std::vector<std::string> records_of(std::uint32_t kiosk) {
        std::lock_guard const lock{mutex_};
        return chains_[kiosk].records;
    }
    unsigned repeats() {
        std::lock_guard const lock{mutex_};
        return repeats_;
    }
    unsigned welcomes() {
        std::lock_guard const lock{mutex_};
        return welcomes_;
    }
    void set_catalog(protocol::wire::Catalog catalog) {
        std::lock_guard const lock{mutex_};
        catalog_ = std::move(catalog);
    }
    void set_answer_size(std::size_t size) {
        std::lock_guard const lock{mutex_};
        answer_size_ = size;
    }
    void set_thinking(std::chrono::milliseconds time) {
        std::lock_guard const lock{mutex_};
        thinking_ = time;
    }

private:
    struct Chain {
        std::vector<std::string> records;
        std::vector<protocol::link::Hash> hashes{protocol::link::chain_start};
    };

    boost::asio::awaitable<void> think() {
        std::chrono::milliseconds time{};
        {
            std::lock_guard const lock{mutex_};
            time = thinking_;
        }
        if (time.count() == 0)
            co_return;
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, time};
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    static tl::unexpected<protocol::wire::Refusal> refuse(
        protocol::wire::Refusal::Reason reason, std::string const& explanation) {
        protocol::wire::Refusal refusal;
        refusal.set_reason(reason);
        refusal.set_explanation(explanation);
        return protocol::fail(std::move(refusal));
    }

    std::mutex mutex_;
    std::map<std::uint32_t, Chain> chains_;
    std::optional<protocol::wire::Catalog> catalog_;
    std::size_t answer_size_ = 0;
    std::chrono::milliseconds thinking_{0};
    unsigned repeats_ = 0;
    unsigned welcomes_ = 0;
};

} // namespace tests
