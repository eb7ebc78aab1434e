#pragma once

#include <string>
#include <string_view>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace fleet::ctl {

/// fleetctl.toml: where the server is. What stands on the command line goes before it.
struct Settings {
    std::string server;     ///< "http://127.0.0.1:8080"
    std::string token_file; ///< A path.
    friend bool operator==(Settings const&, Settings const&) = default;
};

/// `fallback` is for keys that are not written; `file` is how a complaint names the text.
[[nodiscard]] protocol::Result<Settings, protocol::Complaint> read_settings(
    std::string_view text, std::string_view file, Settings const& fallback);

} // namespace fleet::ctl
