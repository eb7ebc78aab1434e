#include "fleet-server/ctl/settings.hpp"

#include "protocol/settings/settings.hpp"

namespace fleet::ctl {

protocol::Result<Settings, protocol::Complaint> read_settings(
    std::string_view text, std::string_view file, Settings const& fallback) {
    TRY(auto const document, protocol::settings::Document::parse(text, file));
    auto const root = document.root();
    Settings settings{
        root.text("server", fallback.server), root.text("token_file", fallback.token_file)};
    if (!settings.server.starts_with("http://") && !settings.server.starts_with("https://"))
        root.complain(
            "server",
            "'" + settings.server + "' is no address of an API",
            "write it as http://HOST:PORT");
    TRY_VOID(document.finish());
    return settings;
}

} // namespace fleet::ctl
