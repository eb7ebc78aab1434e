#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/link/link.hpp"
#include "protocol/link/chain.hpp"

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

} // namespace tests
