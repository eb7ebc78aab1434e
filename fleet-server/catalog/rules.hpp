#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/splitting/rule.hpp"

/// Splitting rules of providers: immutable versions, each in force from a moment on.
namespace fleet::catalog {

struct RuleVersion {
    std::uint32_t provider = 0;
    std::uint32_t version = 0; ///< From 1, per provider.
    UtcTime effective_from;
    std::string text; ///< As the operator wrote it: TOML.
    std::vector<std::uint32_t>
        receivers; ///< Numbers of providers, in the order of Rule::receivers.
};

/// Reads, checks and stores a rule. Complaints name the line and the cure; then nothing is stored.
/// Receivers are named by INN and must be providers that are open. Payments that were split already
/// stay so, whatever `effective_from` says.
[[nodiscard]] store::Outcome<protocol::Result<RuleVersion, Complaints>> publish_rule(
    store::Transaction& transaction, std::uint32_t provider, std::string_view toml, UtcTime now);

/// The version in force at that moment: of those whose effective_from is not after it the latest,
/// and of one moment the highest number.
[[nodiscard]] store::Outcome<std::optional<RuleVersion>> rule_at(
    store::Reading const& reading, std::uint32_t provider, UtcTime at);
[[nodiscard]] store::Outcome<std::optional<RuleVersion>> find_rule(
    store::Reading const& reading, std::uint32_t provider, std::uint32_t version);
/// All of them, by effective_from, then by number.
[[nodiscard]] store::Outcome<std::vector<RuleVersion>> rule_versions(
    store::Reading const& reading, std::uint32_t provider);

} // namespace fleet::catalog
