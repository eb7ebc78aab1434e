#include "fleet-server/app/config.hpp"

#include <algorithm>

#include "protocol/settings/settings.hpp"

namespace fleet::app {

namespace {

using protocol::fail;
using protocol::settings::Document;
using protocol::settings::Range;
using protocol::settings::Section;

constexpr Range ports{1, 65'535};

std::string filled(Section const& section, std::string_view key) {
    std::string value = section.text(key);
    if (value.empty() && section.has(key))
        section.complain(key, "the text is empty", "write it, or leave the program alone");
    return value;
}

std::uint16_t port(Section const& section, std::int64_t fallback) {
    return static_cast<std::uint16_t>(section.number("port", ports, fallback));
}

AgentConfig agent(Section const& section) {
    AgentConfig agent{filled(section, "name"), filled(section, "inn"), filled(section, "hotline")};
    bool const are_digits = std::all_of(agent.inn.begin(), agent.inn.end(), [](char symbol) {
        return symbol >= '0' && symbol <= '9';
    });
    if (!agent.inn.empty() && (!are_digits || (agent.inn.size() != 10 && agent.inn.size() != 12)))
        section.complain("inn", "'" + agent.inn + "' is not an INN", "write its 10 or 12 digits");
    return agent;
}

std::string time_zone(Section const& root) {
    std::string zone = root.text("time_zone", "Europe/Moscow");
    bool const is_plain =
        !zone.empty() && zone.front() != '/' && zone.find("..") == std::string::npos;
    std::error_code ignored;
    if (!is_plain || !std::filesystem::is_regular_file(
                         std::filesystem::path{"/usr/share/zoneinfo"} / zone, ignored))
        root.complain(
            "time_zone",
            "this machine knows no time zone '" + zone + "'",
            "write one of /usr/share/zoneinfo, for example \"Europe/Moscow\"");
    return zone;
}

} // namespace

protocol::Result<std::chrono::minutes, std::string> read_time_of_day(std::string_view text) {
    auto const digit = [&](std::size_t at) {
        char const symbol = text[at];
        return symbol >= '0' && symbol <= '9' ? symbol - '0' : 100;
    };
    if (text.size() == 5 && text[2] == ':') {
        int const hours = digit(0) * 10 + digit(1);
        int const minutes = digit(3) * 10 + digit(4);
        if (hours < 24 && minutes < 60)
            return std::chrono::minutes{hours * 60 + minutes};
    }
    return fail("'" + std::string{text} + "' is not a time of day");
}

protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::string_view file) {
    TRY(Document document, Document::parse(text, file));
    Section const root = document.root();
    Config config;
    config.state = filled(root, "state");
    config.time_zone = time_zone(root);

    Section const ingress = root.section("ingress");
    config.ingress.address = ingress.text("address", "127.0.0.1");
    config.ingress.port = port(ingress, 8443);
    config.ingress.server_name = ingress.text("server_name", "localhost");

    Section const api = root.section("api");
    config.api.address = api.text("address", "127.0.0.1");
    config.api.port = port(api, 8080);
    config.api.token_file = filled(api, "token_file");
    if (config.api.port == config.ingress.port && config.api.address == config.ingress.address)
        api.complain(
            "port", "kiosks and operators have the same port", "give the API a port of its own");

    config.agent = agent(root.section("agent"));
    config.gateways.answer =
        std::chrono::seconds{root.section("gateways").number("answer_seconds", {1, 60}, 60)};
    Section const registers = root.section("registers");
    auto const cut = read_time_of_day(registers.text("cut", "00:00"));
    if (!cut)
        registers.complain("cut", cut.error(), "write hours and minutes, for example \"00:00\"");
    config.cut = cut.value_or(std::chrono::minutes{0});

    TRY_VOID(document.finish());
    return config;
}

} // namespace fleet::app
