#include "devices/bill-validator/simulator.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace devices::bill_validator {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// How late an outcome may be told while nobody polls.
constexpr milliseconds tick{10};

} // namespace

Simulator::Simulator(asio::any_io_executor executor, Line& line, SimulatorSettings settings)
    : executor_{std::move(executor)},
      line_{line},
      validator_{std::move(settings), steady_clock::now()} {}

asio::awaitable<void> Simulator::run() {
    for (;;) {
        std::array<std::uint8_t, 256> buffer;
        auto const size = co_await line_.read_some(buffer, tick);
        validator_.advance(steady_clock::now());
        tell_outcomes();
        if (!size && size.error() == LineError::TimedOut)
            continue;
        if (!size)
            co_return;
        auto const portions =
            validator_.receive(std::span{buffer}.first(*size), steady_clock::now());
        for (auto const& portion : portions) {
            asio::steady_timer delay{executor_, portion.after};
            if (portion.after.count() > 0)
                co_await delay.async_wait(asio::as_tuple(asio::use_awaitable));
            // Nobody at the other end: as with a real cable, the bytes are gone.
            [[maybe_unused]] auto const written = co_await line_.write(portion.bytes);
        }
        tell_outcomes();
    }
}

void Simulator::use(std::function<void(SimulatedValidator&, TimePoint)> action) {
    asio::post(executor_, [this, action = std::move(action)] {
        auto const now = steady_clock::now();
        validator_.advance(now);
        action(validator_, now);
    });
}

void Simulator::insert_note(Money value, std::function<void(Insertion)> on_outcome) {
    asio::post(executor_, [this, value, on_outcome = std::move(on_outcome)]() mutable {
        waiting_.push_back(
            {validator_.insert_note(value, steady_clock::now()), std::move(on_outcome)});
        tell_outcomes();
    });
}

void Simulator::tell_outcomes() {
    // A callback may insert the next note: it finds a list without its own entry.
    std::vector<Waiting> still_waiting;
    std::vector<Waiting> const asked = std::exchange(waiting_, {});
    for (auto const& waiting : asked) {
        Insertion const outcome = validator_.outcome(waiting.note);
        if (outcome == Insertion::StillInside)
            still_waiting.push_back(waiting);
        else
            waiting.on_outcome(outcome);
    }
    waiting_.insert(waiting_.end(), still_waiting.begin(), still_waiting.end());
}

} // namespace devices::bill_validator
