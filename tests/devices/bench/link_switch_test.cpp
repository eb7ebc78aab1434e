#include "devices/bench/link_switch.hpp"

#include <doctest/doctest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace asio = boost::asio;
using asio::ip::tcp;
using devices::bench::LinkSwitch;
using namespace std::chrono_literals;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

/// A server that gives back twice what it gets, and a switch before it.
struct World {
    World() {
        auto opened =
            LinkSwitch::open(io.get_executor(), 0, "127.0.0.1", acceptor.local_endpoint().port());
        REQUIRE(opened);
        link = std::move(*opened);
        asio::co_spawn(io, link->run(), asio::detached);
        asio::co_spawn(io, serve(), asio::detached);
    }

    asio::awaitable<void> serve() {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(quietly);
            asio::co_spawn(io, twice(std::move(socket)), asio::detached);
        }
    }
    static asio::awaitable<void> twice(tcp::socket socket) {
        for (std::array<char, 4096> buffer;;) {
            auto const [error, size] =
                co_await socket.async_read_some(asio::buffer(buffer), quietly);
            if (error)
                co_return;
            for (int copy = 0; copy < 2; ++copy)
                co_await asio::async_write(socket, asio::buffer(buffer.data(), size), quietly);
        }
    }

    template <class Work>
    void play(Work work) {
        bool is_done = false;
        asio::co_spawn(io, work(), [&](std::exception_ptr const& problem) {
            REQUIRE_FALSE(problem);
            is_done = true;
            io.stop();
        });
        io.restart();
        io.run_for(10s);
        REQUIRE(is_done);
    }

    /// How many bytes came back; the connection stays in `kiosk`.
    asio::awaitable<std::size_t> say(std::size_t size) {
        std::string text(size, 'x');
        co_await asio::async_write(kiosk, asio::buffer(text), quietly);
        text.resize(2 * size);
        auto const [error, received] =
            co_await asio::async_read(kiosk, asio::buffer(text), quietly);
        co_return received;
    }
    asio::awaitable<void> connect() {
        kiosk = tcp::socket{io};
        tcp::endpoint const there{asio::ip::address_v4::loopback(), link->port()};
        co_await kiosk.async_connect(there, quietly);
    }

    asio::io_context io{1};
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    std::unique_ptr<LinkSwitch> link;
    tcp::socket kiosk{io};
};

} // namespace

TEST_SUITE("link switch") {
    TEST_CASE("bytes pass both ways and are counted") {
        World world;
        world.play([&]() -> asio::awaitable<void> {
            co_await world.connect();
            std::size_t const received = co_await world.say(100'000);
            CHECK(received == 200'000);
        });
        CHECK(world.link->counts().bytes_up == 100'000);
        CHECK(world.link->counts().bytes_down == 200'000);
        CHECK(world.link->counts().connections == 1);
        CHECK(world.link->counts().open == 1);
    }

    TEST_CASE("a cut ends what is open and refuses what is new, a mended cable carries again") {
        World world;
        world.play([&]() -> asio::awaitable<void> {
            co_await world.connect();
            std::size_t received = co_await world.say(10);
            CHECK(received == 20);
            world.link->set_up(false);
            received = co_await world.say(10);
            CHECK(received == 0);
            co_await world.connect();
            received = co_await world.say(10);
            CHECK(received == 0);
            CHECK(world.link->counts().open == 0);
            world.link->set_up(true);
            co_await world.connect();
            received = co_await world.say(10);
            CHECK(received == 20);
        });
        CHECK(world.link->counts().bytes_up == 20);
        CHECK(world.link->counts().connections == 2);
    }

    TEST_CASE("a server that is not there ends the connection, and the switch lives on") {
        World world;
        world.acceptor.close();
        world.play([&]() -> asio::awaitable<void> {
            for (int attempt = 0; attempt < 3; ++attempt) {
                co_await world.connect();
                std::size_t const received = co_await world.say(10);
                CHECK(received == 0);
            }
        });
        CHECK(world.link->counts().connections == 0);
    }

    TEST_CASE("a port that is taken is told by its number") {
        World world;
        auto const second = LinkSwitch::open(world.io.get_executor(), world.link->port(), "x", 1);
        REQUIRE_FALSE(second);
        CHECK(second.error().place == "[link] listen_port " + std::to_string(world.link->port()));
    }
}
