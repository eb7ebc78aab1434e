#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fleet-server/api/reply.hpp"

/// One call of the API, free of HTTP.
namespace fleet::api {

struct Request {
    std::map<std::string, std::string> names; ///< From the path: {"provider": "1"}
    std::map<std::string, std::string> query;
    std::string body;
    std::string operator_name; ///< As the operator says; proved is only that he has the token.
    std::string action;        ///< "POST /providers": for the audit.

    [[nodiscard]] std::string const& name(std::string const& key) const { return names.at(key); }
    [[nodiscard]] std::string query_or(std::string const& key, std::string const& fallback) const;
    /// Between least and most; the fallback when absent.
    [[nodiscard]] Outcome<std::int64_t> number_or(
        std::string const& key, std::int64_t least, std::int64_t most, std::int64_t fallback) const;
};

/// A whole decimal number and nothing else.
[[nodiscard]] std::optional<std::int64_t> read_number(std::string_view text);

} // namespace fleet::api
