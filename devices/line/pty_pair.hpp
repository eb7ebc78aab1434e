#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>

#include "devices/line/line.hpp"
#include "protocol/base/complaint.hpp"

namespace devices {

/// A pseudo terminal: the device's end as a Line, for a simulator, and a path that a program opens
/// as its serial port. The program may close it, die and open it again; the device's end stays.
/// NOTE: a pty has no parity and no modem lines; a program that sets them is not told.
class PtyPair final : public Line {
public:
    [[nodiscard]] static protocol::Result<std::unique_ptr<PtyPair>, protocol::Complaint> open(
        boost::asio::any_io_executor const& executor);

    /// "/dev/pts/7"
    [[nodiscard]] std::string const& path() const { return path_; }

    [[nodiscard]] boost::asio::awaitable<LineResult<void>> write(
        std::span<std::uint8_t const> bytes) override;
    [[nodiscard]] boost::asio::awaitable<LineResult<std::size_t>> read_some(
        std::span<std::uint8_t> into, std::chrono::milliseconds within) override;

private:
    PtyPair(
        boost::asio::posix::stream_descriptor master, boost::asio::posix::stream_descriptor slave,
        std::string path)
        : master_{std::move(master)}, slave_{std::move(slave)}, path_{std::move(path)} {}

    boost::asio::posix::stream_descriptor master_;
    /// Never read or written: while it is open the master does not see a hangup when a program
    /// closes the port.
    boost::asio::posix::stream_descriptor slave_;
    std::string path_;
};

} // namespace devices
