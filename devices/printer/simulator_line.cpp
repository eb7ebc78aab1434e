#include "devices/printer/simulator_line.hpp"

#include <array>
#include <chrono>

namespace devices::printer {

namespace {
using namespace std::chrono_literals;
constexpr auto tick_every = 20ms; // XON, XOFF and the ends of faults are not more exact than this.
} // namespace

boost::asio::awaitable<void> serve(Line& line, Simulator& simulator) {
    for (;;) {
        std::array<std::uint8_t, 1024> buffer;
        auto const size = co_await line.read_some(buffer, tick_every);
        if (!size && size.error() != LineError::TimedOut)
            co_return;
        auto const now = std::chrono::steady_clock::now();
        auto const replies = simulator.receive(std::span{buffer}.first(size ? *size : 0), now);
        if (!replies.empty() && !co_await line.write(replies))
            co_return;
    }
}

} // namespace devices::printer
