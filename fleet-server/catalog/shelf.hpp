#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/catalog/rules.hpp"
#include "protocol/account/account.hpp"

/// What the catalog says, kept ready on the writing side: a payment asks four times, and the answer
/// changes once a month. Every change of the catalog empties the shelf.
namespace fleet::catalog {

struct ShelvedRule {
    RuleVersion version;
    std::optional<splitting::Rule> rule; ///< Nullopt: its text cannot be read.
};

struct ShelvedProvider {
    Provider provider;
    std::optional<protocol::account::Mask> mask; ///< Nullopt: it cannot be read.
    /// By effective_from, then version.
    std::vector<ShelvedRule> rules;
    TariffsByVersion tariffs;

    /// Nullptr: none is in force.
    [[nodiscard]] ShelvedRule const* rule_at(UtcTime at) const;
};

class Shelf : public store::Companion {
public:
    /// Nullptr: there is no such provider. Stays valid until the catalog changes.
    [[nodiscard]] store::Outcome<ShelvedProvider const*> provider(
        store::Reading const& reading, std::uint32_t id);

    void clear() { providers_.clear(); }
    void job_begins() override {}
    void job_undone() override { clear(); }
    [[nodiscard]] store::Outcome<void> write_down(store::Transaction&) override { return {}; }

private:
    std::unordered_map<std::uint32_t, std::unique_ptr<ShelvedProvider>> providers_;
};

} // namespace fleet::catalog
