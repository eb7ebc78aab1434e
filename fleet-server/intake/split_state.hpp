#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet-server/splitting/division.hpp"
#include "fleet-server/store/reading.hpp"

/// What a rule remembers between payments: residues of its carrying allocations and the running
/// totals of its caps. Most rules remember nothing, and then no table is touched.
namespace fleet::intake {

/// Of one rule version, as a division wants it.
struct SplitState {
    std::vector<protocol::Residue> residues;
    std::vector<protocol::Money> taken;
    std::vector<std::string> periods; ///< That `taken` is of, one a cap.
    friend bool operator==(SplitState const&, SplitState const&) = default;
};

/// Names the version whose state it is.
struct RuleKey {
    std::uint32_t provider = 0;
    std::uint32_t version = 0;
    // clang-tidy takes the comparison with 0 inside it for a pointer.
    friend auto operator<=>(RuleKey const&, RuleKey const&) =
        default; // NOLINT(modernize-use-nullptr)
};

/// The periods of the rule's caps in which `at` lies: "2010-02-05", "2010-02" or "2010", UTC.
[[nodiscard]] std::vector<std::string> periods_at(splitting::Rule const& rule, UtcTime at);

/// As it was left by the last payment; zeros where there was none. On the writing side that of the
/// commit under way.
[[nodiscard]] store::Outcome<SplitState> load_split_state(
    store::Reading const& reading, RuleKey key, splitting::Rule const& rule, UtcTime at);

/// What the state becomes by this division.
[[nodiscard]] SplitState after(
    splitting::Rule const& rule, SplitState before, splitting::Division const& division);

/// Is every share within two kopecks of what it is owed (I6)? Nobody has proved that it stays so.
[[nodiscard]] bool residues_are_small(splitting::Rule const& rule, SplitState const& state);

/// With the payment: kept in memory until the commit, as a busy rule has thousands in one.
[[nodiscard]] store::Outcome<void> save_split_state(
    store::Transaction& transaction, RuleKey key, SplitState const& state);

} // namespace fleet::intake
