#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// fleetd.toml; see docs/interfaces.md and the commented sample beside this file.
namespace fleet::app {

struct IngressConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string server_name = "localhost"; ///< In the server's certificate.
};
struct ApiConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::filesystem::path token_file;
};
struct AgentConfig {
    std::string name;
    std::string inn;
    std::string hotline;
};
struct GatewaysConfig {
    std::chrono::seconds answer{60}; ///< How long a provider may think: the protocol's 60 s.
};

struct Config {
    std::filesystem::path state;
    std::string time_zone;
    IngressConfig ingress;
    ApiConfig api;
    AgentConfig agent;
    GatewaysConfig gateways;
    std::chrono::minutes cut{0}; ///< Of the collection day, after midnight in time_zone.
};

/// `file` is how complaints name it. Relative paths are the caller's working folder's.
[[nodiscard]] protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::string_view file);

/// "10:30" -> 630 min; nothing else.
[[nodiscard]] protocol::Result<std::chrono::minutes, std::string> read_time_of_day(
    std::string_view text);

} // namespace fleet::app
