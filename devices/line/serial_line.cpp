#include "devices/line/serial_line.hpp"

#include <sys/file.h>
#include <termios.h>

#include <cerrno>
#include <utility>

#include "devices/line/stream.hpp"

namespace devices {

namespace asio = boost::asio;
using protocol::Complaint;
using protocol::fail;

namespace {

asio::serial_port::parity parity_of(Parity parity) {
    switch (parity) {
    case Parity::None: return asio::serial_port::parity{asio::serial_port::parity::none};
    case Parity::Even: return asio::serial_port::parity{asio::serial_port::parity::even};
    case Parity::Odd: return asio::serial_port::parity{asio::serial_port::parity::odd};
    }
    return asio::serial_port::parity{};
}

asio::serial_port::flow_control flow_of(FlowControl flow) {
    using Flow = asio::serial_port::flow_control;
    switch (flow) {
    case FlowControl::None: return Flow{Flow::none};
    case FlowControl::Hardware: return Flow{Flow::hardware};
    case FlowControl::Software: return Flow{Flow::software};
    }
    return Flow{};
}

boost::system::error_code set_up(asio::serial_port& port, SerialSettings const& settings) {
    using Stop = asio::serial_port::stop_bits;
    boost::system::error_code failure;
    port.set_option(asio::serial_port::baud_rate{settings.baud_rate}, failure);
    if (!failure)
        port.set_option(asio::serial_port::character_size{8}, failure);
    if (!failure)
        port.set_option(parity_of(settings.parity), failure);
    if (!failure)
        port.set_option(Stop{Stop::one}, failure);
    if (!failure)
        port.set_option(flow_of(settings.flow_control), failure);
    return failure;
}

} // namespace

protocol::Result<std::unique_ptr<SerialLine>, Complaint> SerialLine::open(
    asio::any_io_executor const& executor, std::string const& path,
    SerialSettings const& settings) {
    asio::serial_port port{executor};
    boost::system::error_code failure;
    port.open(path, failure);
    if (failure)
        return fail(Complaint{
            path,
            "the serial port cannot be opened (" + failure.message() + ")",
            "check the cable, the name of the port, and that this user is in the group dialout"});
    // Advisory, and gone with the process however it dies: two programs that both talk to one
    // validator would lose money.
    if (::flock(port.native_handle(), LOCK_EX | LOCK_NB) != 0)
        return fail(
            Complaint{path, "another program uses the serial port", "stop that program first"});
    failure = set_up(port, settings);
    if (failure)
        return fail(Complaint{
            path,
            "the port cannot do " + std::to_string(settings.baud_rate) + " baud (" +
                failure.message() + ")",
            "set the speed that the device is set to: 9600, 19200, 38400, 57600 or 115200"});
    ::tcflush(port.native_handle(), TCIOFLUSH);
    return std::unique_ptr<SerialLine>{new SerialLine{std::move(port)}};
}

asio::awaitable<LineResult<void>> SerialLine::write(std::span<std::uint8_t const> bytes) {
    return stream::write(port_, bytes);
}

asio::awaitable<LineResult<std::size_t>> SerialLine::read_some(
    std::span<std::uint8_t> into, std::chrono::milliseconds within) {
    return stream::read_some(port_, into, within);
}

bool ReopeningLine::open() {
    if (!line_)
        if (auto opened = SerialLine::open(executor_, path_, settings_))
            line_ = *std::move(opened);
    return line_ != nullptr;
}

asio::awaitable<LineResult<void>> ReopeningLine::write(std::span<std::uint8_t const> bytes) {
    if (!open())
        co_return fail(LineError::Closed);
    auto const written = co_await line_->write(bytes);
    if (!written && written.error() != LineError::TimedOut)
        line_.reset();
    co_return written;
}

asio::awaitable<LineResult<std::size_t>> ReopeningLine::read_some(
    std::span<std::uint8_t> into, std::chrono::milliseconds within) {
    if (!open())
        co_return fail(LineError::Closed);
    auto const size = co_await line_->read_some(into, within);
    if (!size && size.error() != LineError::TimedOut)
        line_.reset();
    co_return size;
}

} // namespace devices
