#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "devices/line/line.hpp"

namespace devices {

/// One end of a line in memory: what is written to one end is read at the other. For tests, with
/// one thread. Bytes are never lost; a read takes as many as there are.
class MemoryLine final : public Line {
public:
    struct Pair {
        std::unique_ptr<MemoryLine> left;
        std::unique_ptr<MemoryLine> right;
    };
    [[nodiscard]] static Pair make_pair(boost::asio::any_io_executor const& executor);

    [[nodiscard]] boost::asio::awaitable<LineResult<void>> write(
        std::span<std::uint8_t const> bytes) override;
    [[nodiscard]] boost::asio::awaitable<LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override;

    /// As if the cable were pulled: both ends answer Closed, after what had arrived was read.
    void close();

private:
    struct Inbox {
        explicit Inbox(boost::asio::any_io_executor const& executor) : arrival{executor} {}
        std::deque<std::uint8_t> bytes;
        boost::asio::steady_timer arrival; ///< Cancelled when there is news for the reader.
        bool closed = false;
    };

    MemoryLine(std::shared_ptr<Inbox> ours, std::shared_ptr<Inbox> theirs)
        : ours_{std::move(ours)}, theirs_{std::move(theirs)} {}

    // Shared with the other end, whichever of the two is destroyed first.
    std::shared_ptr<Inbox> ours_;
    std::shared_ptr<Inbox> theirs_;
};

} // namespace devices
