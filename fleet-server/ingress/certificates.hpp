#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/link/identity.hpp"

/// The fleet's own certificate authority: it signs the server's certificate and one for each kiosk
/// and epoch, all P-256, and nobody else's signature is believed on either end of the link.
namespace fleet::ingress {

using UtcTime = std::chrono::system_clock::time_point;

/// PEM texts. The key is a secret: write it with write_credentials() or not at all.
struct Credentials {
    std::string certificate;
    std::string key;
};

class Authority {
public:
    /// Makes a new one: `ca.pem` and `ca.key` in `folder`, which is made when it is missing.
    /// Never replaces an authority that exists: all its kiosks would be locked out.
    [[nodiscard]] static protocol::Result<Authority, protocol::Complaint> make(
        std::filesystem::path const& folder, UtcTime now);
    [[nodiscard]] static protocol::Result<Authority, protocol::Complaint> open(
        std::filesystem::path const& folder);

    /// What each end is given to check the other by.
    [[nodiscard]] std::string const& certificate() const { return certificate_; }

    /// `names` are host names or addresses under which kiosks reach the server; kiosks check theirs
    /// (`link.server_name`).
    [[nodiscard]] protocol::Result<Credentials, protocol::Complaint> issue_server(
        std::vector<std::string> const& names, UtcTime now) const;
    /// Good for a client only, common name `kiosk-<number>-<epoch>`.
    [[nodiscard]] protocol::Result<Credentials, protocol::Complaint> issue_kiosk(
        protocol::link::Identity identity, UtcTime now) const;

private:
    Authority(std::string certificate, std::string key)
        : certificate_{std::move(certificate)}, key_{std::move(key)} {}

    std::string certificate_;
    std::string key_;
};

/// Neither file may exist. The key is readable by its owner alone (0600); both are on disk when it
/// returns.
[[nodiscard]] protocol::Result<void, protocol::Complaint> write_credentials(
    std::filesystem::path const& certificate, std::filesystem::path const& key,
    Credentials const& credentials);

} // namespace fleet::ingress
