#include "devices/bench/control_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

namespace asio = boost::asio;
using nlohmann::json;
using namespace std::chrono_literals;
using Answer = protocol::Result<json, std::string>;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

/// A kiosk that says the same to everybody, and then hangs up or keeps silent.
struct World {
    enum class Then { HangsUp, Waits };

    World() {
        char name[] = "/tmp/control-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        folder = name;
        socket = folder + "/control";
    }
    World(World const&) = delete;
    World& operator=(World const&) = delete;
    ~World() { std::filesystem::remove_all(folder); }

    void serve(std::string text, Then then) {
        asio::co_spawn(io, answer(std::move(text), then), asio::detached);
    }
    asio::awaitable<void> answer(std::string text, Then then) {
        asio::local::stream_protocol::acceptor acceptor{io, {socket}};
        auto [error, peer] = co_await acceptor.async_accept(quietly);
        co_await asio::async_read_until(peer, asio::dynamic_buffer(heard), '\n', quietly);
        co_await asio::async_write(peer, asio::buffer(text), quietly);
        std::string more;
        if (then == Then::Waits)
            co_await asio::async_read_until(peer, asio::dynamic_buffer(more), '\n', quietly);
    }

    Answer ask(std::chrono::milliseconds within = 5s) {
        std::optional<Answer> outcome;
        json question = json::object();
        question["ask"] = "state";
        asio::co_spawn(
            io,
            devices::bench::ask_kiosk(socket, std::move(question), within),
            [&](std::exception_ptr const& problem, Answer answer) {
                REQUIRE_FALSE(problem);
                outcome = std::move(answer);
                io.stop();
            });
        io.restart();
        io.run_for(10s);
        REQUIRE(outcome);
        return *outcome;
    }

    asio::io_context io{1};
    std::string folder;
    std::string socket;
    std::string heard;
};

} // namespace

TEST_SUITE("control socket client") {
    TEST_CASE("one line is asked and one line is answered") {
        World world;
        world.serve("{\"state\":\"idle\"}\n{\"more\":1}\n", World::Then::Waits);
        auto const answer = world.ask();
        REQUIRE(answer);
        CHECK(*answer == json{{"state", "idle"}});
        CHECK(world.heard == "{\"ask\":\"state\"}\n");
    }

    TEST_CASE("no kiosk, one that hangs up, one that is silent, one that talks nonsense") {
        World nobody;
        CHECK(nobody.ask().error().starts_with("the kiosk does not answer"));

        World hangs_up;
        hangs_up.serve("{\"half\":", World::Then::HangsUp);
        CHECK(hangs_up.ask().error().starts_with("the kiosk hung up"));

        World silent;
        silent.serve("", World::Then::Waits);
        CHECK(silent.ask(50ms).error() == "the kiosk does not answer in time");

        World nonsense;
        nonsense.serve("[1]\n", World::Then::Waits);
        CHECK(nonsense.ask().error() == "the kiosk's answer is not a JSON object");
    }

    TEST_CASE("an answer without end is not kept") {
        World world;
        world.serve(
            std::string(devices::bench::control_answer_size_max + 1, 'x'), World::Then::Waits);
        CHECK(world.ask().error().starts_with("the kiosk hung up"));
    }

    TEST_CASE("a path that no socket can have is refused") {
        World world;
        world.socket = "/tmp/" + std::string(200, 'x');
        CHECK(world.ask().error() == "the path of the control socket is too long");
    }
}
