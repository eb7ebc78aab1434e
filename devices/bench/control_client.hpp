#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "protocol/base/result.hpp"

namespace devices::bench {

/// A picture of 1280 x 1024 in base64 is well below.
inline constexpr std::size_t control_answer_size_max = 16'777'216;

/// One question to kioskd's control socket, one JSON object there and back. The error says what
/// happened, for whoever asked.
[[nodiscard]] boost::asio::awaitable<protocol::Result<nlohmann::json, std::string>> ask_kiosk(
    std::string socket, nlohmann::json question, std::chrono::milliseconds within);

} // namespace devices::bench
