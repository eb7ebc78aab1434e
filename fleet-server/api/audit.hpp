#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet-server/store/reading.hpp"

/// Who changed what and when: append-only, in the transaction of the change.
namespace fleet::api {

struct AuditLine {
    std::int64_t id = 0;
    UtcTime at;
    std::string who;
    std::string action;
    std::string object;
    std::string detail; ///< JSON.
};

[[nodiscard]] store::Outcome<void> record(store::Transaction& transaction, AuditLine const& line);
/// Newest first; before = 0: from the newest.
[[nodiscard]] store::Outcome<std::vector<AuditLine>> audit_lines(
    store::Reading const& reading, std::int64_t before, std::int64_t count_max);

} // namespace fleet::api
