#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fleet-server/app/config.hpp"
#include "fleet-server/store/time.hpp"

/// What lies in fleetd's state folder, how it is made, and that one fleetd at a time has it.
namespace fleet::app {

struct StateFolder {
    std::filesystem::path root;
    [[nodiscard]] std::filesystem::path database() const { return root / "fleet.sqlite"; }
    [[nodiscard]] std::filesystem::path authority() const { return root / "ca"; }
    [[nodiscard]] std::filesystem::path authority_certificate() const {
        return authority() / "ca.pem";
    }
    [[nodiscard]] std::filesystem::path server_certificate() const {
        return authority() / "server.pem";
    }
    [[nodiscard]] std::filesystem::path server_key() const { return authority() / "server.key"; }
    [[nodiscard]] std::filesystem::path registers() const { return root / "registers"; }
    [[nodiscard]] std::filesystem::path lock() const { return root / "lock"; }
};

/// `fleetd init`. Makes what is missing and leaves what is there; gives a line for each thing.
[[nodiscard]] protocol::Result<std::vector<std::string>, protocol::Complaint> initialise(
    Config const& config, UtcTime now);

/// Held as long as the object lives, and let go by the kernel when the process dies.
class StateLock {
public:
    [[nodiscard]] static protocol::Result<StateLock, protocol::Complaint> take(
        StateFolder const& folder);
    StateLock(StateLock&& other) noexcept;
    StateLock& operator=(StateLock&&) = delete;
    ~StateLock();

private:
    explicit StateLock(int file) : file_{file} {}
    int file_ = -1;
};

/// The text of the token file, without blanks at its ends.
[[nodiscard]] protocol::Result<std::string, protocol::Complaint> read_token(
    std::filesystem::path const& file);

} // namespace fleet::app
