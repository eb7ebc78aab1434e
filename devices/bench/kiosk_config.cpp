#include "devices/bench/kiosk_config.hpp"

#include <toml++/toml.h>
#include <sstream>
#include <string_view>

namespace devices::bench {

namespace {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

std::string place(std::filesystem::path const& file, toml::source_region const& source) {
    std::string text = file.string();
    if (source.begin.line > 0)
        text += ":" + std::to_string(source.begin.line);
    return text;
}

Result<toml::table, Complaint> parse(std::filesystem::path const& file) {
    try {
        return toml::parse_file(file.string());
    } catch (toml::parse_error const& error) {
        bool const is_missing = error.source().begin.line == 0;
        return fail(Complaint{
            place(file, error.source()),
            std::string{error.description()},
            is_missing ? "name an existing TOML file with --config" : "correct the TOML"});
    }
}

} // namespace

Result<KioskConfig, Complaint> with_ports(std::filesystem::path const& file, Ports const& ports) {
    TRY(auto root, parse(file));
    auto const put = [&root](std::string_view section, std::string_view key, auto const& value) {
        auto* table = root[section].as_table();
        if (table == nullptr)
            table = root.insert_or_assign(section, toml::table{}).first->second.as_table();
        table->insert_or_assign(key, value);
    };
    put("bill_validator", "port", ports.validator);
    put("printer", "port", ports.printer);
    put("scanner", "port", ports.scanner);
    put("link", "server", "127.0.0.1");
    put("link", "port", static_cast<std::int64_t>(ports.link));

    KioskConfig config;
    auto const control = root["control"];
    if (!control["enabled"].value_or(false))
        return fail(
            Complaint{file.string(), "[control] enabled is not true", "write enabled = true"});
    config.control_socket = control["socket"].value_or(std::string{});
    if (config.control_socket.empty())
        return fail(
            Complaint{file.string(), "[control] socket is missing", "write the path of a socket"});
    std::ostringstream text;
    text << root << '\n';
    config.text = text.str();
    return config;
}

} // namespace devices::bench
