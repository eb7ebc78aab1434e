#include "devices/scanner/simulator.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <string_view>

#include "devices/scanner/code_reader.hpp"

namespace devices::scanner {

namespace asio = boost::asio;
using protocol::Bytes;
using protocol::ByteView;

namespace {

// How late a shown code may be sent while the host says nothing.
constexpr std::chrono::milliseconds tick{10};
constexpr std::string_view qr_identifier = "]Q1";

std::string_view text_of(Suffix suffix) {
    switch (suffix) {
    case Suffix::None: return "";
    case Suffix::Cr: return "\r";
    case Suffix::Lf: return "\n";
    case Suffix::CrLf: return "\r\n";
    }
    return "";
}

} // namespace

asio::awaitable<void> Simulator::run() {
    for (;;) {
        std::array<std::uint8_t, 64> buffer;
        auto const size = co_await line_.read_some(buffer, tick);
        if (size)
            hear(std::span{buffer}.first(*size));
        else if (size.error() != LineError::TimedOut)
            co_return;
        bool const is_looking = settings_.mode == Mode::Presentation || is_triggered_;
        if (!is_looking || shown_.empty())
            continue;
        Bytes code = std::move(shown_.front());
        shown_.pop_front();
        is_triggered_ = false;
        // Nobody at the other end: as with a real cable, the bytes are gone.
        [[maybe_unused]] auto const sent = co_await send(std::move(code));
    }
}

void Simulator::show(Bytes code) {
    asio::post(
        executor_, [this, code = std::move(code)]() mutable { shown_.push_back(std::move(code)); });
}

void Simulator::hear(ByteView bytes) {
    for (std::uint8_t const byte : bytes) {
        heard_.push_back(byte);
        if (heard_.size() > std::size(trigger_on))
            heard_.erase(heard_.begin());
        if (std::ranges::equal(heard_, trigger_on))
            is_triggered_ = true;
        if (std::ranges::equal(heard_, trigger_off))
            is_triggered_ = false;
    }
}

asio::awaitable<LineResult<void>> Simulator::send(Bytes code) {
    Bytes const bytes = dressed(code);
    std::size_t const portion = settings_.portion_size == 0 ? bytes.size() : settings_.portion_size;
    for (std::size_t sent = 0; sent < bytes.size(); sent += portion) {
        if (sent > 0) {
            asio::steady_timer gap{executor_, settings_.portion_gap};
            co_await gap.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        auto const written = co_await line_.write(
            ByteView{bytes}.subspan(sent, std::min(portion, bytes.size() - sent)));
        if (!written)
            co_return written;
    }
    co_return LineResult<void>{};
}

Bytes Simulator::dressed(Bytes const& code) const {
    std::string text{settings_.sends_aim_identifier ? qr_identifier : ""};
    text.append(code.begin(), code.end());
    text.append(text_of(settings_.suffix));
    return {text.begin(), text.end()};
}

} // namespace devices::scanner
