#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>

#include "devices/bench/config.hpp"
#include "devices/bench/virtual_kiosk.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// The page and its HTTP calls. Its threads carry each call to the kiosk's executor and wait there,
/// with a deadline.
class Server {
public:
    /// Binds at once. `kiosk` and the context behind `executor` outlive the server.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Server>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor, VirtualKiosk& kiosk,
        Config::Page const& page);

    Server() = default;
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    virtual void start() = 0;
    /// Calls under way are answered 503. Does not wait for them; the destructor does.
    virtual void stop() = 0;
};

} // namespace devices::bench
