#include "devices/bench/child.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <optional>

namespace asio = boost::asio;
using devices::bench::Child;
using namespace std::chrono_literals;

namespace {

struct World {
    asio::io_context io{1};

    std::unique_ptr<Child> start(std::vector<std::string> const& command) {
        auto child = Child::start(io.get_executor(), command);
        REQUIRE(child);
        return std::move(*child);
    }
    bool wait(Child& child, std::chrono::milliseconds within) {
        std::optional<bool> outcome;
        asio::co_spawn(io, child.wait(within), [&](std::exception_ptr const&, bool has_ended) {
            outcome = has_ended;
        });
        io.restart();
        io.run_for(10s);
        REQUIRE(outcome);
        return *outcome;
    }
};

} // namespace

TEST_SUITE("child process") {
    TEST_CASE("its exit code is known when it has ended") {
        World world;
        auto const child = world.start({"/bin/sh", "-c", "exit 3"});
        CHECK(world.wait(*child, 5s));
        REQUIRE(child->ending());
        CHECK_FALSE(child->ending()->was_killed);
        CHECK(child->ending()->number == 3);
    }

    TEST_CASE("a kill is at once and leaves nothing behind") {
        World world;
        auto const child = world.start({"/bin/sleep", "60"});
        CHECK(child->is_running());
        child->kill();
        CHECK_FALSE(child->is_running());
        CHECK(child->ending()->was_killed);
        CHECK(child->ending()->number == SIGKILL);
        CHECK(::kill(child->pid(), 0) != 0);
        child->kill(); // Harmless: the pid may be somebody else's by now.
    }

    TEST_CASE("who does not end in time is still running, and ends on request") {
        World world;
        auto const child = world.start({"/bin/sleep", "60"});
        CHECK_FALSE(world.wait(*child, 20ms));
        child->terminate();
        CHECK(world.wait(*child, 5s));
        CHECK(child->ending()->number == SIGTERM);
    }

    TEST_CASE("it dies with its owner") {
        World world;
        pid_t pid = 0;
        {
            auto const child = world.start({"/bin/sleep", "60"});
            pid = child->pid();
        }
        CHECK(::kill(pid, 0) != 0);
    }

    TEST_CASE("what cannot be run is told with the reason") {
        World world;
        auto const child = Child::start(world.io.get_executor(), {"/absent/program"});
        REQUIRE_FALSE(child);
        CHECK(child.error().problem == "cannot be run: No such file or directory");
        CHECK_FALSE(Child::start(world.io.get_executor(), {"/etc/passwd"}));
    }
}
