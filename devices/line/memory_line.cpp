#include "devices/line/memory_line.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>

namespace devices {

namespace asio = boost::asio;
using protocol::fail;

MemoryLine::Pair MemoryLine::make_pair(asio::any_io_executor const& executor) {
    auto const left = std::make_shared<Inbox>(executor);
    auto const right = std::make_shared<Inbox>(executor);
    return {
        std::unique_ptr<MemoryLine>{new MemoryLine{left, right}},
        std::unique_ptr<MemoryLine>{new MemoryLine{right, left}}};
}

asio::awaitable<LineResult<void>> MemoryLine::write(std::span<std::uint8_t const> bytes) {
    if (theirs_->closed)
        co_return fail(LineError::Closed);
    theirs_->bytes.insert(theirs_->bytes.end(), bytes.begin(), bytes.end());
    theirs_->arrival.cancel();
    co_return LineResult<void>{};
}

asio::awaitable<LineResult<std::size_t>> MemoryLine::read_some(
    std::span<std::uint8_t> into, std::chrono::milliseconds within) {
    assert(!into.empty());
    auto const inbox = ours_;
    auto const deadline = std::chrono::steady_clock::now() + within;
    while (inbox->bytes.empty() && !inbox->closed) {
        inbox->arrival.expires_at(deadline);
        auto const [stopped] =
            co_await inbox->arrival.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!stopped && inbox->bytes.empty())
            co_return fail(LineError::TimedOut);
    }
    if (inbox->bytes.empty())
        co_return fail(LineError::Closed);
    std::size_t const size = std::min(into.size(), inbox->bytes.size());
    auto const end = inbox->bytes.begin() + static_cast<std::ptrdiff_t>(size);
    std::copy(inbox->bytes.begin(), end, into.begin());
    inbox->bytes.erase(inbox->bytes.begin(), end);
    co_return size;
}

void MemoryLine::close() {
    for (auto const& inbox : {ours_, theirs_}) {
        inbox->closed = true;
        inbox->arrival.cancel();
    }
}

} // namespace devices
