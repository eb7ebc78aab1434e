#pragma once

#include "fleet-server/splitting/rule.hpp"
#include "protocol/settings/settings.hpp"

/// The parts of a rule's text that read_rule is made of. A getter that cannot answer leaves a
/// complaint with the document and gives something harmless.
namespace fleet::splitting {

/// Roubles and kopecks, not negative; 0 when the key is missing and not needed.
[[nodiscard]] Money read_amount(
    protocol::settings::Section const& section, std::string_view key, bool is_needed);
/// rate = "0.4 %".
[[nodiscard]] std::uint32_t read_rate_of(protocol::settings::Section const& section);

/// A [[steps]] table. `rule` has its receivers by now.
[[nodiscard]] Step read_step(protocol::settings::Section const& section, Rule const& rule);

/// The receivers that the step may give something to.
[[nodiscard]] std::vector<std::size_t> receivers_of(Step const& step);

} // namespace fleet::splitting
