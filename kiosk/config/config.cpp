#include "kiosk/config/config.hpp"

#include "protocol/settings/settings.hpp"

namespace kiosk::config {

namespace {

using protocol::settings::Document;
using protocol::settings::Range;
using protocol::settings::Section;

// The number is printed in six digits of the provider's transaction id.
constexpr Range kiosk_numbers{1, 999'999};
constexpr Range ports{1, 65'535};
constexpr Range pixels{320, 4096};
constexpr Range bill_values{1, 100'000'000};
// Less than 20 s to read and to find one's notes is no time for an elderly person (operators'
// accessibility rules); more than an hour is a kiosk that nobody else can use.
constexpr Range waits{20, 3600};

std::string existing(Section const& section, std::string_view key) {
    auto value = section.text(key);
    if (value.empty() && section.has(key))
        section.complain(key, "the text is empty", "write a path or a name");
    return value;
}

SerialPort serial_port(Section const& section, std::int64_t baud_rate) {
    return {
        existing(section, "port"),
        static_cast<unsigned>(section.number("baud_rate", {1200, 921'600}, baud_rate))};
}

Screen screen(Section const& section) {
    Screen result;
    result.width = static_cast<int>(section.number("width", pixels, 1280));
    result.height = static_cast<int>(section.number("height", pixels, 1024));
    auto const display = section.choice("display", {"auto", "window", "offscreen"}, "auto");
    result.display = display == "window"      ? DisplayKind::Window
                     : display == "offscreen" ? DisplayKind::Offscreen
                                              : DisplayKind::Auto;
    return result;
}

Link link(Section const& section) {
    Link result;
    result.server = existing(section, "server");
    result.port = static_cast<std::uint16_t>(section.number("port", ports, 8443));
    result.server_name = section.text("server_name", result.server);
    result.ca = existing(section, "ca");
    result.certificate = existing(section, "certificate");
    result.key = existing(section, "key");
    return result;
}

Limits limits(Section const& section) {
    Limits result;
    for (std::int64_t const kopecks : section.numbers("bills_accepted", bill_values))
        result.bills_accepted.push_back(protocol::rub(kopecks));
    result.idle = std::chrono::seconds{section.number("idle_seconds", waits, 60)};
    result.question = std::chrono::seconds{section.number("question_seconds", waits, 30)};
    return result;
}

Control control(Section const& section) {
    Control result;
    result.enabled = section.flag("enabled", false);
    result.socket = section.text("socket", "");
    if (result.enabled && result.socket.empty())
        section.complain("enabled", "the control socket has no path", "write socket = \"/run/…\"");
    return result;
}

} // namespace

protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::string_view file) {
    TRY(auto const document, Document::parse(text, file));
    auto const root = document.root();
    Config config;
    config.number = static_cast<std::uint32_t>(root.number("number", kiosk_numbers));
    config.state = existing(root, "state");
    config.assets = existing(root, "assets");
    config.language = root.choice("language", {"ru", "en"}, "ru") == "en" ? LanguageChoice::En
                                                                          : LanguageChoice::Ru;
    config.time_zone = root.text("time_zone", "Europe/Moscow");
    config.screen = screen(root.section("screen"));
    auto const validator = root.section("bill_validator");
    static_cast<void>(validator.choice("protocol", {"ccnet"}, "ccnet"));
    config.bill_validator = serial_port(validator, 9600);
    auto const printer = root.section("printer");
    static_cast<void>(printer.choice("protocol", {"vkp80"}, "vkp80"));
    config.printer = serial_port(printer, 115'200);
    config.scanner = serial_port(root.section("scanner"), 115'200);
    config.link = link(root.section("link"));
    config.limits = limits(root.section("limits"));
    config.control = control(root.section("control"));
    TRY_VOID(document.finish());
    return config;
}

} // namespace kiosk::config
