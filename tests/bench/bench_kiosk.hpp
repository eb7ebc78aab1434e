#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "kiosk/link/link.hpp"
#include "protocol/link/chain.hpp"

/// A kiosk's journal in memory: prepared payments, in the chain that the server checks. It keeps
/// nothing durable, because what is measured is the server.
namespace tests::bench {

class PreparedRecords final : public kiosk::link::Outgoing {
public:
    /// Appends one payment of 2 x 2000, 500 and 100 roubles to a different account each time.
    void add(std::uint32_t provider);

    [[nodiscard]] kiosk::link::Head head() const override;
    [[nodiscard]] kiosk::link::Head acknowledged() const override;
    [[nodiscard]] std::optional<kiosk::link::Hash> hash_at(std::uint64_t sequence) const override;
    [[nodiscard]] std::vector<protocol::Bytes> after(
        std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const override;
    void acknowledge(std::uint64_t sequence) override { acknowledged_ = sequence; }

private:
    std::vector<protocol::Bytes> payloads_;
    std::vector<kiosk::link::Hash> hashes_;
    std::uint64_t acknowledged_ = 0;
};

/// Calls back; the rest of the link is of no interest here.
class BenchListener final : public kiosk::link::LinkListener {
public:
    std::function<void(bool)> link;
    std::function<void(std::uint64_t)> acknowledged;
    std::function<void(std::string const&)> refused;

    void on_link(bool is_up) override { link(is_up); }
    void on_account(kiosk::link::AccountAnswer) override {}
    void on_catalog(protocol::catalog::Catalog) override {}
    void on_acknowledged(std::uint64_t sequence) override { acknowledged(sequence); }
    void on_refused(std::string explanation) override { refused(explanation); }
};

} // namespace tests::bench
