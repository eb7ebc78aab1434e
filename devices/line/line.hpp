#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

namespace devices {

enum class LineError : std::uint8_t { Closed, TimedOut, Failed };

template <class T>
using LineResult = protocol::Result<T, LineError>;

/// A byte line to a device: a serial port, a USB endpoint, or a script in a test. An implementation
/// must not buffer what was written before an error, and must not read past `into`.
class Line {
public:
    Line() = default;
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;
    virtual ~Line() = default;

    [[nodiscard]] virtual boost::asio::awaitable<LineResult<void>> write(
        std::span<std::uint8_t const> bytes) = 0;
    /// At least one byte, or why there is none.
    [[nodiscard]] virtual boost::asio::awaitable<LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) = 0;
};

} // namespace devices
