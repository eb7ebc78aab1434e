#pragma once

#include <span>
#include <string_view>

#include "fleet-server/api/handlers.hpp"

/// Which call is which. The same list stands in openapi.json; a test holds them together.
namespace fleet::api {

enum class Method : std::uint8_t { Get, Post, Put };
enum class Access : std::uint8_t { Anyone, Operator };

struct Route {
    Method method = Method::Get;
    std::string_view path; ///< "/providers/{provider}/rule"
    Access access = Access::Operator;
    Status success = Status::Ok;
    std::size_t body_max = 0;
    /// Null for the two that answer no JSON value: /openapi.json and /metrics.
    Reply (*handler)(Context const&, Request const&) = nullptr;
};

[[nodiscard]] std::span<Route const> routes();
[[nodiscard]] std::string_view name(Method method);

struct Match {
    Route const* route = nullptr;
    std::map<std::string, std::string> names;
};
/// `path` as on the wire, without the query. NotFound, or MethodNotAllowed when only the method is
/// wrong.
[[nodiscard]] Outcome<Match> find_route(std::string_view method, std::string_view path);

} // namespace fleet::api
