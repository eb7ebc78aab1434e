#include "fleet-server/api/audit.hpp"

namespace fleet::api {

store::Outcome<void> record(store::Transaction& transaction, AuditLine const& line) {
    TRY_VOID(transaction.insert(
        "INSERT INTO audit (at, who, action, object, detail) VALUES (?, ?, ?, ?, ?)",
        {line.at, line.who, line.action, line.object, line.detail}));
    return {};
}

store::Outcome<std::vector<AuditLine>> audit_lines(
    store::Reading const& reading, std::int64_t before, std::int64_t count_max) {
    TRY(auto const rows,
        (reading.all<std::int64_t, UtcTime, std::string, std::string, std::string, std::string>(
            "SELECT id, at, who, action, object, detail FROM audit "
            "WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2",
            {before, count_max})));
    std::vector<AuditLine> lines;
    lines.reserve(rows.size());
    for (auto const& [id, at, who, action, object, detail] : rows)
        lines.push_back({id, at, who, action, object, detail});
    return lines;
}

} // namespace fleet::api
