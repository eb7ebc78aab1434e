#include "tests/bench/bench_kiosk.hpp"

#include <algorithm>
#include <cstdio>

#include "protocol/commission/tariff.hpp"
#include "protocol/wire/kiosk.pb.h"

namespace tests::bench {

namespace {

// The bench imports charges of these accounts, so that each payment meets a debt.
constexpr unsigned accounts = 1000;
constexpr std::int64_t cash = 460'000;

void add_notes(protocol::wire::Payment& payment, std::int64_t value, std::uint32_t count) {
    auto* notes = payment.add_notes();
    notes->set_value(value);
    notes->set_count(count);
}

} // namespace

void PreparedRecords::add(std::uint32_t provider) {
    auto const sequence = payloads_.size() + 1;
    protocol::wire::Record record;
    record.set_at_ms(1'763'800'000'000 + static_cast<std::int64_t>(sequence) * 1000);
    auto& payment = *record.mutable_payment();
    payment.set_provider(provider);
    std::array<char, 16> account{};
    std::snprintf(
        account.data(), account.size(), "M%03uK001", static_cast<unsigned>(sequence % accounts));
    payment.set_account(account.data());
    payment.set_channel(static_cast<std::uint32_t>(protocol::commission::Channel::Cash));
    payment.set_tariff_version(1);
    add_notes(payment, 10'000, 1);
    add_notes(payment, 50'000, 1);
    add_notes(payment, 200'000, 2);
    payment.set_cash(cash);
    payment.set_credited(cash);
    payment.set_debt_shown(459'786);
    payment.set_debt_date("2009-09-01");
    auto const text = record.SerializeAsString();
    payloads_.emplace_back(text.begin(), text.end());
    hashes_.push_back(protocol::link::chain_next(
        hashes_.empty() ? protocol::link::chain_start : hashes_.back(),
        sequence,
        payloads_.back()));
}

kiosk::link::Head PreparedRecords::head() const {
    return {payloads_.size(), hashes_.empty() ? protocol::link::chain_start : hashes_.back()};
}

kiosk::link::Head PreparedRecords::acknowledged() const {
    return {
        acknowledged_,
        acknowledged_ == 0 ? protocol::link::chain_start : hashes_[acknowledged_ - 1]};
}

std::optional<kiosk::link::Hash> PreparedRecords::hash_at(std::uint64_t sequence) const {
    if (sequence == 0)
        return protocol::link::chain_start;
    if (sequence > hashes_.size())
        return std::nullopt;
    return hashes_[sequence - 1];
}

std::vector<protocol::Bytes> PreparedRecords::after(
    std::uint64_t sequence, std::size_t count_max, std::size_t size_max) const {
    std::vector<protocol::Bytes> found;
    std::size_t size = 0;
    for (std::size_t at = sequence; at < payloads_.size() && found.size() < count_max; ++at) {
        size += payloads_[at].size();
        if (size > size_max && !found.empty())
            break;
        found.push_back(payloads_[at]);
    }
    return found;
}

} // namespace tests::bench
