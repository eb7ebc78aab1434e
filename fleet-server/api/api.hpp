#pragma once

#include <memory>
#include <string>

#include "fleet-server/api/context.hpp"

/// The operators' JSON API on HTTP: for fleetctl, for Prometheus, for whatever an accountant
/// writes.
namespace fleet::api {

struct ApiOptions {
    std::string address = "127.0.0.1"; ///< Loopback: TLS and people's names are a proxy's work.
    std::uint16_t port = 8080;         ///< 0: any free one.
    std::string token;                 ///< Of operators; at least token_size_min characters.
};
inline constexpr std::size_t token_size_min = 32;

/// Alike or not, in a time that tells nothing about where they differ.
[[nodiscard]] bool is_same_token(std::string_view given, std::string_view expected);

class Api {
public:
    [[nodiscard]] static protocol::Result<std::unique_ptr<Api>, Complaint> start(
        ApiOptions const& options, Context context);
    Api(Api const&) = delete;
    Api& operator=(Api const&) = delete;
    ~Api(); ///< Calls under way are finished.

    [[nodiscard]] std::uint16_t port() const;

private:
    struct State;
    explicit Api(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The OpenAPI 3 description, as served at /openapi.json.
[[nodiscard]] std::string_view openapi();

} // namespace fleet::api
