#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <string>

#include "kiosk/control/messages.hpp"
#include "protocol/base/complaint.hpp"

namespace kiosk::control {

/// What the socket shows and touches. Called on the server's executor, never concurrently; must
/// not move money by any way that a finger has not.
class Panel {
public:
    Panel() = default;
    Panel(Panel const&) = delete;
    Panel& operator=(Panel const&) = delete;
    virtual ~Panel() = default;

    [[nodiscard]] virtual ScreenAnswer screen() = 0;
    [[nodiscard]] virtual PictureAnswer picture() = 0;
    [[nodiscard]] virtual StateAnswer state() = 0;
    [[nodiscard]] virtual protocol::Result<TouchAnswer, std::string> touch(TouchPoint point) = 0;
    [[nodiscard]] virtual protocol::Result<TouchAnswer, std::string> touch(TouchAction action) = 0;
};

/// The local control socket: whoever may open the file (mode 0600) may look and touch. Production
/// configurations leave it closed.
class Server {
public:
    /// Takes the place of a socket file that a killed process left behind. `panel` outlives the
    /// server; the server outlives `executor`'s work.
    [[nodiscard]] static protocol::Result<std::unique_ptr<Server>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor, std::string const& path, Panel& panel);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// Accepts no more and ends every conversation. On the executor.
    void close();

private:
    class Listening;
    explicit Server(std::shared_ptr<Listening> listening) : listening_{std::move(listening)} {}
    /// Shared with the conversations under way, which may end after the server does.
    std::shared_ptr<Listening> listening_;
};

} // namespace kiosk::control
