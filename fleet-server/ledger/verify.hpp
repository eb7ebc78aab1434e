#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fleet-server/ledger/balances.hpp"

/// The books checked against themselves and against what other rooms know, from the first entry on.
namespace fleet::ledger {

/// What another room says an account must show: notes counted in payments, sums under way.
struct Expectation {
    enum class Side : std::uint8_t {
        PostedNet,     ///< net()
        PendingCredit, ///< credits_pending
    };
    std::string account;
    Side side = Side::PostedNet;
    Money amount = protocol::rub(0);
    std::string
        source; ///< "notes of payments", "outbox SENT and UNKNOWN": named in the difference.
};

struct Difference {
    std::string place; ///< "entry 17", "account payable.1"
    std::string expected;
    std::string found;
    friend bool operator==(Difference const&, Difference const&) = default;
};
[[nodiscard]] std::string to_string(Difference const& difference);

struct Verification {
    Sequence entries = 0;
    std::int64_t transfers = 0;
    std::int64_t accounts = 0;
    Hash head{};
    std::optional<Difference> difference; ///< The first one; none is good.
};

/// Rebuilds every balance from transfers, recomputes the hash chain, and checks, naming the
/// invariants of docs/money.md: debits = credits (I1), amounts positive (I5), limits at every step
/// (I7), balances = the fold of transfers (I8), a hold resolved at most once (I15), time rising
/// (I22), and the expectations (inflight = outbox, I16; cash = notes, I18). An account with the
/// prefix `cash.` or `inflight.` that no expectation names must be at zero, if any are given.
/// Reads everything: give it a Reader of its own.
[[nodiscard]] store::Outcome<Verification> verify(
    store::Reading const& reading, std::vector<Expectation> const& expectations);

} // namespace fleet::ledger
