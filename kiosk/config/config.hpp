#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// kioskd.toml as values. The commented sample is kiosk/app/kioskd.toml.
namespace kiosk::config {

enum class DisplayKind : std::uint8_t { Auto, Window, Offscreen };
enum class LanguageChoice : std::uint8_t { Ru, En };

struct Screen {
    int width = 1280;
    int height = 1024;
    DisplayKind display = DisplayKind::Auto;
};
struct SerialPort {
    std::string path;
    unsigned baud_rate = 0;
};
struct Link {
    std::string server;
    std::uint16_t port = 0;
    std::string server_name;
    std::string ca;
    std::string certificate;
    std::string key;
};
struct Limits {
    std::vector<protocol::Money> bills_accepted; ///< Empty: all that the validator knows.
    std::chrono::seconds idle{60};
    std::chrono::seconds question{30};
};
struct Control {
    bool enabled = false;
    std::string socket;
};

struct Config {
    std::uint32_t number = 0;
    std::string state;
    std::string assets;
    LanguageChoice language = LanguageChoice::Ru;
    std::string time_zone;
    Screen screen;
    SerialPort bill_validator;
    SerialPort printer;
    SerialPort scanner;
    Link link;
    Limits limits;
    Control control;
};

/// The first thing that cannot be meant, with its line and what to write instead. `file` is how
/// the complaint names the text.
[[nodiscard]] protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::string_view file);

} // namespace kiosk::config
