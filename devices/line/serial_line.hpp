#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/serial_port.hpp>
#include <memory>
#include <string>

#include "devices/line/line.hpp"
#include "protocol/base/complaint.hpp"

namespace devices {

enum class Parity : std::uint8_t { None, Even, Odd };
enum class FlowControl : std::uint8_t { None, Hardware, Software };

/// 8 data bits, 1 stop bit.
struct SerialSettings {
    unsigned baud_rate = 9600;
    Parity parity = Parity::None;
    FlowControl flow_control = FlowControl::None;
};

/// A serial port in raw mode. What lay in its buffers before it was opened is discarded: it was not
/// meant for us. When a port fails it stays failed; ReopeningLine opens it again.
class SerialLine final : public Line {
public:
    /// The complaint names the port and what to do: no such device, no permission, a speed that the
    /// port cannot do, another program that uses it.
    [[nodiscard]] static protocol::Result<std::unique_ptr<SerialLine>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor, std::string const& path,
        SerialSettings const& settings);

    [[nodiscard]] boost::asio::awaitable<LineResult<void>> write(
        std::span<std::uint8_t const> bytes) override;
    [[nodiscard]] boost::asio::awaitable<LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override;

private:
    explicit SerialLine(boost::asio::serial_port port) : port_{std::move(port)} {}

    boost::asio::serial_port port_;
};

/// A serial port that is opened when it is first written to or read from, and again after it was
/// lost, as a USB adapter that was pulled out. While it cannot be opened every call answers Closed
/// at once: who uses it pauses between attempts.
class ReopeningLine final : public Line {
public:
    ReopeningLine(boost::asio::any_io_executor executor, std::string path, SerialSettings settings)
        : executor_{std::move(executor)}, path_{std::move(path)}, settings_{settings} {}

    [[nodiscard]] boost::asio::awaitable<LineResult<void>> write(
        std::span<std::uint8_t const> bytes) override;
    [[nodiscard]] boost::asio::awaitable<LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override;

private:
    bool open();

    boost::asio::any_io_executor executor_;
    std::string path_;
    SerialSettings settings_;
    std::unique_ptr<SerialLine> line_;
};

} // namespace devices
