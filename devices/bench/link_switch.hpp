#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace devices::bench {

/// A cable that can be cut: takes the kiosk's connections and carries their bytes to the fleet
/// server, counting them.
class LinkSwitch {
public:
    struct Counts {
        std::uint64_t bytes_up = 0;    ///< From the kiosk.
        std::uint64_t bytes_down = 0;  ///< To the kiosk.
        std::uint64_t connections = 0; ///< That reached the server, since the beginning.
        std::size_t open = 0;
    };

    [[nodiscard]] static protocol::Result<std::unique_ptr<LinkSwitch>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor, std::uint16_t listen_port, std::string server,
        std::uint16_t server_port);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] bool is_up() const { return is_up_; }
    [[nodiscard]] Counts counts() const;
    /// Cutting ends every connection and refuses new ones.
    void set_up(bool is_up);

    /// Accepts until it is cancelled.
    boost::asio::awaitable<void> run();

private:
    using Socket = boost::asio::ip::tcp::socket;
    struct Connection {
        Socket kiosk;
        Socket server;
    };
    using Connections = std::list<Connection>;

    LinkSwitch(boost::asio::ip::tcp::acceptor acceptor, std::string server, std::uint16_t port);
    boost::asio::awaitable<void> carry(Connections::iterator connection);
    boost::asio::awaitable<bool> reach(Socket& server);
    static boost::asio::awaitable<void> pump(Socket& from, Socket& to, std::uint64_t& bytes);

    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::string server_;
    std::uint16_t server_port_;
    bool is_up_{true};
    Connections connections_;
    Counts counts_;
};

} // namespace devices::bench
