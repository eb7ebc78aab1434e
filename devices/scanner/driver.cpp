#include <array>

#include "devices/scanner/code_reader.hpp"
#include "devices/scanner/scanner.hpp"

namespace devices::scanner {

namespace asio = boost::asio;

namespace {

// Between codes there is nothing to wait for but the next one.
constexpr std::chrono::hours patience{1};

} // namespace

asio::awaitable<void> drive(Line& line, Listener& listener) {
    co_await listener.on_scanner_line(true);
    CodeReader reader;
    for (;;) {
        std::array<std::uint8_t, 512> buffer;
        auto const size = co_await line.read_some(
            buffer, reader.is_inside_code() ? gap_that_ends_a_code : patience);
        if (size)
            reader.push(std::span{buffer}.first(*size));
        else if (size.error() == LineError::TimedOut)
            reader.pause();
        else
            break;
        while (auto code = reader.next()) {
            if (*code)
                co_await listener.on_code(**std::move(code));
            else
                co_await listener.on_code_refused(code->error());
        }
    }
    co_await listener.on_scanner_line(false);
}

asio::awaitable<LineResult<void>> set_trigger(Line& line, Trigger trigger) {
    co_return co_await line.write(trigger == Trigger::On ? trigger_on : trigger_off);
}

} // namespace devices::scanner
