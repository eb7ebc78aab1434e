#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "kiosk/link/link.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/link/kiosk_session.hpp"

namespace spdlog {
class logger;
}

/// The kiosk's line to its fleet server: one long TLS 1.3 connection, made again for ever, that
/// brings the journal's records over and questions back.
namespace kiosk::link {

struct ClientOptions {
    std::string server; ///< Host name or address to call.
    std::uint16_t port = 8443;
    std::string server_name; ///< That its certificate must carry.
    std::filesystem::path authority;
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::string software;              ///< "kioskd 0.1.0"
    std::uint64_t catalog_version = 0; ///< Of the catalog that the kiosk holds.
    protocol::link::KioskTuning tuning;
};

class Client {
public:
    /// Reads the certificates; the server need not be there. `outgoing`, `listener` and `log`
    /// outlive the client, the client outlives the executor's work. Everything below and every
    /// call of the listener happens on the executor, which runs on one thread.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Client>, protocol::Complaint> open(
        boost::asio::any_io_executor executor, ClientOptions options, Outgoing& outgoing,
        LinkListener& listener, spdlog::logger& log);

    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;
    virtual ~Client() = default;

    /// Who this kiosk is by its certificate: `kiosk` must be the number on its sticker.
    [[nodiscard]] virtual protocol::link::Identity identity() const = 0;

    /// Calls, talks and calls again until stop().
    [[nodiscard]] virtual boost::asio::awaitable<void> run() = 0;
    virtual void stop() = 0;

    /// The journal has something to send.
    virtual void records_added() = 0;
    /// Exactly one on_account() with this id follows, within `answer_within`, never from inside
    /// this call: UNAVAILABLE when nobody answered.
    [[nodiscard]] virtual std::uint32_t ask(std::uint32_t provider, std::string account) = 0;
    /// A technician does not want to wait for the next attempt.
    virtual void retry() = 0;

protected:
    Client() = default;
};

} // namespace kiosk::link
