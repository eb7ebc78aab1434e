#include "devices/bench/config.hpp"

#include <fstream>
#include <sstream>

#include "protocol/settings/settings.hpp"

namespace devices::bench {

namespace {

using protocol::settings::Document;
using protocol::settings::Range;
using protocol::settings::Section;

constexpr Range ports{1, 65'535};
constexpr Range ports_or_any{0, 65'535};

std::filesystem::path path(
    Section const& section, std::string_view key, std::filesystem::path const& folder) {
    std::string const name = section.text(key);
    if (name.empty() && section.has(key))
        section.complain(key, "the text is empty", "write a path");
    return folder / name; // What begins with / stays as it is.
}

std::uint16_t port(
    Section const& section, std::string_view key, Range range, std::int64_t otherwise) {
    return static_cast<std::uint16_t>(section.number(key, range, otherwise));
}

} // namespace

protocol::Result<Config, protocol::Complaint> read_config(
    std::string_view text, std::filesystem::path const& file,
    std::filesystem::path const& programs) {
    TRY(auto const document, Document::parse(text, file.string()));
    auto const folder = file.parent_path();
    auto const page = document.root().section("page");
    auto const kiosk = document.root().section("kiosk");
    auto const link = document.root().section("link");
    Config config;
    config.page.address = page.text("address", "127.0.0.1");
    config.page.port = port(page, "port", ports_or_any, 8090);
    config.page.assets = path(page, "assets", folder);
    std::string const program = kiosk.text("program", "kioskd");
    config.kiosk.program =
        program.find('/') == std::string::npos ? programs / program : folder / program;
    config.kiosk.config = path(kiosk, "config", folder);
    config.kiosk.run = path(kiosk, "run", folder);
    config.kiosk.starts_powered = kiosk.flag("starts_powered", true);
    config.link.listen_port = port(link, "listen_port", ports_or_any, 0);
    config.link.server = link.text("server", "127.0.0.1");
    config.link.server_port = port(link, "server_port", ports, 8443);
    TRY_VOID(document.finish());
    return config;
}

protocol::Result<Config, protocol::Complaint> load_config(
    std::filesystem::path const& file, std::filesystem::path const& programs) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        return protocol::fail(protocol::Complaint{
            file.string(), "cannot be read", "name an existing file with --config"});
    return read_config(text.str(), file, programs);
}

} // namespace devices::bench
