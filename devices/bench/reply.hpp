#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"

namespace devices::bench {

/// What an HTTP call answers.
struct Reply {
    int status = 500;
    std::string content_type{};
    std::string body{};
};

[[nodiscard]] inline Reply json_reply(nlohmann::json const& value, int status = 200) {
    // Foreign bytes (a scanned text) must not make an answer impossible.
    return {
        status,
        "application/json; charset=utf-8",
        value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}
[[nodiscard]] inline Reply png_reply(protocol::Bytes const& png) {
    return {200, "image/png", std::string{png.begin(), png.end()}};
}
/// 400 the request is wrong, 404 there is no such thing, 409 not now, 503 the kiosk does not
/// answer, 504 not in time.
[[nodiscard]] inline Reply error_reply(int status, std::string const& error) {
    return json_reply({{"error", error}}, status);
}
[[nodiscard]] inline Reply error_reply(int status, protocol::Complaint const& complaint) {
    return error_reply(status, to_string(complaint));
}

} // namespace devices::bench
