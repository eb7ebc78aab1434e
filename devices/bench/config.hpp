#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

/// devsim: a whole virtual kiosk on one machine.
namespace devices::bench {

/// devsim.toml. Relative paths are relative to the file.
struct Config {
    struct Page {
        std::string address;
        std::uint16_t port;
        std::filesystem::path assets; ///< Holds index.html.
    } page;
    struct Kiosk {
        std::filesystem::path program; ///< A name without a slash is looked for beside devsim.
        std::filesystem::path config;  ///< Of a kiosk; ports of devices and link are replaced.
        std::filesystem::path run;     ///< Folder for the configuration that kioskd gets.
        bool starts_powered;
    } kiosk;
    struct Link {
        std::uint16_t listen_port; ///< 0: any free one.
        std::string server;
        std::uint16_t server_port;
    } link;
};

/// `programs` is the folder of devsim itself.
[[nodiscard]] protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::filesystem::path const& file,
    std::filesystem::path const& programs);
[[nodiscard]] protocol::Result<Config, protocol::Complaint> load_config(
    std::filesystem::path const& file, std::filesystem::path const& programs);

} // namespace devices::bench
