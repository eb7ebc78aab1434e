#include "devices/printer/vkp80_printer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "tests/devices/printer/rehearsal.hpp"

namespace asio = boost::asio;
using namespace devices::printer;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// A line with a printer at its other end; every answer arrives in single bytes.
class SimulatedLine final : public devices::Line {
public:
    explicit SimulatedLine(asio::io_context& io) : timer_{io} {}

    asio::awaitable<devices::LineResult<void>> write(std::span<std::uint8_t const> bytes) override {
        if (is_cut)
            co_return protocol::fail(devices::LineError::Failed);
        append(simulator.receive(bytes, Clock::now()));
        co_return devices::LineResult<void>{};
    }
    asio::awaitable<devices::LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override {
        auto const deadline = Clock::now() + within;
        for (;;) {
            append(simulator.tick(Clock::now()));
            if (!unread_.empty()) {
                into[0] = unread_.front();
                unread_.erase(unread_.begin());
                co_return std::size_t{1};
            }
            if (Clock::now() >= deadline)
                co_return protocol::fail(devices::LineError::TimedOut);
            timer_.expires_after(1ms);
            co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    Simulator simulator{{.row_time = 10us, .cut_time = 1ms, .present_time = 1ms}};
    bool is_cut = false;

private:
    void append(protocol::Bytes const& bytes) {
        unread_.insert(unread_.end(), bytes.begin(), bytes.end());
    }

    protocol::Bytes unread_;
    asio::steady_timer timer_;
};

struct World {
    asio::io_context io{1};
    SimulatedLine line{io};
    Vkp80Printer printer{io.get_executor(), line, {.take_within = 200ms}};

    template <class T>
    T wait(asio::awaitable<T> work) {
        std::optional<T> outcome;
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr const& problem, T value) {
            REQUIRE_FALSE(problem);
            outcome = std::move(value);
        });
        io.restart();
        io.run_for(20s);
        REQUIRE(outcome);
        return std::move(*outcome);
    }
};

} // namespace

TEST_SUITE("printer driver") {
    TEST_CASE("a document comes out of the printer over a line") {
        World world;
        auto const result = world.wait(world.printer.print(tests::receipt()));
        CHECK(result.outcome == Outcome::Presented);
        CHECK(result.faults.empty());
        REQUIRE(world.line.simulator.tickets().size() == 1);
        CHECK(
            tests::joined_lines(world.line.simulator.tickets()[0]).find("М003К006") !=
            std::string::npos);
    }

    TEST_CASE("a dead line is a printer that is not ready, and prints nothing") {
        World world;
        world.line.is_cut = true;
        CHECK(world.wait(world.printer.health()) == Health{.faults = {Fault::LineLost}});
        auto const result = world.wait(world.printer.print(tests::receipt()));
        CHECK(result.outcome == Outcome::NotPrinted);
        CHECK(result.faults == std::vector{Fault::LineLost});
    }

    TEST_CASE("health tells what the printer tells") {
        World world;
        CHECK(world.wait(world.printer.health()) == Health{.ready = true});
        world.line.simulator.strike({.fault = SimulatedFault::NearEnd}, Clock::now());
        CHECK(world.wait(world.printer.health()) == Health{.ready = true, .paper_near_end = true});
        world.line.simulator.strike({.fault = SimulatedFault::CoverOpen}, Clock::now());
        CHECK(
            world.wait(world.printer.health()) ==
            Health{.paper_near_end = true, .faults = {Fault::CoverOpen}});
    }

    TEST_CASE("a document that cannot be printed is refused before the printer hears of it") {
        World world;
        auto const result = world.wait(world.printer.print({{QrBlock{}}}));
        CHECK(result.outcome == Outcome::NotPrinted);
        CHECK(result.faults == std::vector{Fault::Document});
    }

    TEST_CASE("two prints at once come out one after the other, and health does not disturb them") {
        World world;
        std::vector<PrintResult> results;
        std::size_t looks = 0;
        Document const document{{TextLine{.text = "a"}}};
        auto const print = [&]() -> asio::awaitable<void> {
            results.push_back(co_await world.printer.print(document));
        };
        auto const look = [&]() -> asio::awaitable<void> {
            asio::steady_timer timer{world.io};
            while (results.size() < 2) {
                co_await world.printer.health();
                ++looks;
                timer.expires_after(5ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
        };
        asio::co_spawn(world.io, print, asio::detached);
        asio::co_spawn(world.io, print, asio::detached);
        asio::co_spawn(world.io, look, asio::detached);
        world.io.run_for(20s);
        REQUIRE(results.size() == 2);
        CHECK(results[0].outcome == Outcome::Presented);
        CHECK(results[1].outcome == Outcome::Presented);
        CHECK(looks > 10);
        REQUIRE(world.line.simulator.tickets().size() == 2);
        CHECK(
            world.line.simulator.tickets()[0].content == world.line.simulator.tickets()[1].content);
        CHECK(world.line.simulator.tickets()[0].whereabouts == Whereabouts::Retracted);
    }
}
