#include "kiosk/control/server.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

using namespace kiosk::control;
namespace asio = boost::asio;

namespace {

class FakePanel final : public Panel {
public:
    ScreenAnswer screen() override { return {"home", "ru", 3, {"Здравствуйте"}, {}}; }
    PictureAnswer picture() override { return {3, {1, 2, 3}}; }
    StateAnswer state() override { return {}; }
    protocol::Result<TouchAnswer, std::string> touch(TouchPoint) override {
        return TouchAnswer{"", 3};
    }
    protocol::Result<TouchAnswer, std::string> touch(TouchAction action) override {
        return protocol::fail("'" + action.action + "' is not on the screen");
    }
};

/// A server on a thread of its own, as in the kiosk.
struct Running {
    std::string path =
        (std::filesystem::temp_directory_path() / ("kiosk-control-" + std::to_string(::getpid())))
            .string();
    asio::io_context io;
    FakePanel panel;
    std::unique_ptr<Server> server;
    std::thread thread;

    Running() {
        auto opened = Server::open(io.get_executor(), path, panel);
        REQUIRE(opened);
        server = std::move(*opened);
        thread = std::thread{[this] { io.run(); }};
    }
    ~Running() {
        asio::post(io, [this] { server->close(); });
        thread.join();
    }
};

struct Client {
    asio::io_context io;
    asio::local::stream_protocol::socket socket{io};
    std::string buffer;

    explicit Client(std::string const& path) { socket.connect({path}); }
    nlohmann::json ask(std::string const& line) {
        asio::write(socket, asio::buffer(line + "\n"));
        auto const size = asio::read_until(socket, asio::dynamic_buffer(buffer), '\n');
        auto const answer = nlohmann::json::parse(buffer.substr(0, size));
        buffer.erase(0, size);
        return answer;
    }
};

} // namespace

TEST_SUITE("control socket") {
    TEST_CASE("requests are answered in order, an unknown one does not end the conversation") {
        Running running;
        Client client{running.path};
        CHECK(client.ask(R"({"ask":"screen"})")["screen"] == "home");
        CHECK(client.ask("nonsense")["error"] == "not a JSON object");
        CHECK(client.ask(R"({"ask":"picture"})")["png"] == "AQID");
        CHECK(
            client.ask(R"({"touch":{"action":"act:pay"}})")["error"] ==
            "'act:pay' is not on the screen");
        CHECK(client.ask(R"({"touch":{"x":1,"y":1}})")["action"].is_null());
    }

    TEST_CASE("nobody but the owner may open it") {
        Running running;
        struct stat status {};
        REQUIRE(::stat(running.path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0600U);
    }

    TEST_CASE("a line that never ends is cut off, others go on") {
        Running running;
        Client endless{running.path};
        Client good{running.path};
        boost::system::error_code failure;
        std::string const flood(100'000, 'x');
        asio::write(endless.socket, asio::buffer(flood), failure);
        CHECK(good.ask(R"({"ask":"screen"})")["drawn"] == 3);
        asio::read_until(endless.socket, asio::dynamic_buffer(endless.buffer), '\n', failure);
        CHECK(failure);
    }

    TEST_CASE("a socket that a killed kiosk left behind is replaced, a file is not") {
        { Running first; }
        { Running second; }
        asio::io_context io;
        FakePanel panel;
        auto const file = std::filesystem::temp_directory_path() / "kiosk-control-file";
        std::ofstream{file} << "not a socket";
        CHECK_FALSE(Server::open(io.get_executor(), file.string(), panel));
        CHECK(std::filesystem::exists(file));
        std::filesystem::remove(file);
    }
}
