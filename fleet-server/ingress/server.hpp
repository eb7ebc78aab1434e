#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fleet-server/ingress/connection.hpp"
#include "fleet-server/ingress/desk.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace spdlog {
class logger;
}

/// The door through which kiosks come: TLS 1.3 with a certificate of the fleet's authority, and no
/// other word with anybody.
namespace fleet::ingress {

struct IngressOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443; ///< 0: any free one, for tests.
    std::filesystem::path authority;
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::size_t connections_max = 25'000;
    /// Not yet proved to be kiosks. A fleet that comes back at once waits in the kernel's queue.
    std::size_t handshakes_max = 1'000;
    ConnectionTuning tuning;
};

/// Since the start, but for the first two.
struct IngressCounters {
    std::uint64_t connections = 0;
    std::uint64_t handshakes = 0; ///< Of these, under way.
    std::uint64_t accepted = 0;
    std::uint64_t bytes_received = 0; ///< TLS included, IP and TCP not.
    std::uint64_t bytes_sent = 0;
    std::uint64_t batches = 0;
    std::uint64_t records = 0;
    std::map<std::string, std::uint64_t> refused; ///< By reason.
    std::map<std::string, std::uint64_t> closed;  ///< By reason, nobody's fault.
};

class Server {
public:
    /// Listens at once; nothing is accepted before run(). `desk` and `log` outlive the server, the
    /// server outlives the executor's work. The executor runs on one thread.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Server>, protocol::Complaint> open(
        boost::asio::any_io_executor executor, IngressOptions options, Desk& desk,
        spdlog::logger& log);

    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;

    /// Accepts until stop(), and returns when the last connection has ended.
    [[nodiscard]] virtual boost::asio::awaitable<void> run() = 0;

    // On the executor only.
    virtual void stop() = 0;
    [[nodiscard]] virtual std::vector<KioskIdentity> connected() const = 0;
    /// A newer catalog for a kiosk that is connected; one that is not gets it with its Welcome.
    virtual void push_catalog(KioskIdentity identity, protocol::wire::Catalog catalog) = 0;

    /// From any thread.
    [[nodiscard]] virtual IngressCounters counters() const = 0;

protected:
    Server() = default;
};

} // namespace fleet::ingress
