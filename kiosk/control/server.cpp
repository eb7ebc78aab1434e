#include "kiosk/control/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/spdlog.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <list>

namespace kiosk::control {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;
using protocol::Complaint;

namespace {

// The longest request is a touch by name; a client that never ends its line is cut off.
constexpr std::size_t request_size_max = 4096;
// A bench page, its tests, and a person with a shell.
constexpr std::size_t conversations_max = 16;

std::string answer_to(Request const& request, Panel& panel) {
    struct Visitor {
        Panel& panel;
        std::string operator()(AskScreen) const { return to_line(panel.screen()); }
        std::string operator()(AskPicture) const { return to_line(panel.picture()); }
        std::string operator()(AskState) const { return to_line(panel.state()); }
        std::string operator()(TouchPoint point) const { return touched(panel.touch(point)); }
        std::string operator()(TouchAction const& action) const {
            return touched(panel.touch(action));
        }
        static std::string touched(protocol::Result<TouchAnswer, std::string> const& answer) {
            return answer ? to_line(*answer) : error_line(answer.error());
        }
    };
    return std::visit(Visitor{panel}, request);
}

void log_end(std::exception_ptr const& error) {
    if (!error)
        return;
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& exception) {
        spdlog::error("control.ended error=\"{}\"", exception.what());
    }
}

} // namespace

class Server::Listening : public std::enable_shared_from_this<Server::Listening> {
public:
    Listening(asio::local::stream_protocol::acceptor acceptor, Panel& panel, std::string path)
        : acceptor_{std::move(acceptor)}, panel_{panel}, path_{std::move(path)} {}

    void start() {
        asio::co_spawn(
            acceptor_.get_executor(),
            [self = shared_from_this()] { return accept_all(self); },
            log_end);
    }

    void close() {
        boost::system::error_code ignored; // It is closed whatever close says.
        acceptor_.close(ignored);
        for (auto& socket : sockets_)
            socket.close(ignored);
        ::unlink(path_.c_str());
    }

private:
    static asio::awaitable<void> accept_all(std::shared_ptr<Listening> self) {
        for (;;) {
            auto [failure, socket] =
                co_await self->acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (failure == asio::error::operation_aborted || !self->acceptor_.is_open())
                co_return;
            if (failure) {
                spdlog::warn("control.accept_failed error=\"{}\"", failure.message());
                co_return;
            }
            if (self->sockets_.size() >= conversations_max)
                continue; // The socket closes here; the client sees the end of the stream.
            self->sockets_.push_front(std::move(socket));
            asio::co_spawn(
                self->acceptor_.get_executor(),
                [self, at = self->sockets_.begin()] { return converse(self, at); },
                log_end);
        }
    }

    static asio::awaitable<void> converse(
        std::shared_ptr<Listening> self, std::list<Socket>::iterator socket) {
        std::string buffer;
        for (;;) {
            auto const [failure, size] = co_await asio::async_read_until(
                *socket,
                asio::dynamic_buffer(buffer, request_size_max),
                '\n',
                asio::as_tuple(asio::use_awaitable));
            if (failure)
                break;
            auto const request = read_request(std::string_view{buffer}.substr(0, size - 1));
            buffer.erase(0, size);
            auto const answer =
                request ? answer_to(*request, self->panel_) : error_line(request.error());
            auto const [write_failure, written] = co_await asio::async_write(
                *socket, asio::buffer(answer), asio::as_tuple(asio::use_awaitable));
            if (write_failure)
                break;
        }
        self->sockets_.erase(socket);
    }

    asio::local::stream_protocol::acceptor acceptor_;
    Panel& panel_;
    std::string path_;
    std::list<Socket> sockets_;
};

protocol::Result<std::unique_ptr<Server>, Complaint> Server::open(
    asio::any_io_executor const& executor, std::string const& path, Panel& panel) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path)
        return protocol::fail(Complaint{
            path, "the path of a Unix socket has at most 107 bytes", "choose a shorter one"});
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode))
        return protocol::fail(
            Complaint{path, "there is a file that is no socket", "name another path"});
    ::unlink(path.c_str());

    asio::local::stream_protocol::acceptor acceptor{executor};
    boost::system::error_code failure;
    acceptor.open({}, failure);
    // Nobody but the owner, from the first moment on.
    auto const mask = ::umask(0177);
    if (!failure)
        acceptor.bind({path}, failure);
    ::umask(mask);
    if (!failure)
        acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (failure)
        return protocol::fail(Complaint{
            path,
            "the control socket cannot be opened: " + failure.message(),
            "see that its folder exists and may be written"});
    auto listening = std::make_shared<Listening>(std::move(acceptor), panel, path);
    listening->start();
    return std::unique_ptr<Server>{new Server{std::move(listening)}};
}

Server::~Server() {
    close();
}

void Server::close() {
    listening_->close();
}

} // namespace kiosk::control
