// Any bytes at a printer: it must end, keep its limits, and print the same in whatever portions.
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "devices/printer/simulator.hpp"

using namespace devices::printer;

namespace {

constexpr Simulator::TimePoint start{std::chrono::hours{1}};
constexpr Simulator::TimePoint end{std::chrono::hours{100}};
constexpr std::size_t portion_max = 7;

Simulator fed(std::span<std::uint8_t const> bytes, std::size_t portion) {
    // A buffer that never fills: what is lost depends on the portions, and rightly so.
    Simulator simulator{{.row_time = std::chrono::microseconds{1}, .buffer_size = 1U << 24U}};
    for (std::size_t first = 0; first < bytes.size(); first += portion)
        (void)simulator.receive(
            bytes.subspan(first, std::min(portion, bytes.size() - first)), start);
    (void)simulator.tick(end);
    return simulator;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const bytes{data, size};
    Simulator const whole = fed(bytes, std::max<std::size_t>(size, 1));
    Simulator const cut = fed(bytes, 1 + size % portion_max);
    assert(whole.tickets() == cut.tickets());
    assert(whole.strip() == cut.strip());
    assert(whole.overrun() == 0);
    for (Ticket const& ticket : whole.tickets())
        (void)lines_of(ticket);

    Simulator small{{.buffer_size = 256}};
    (void)small.receive(bytes, start);
    (void)small.tick(end);
    return 0;
}
