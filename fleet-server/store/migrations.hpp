#pragma once

#include <span>
#include <string_view>

namespace fleet::store {

/// A step of the schema. A database remembers how many it has had (PRAGMA user_version).
struct Migration {
    std::string_view name; ///< "0001_ledger"
    std::string_view sql;
};

/// All of them, in order.
[[nodiscard]] std::span<Migration const> migrations();

} // namespace fleet::store
