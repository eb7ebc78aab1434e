#include "fleet-server/catalog/shelf.hpp"

namespace fleet::catalog {

using store::Outcome;

ShelvedRule const* ShelvedProvider::rule_at(UtcTime at) const {
    for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule)
        if (rule->version.effective_from <= at)
            return &*rule;
    return nullptr;
}

Outcome<ShelvedProvider const*> Shelf::provider(store::Reading const& reading, std::uint32_t id) {
    auto const known = providers_.find(id);
    if (known != providers_.end())
        return known->second.get();
    TRY(auto found, find_provider(reading, id));
    if (!found)
        return nullptr; // Not remembered: foreign numbers would fill the shelf.
    auto shelved = std::make_unique<ShelvedProvider>();
    if (auto mask = protocol::account::Mask::parse(found->shown.account_mask))
        shelved->mask = std::move(*mask);
    shelved->provider = std::move(*found);
    TRY(auto versions, rule_versions(reading, id));
    for (RuleVersion& version : versions) {
        ShelvedRule rule{std::move(version), {}};
        if (auto read = splitting::read_rule(rule.version.text))
            rule.rule = std::move(*read);
        shelved->rules.push_back(std::move(rule));
    }
    TRY(shelved->tariffs, all_tariffs_of(reading, id));
    return providers_.emplace(id, std::move(shelved)).first->second.get();
}

} // namespace fleet::catalog
