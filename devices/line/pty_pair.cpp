#include "devices/line/pty_pair.hpp"

#include <fcntl.h>
#include <stdlib.h> // NOLINT(modernize-deprecated-headers): posix_openpt is not in <cstdlib>.
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "devices/line/stream.hpp"

namespace devices {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using protocol::Complaint;
using protocol::fail;

namespace {

Complaint no_pty(int error) {
    return {
        "/dev/ptmx",
        "no pseudo terminal can be made (" + std::generic_category().message(error) + ")",
        "mount devpts on /dev/pts, or raise kernel.pty.max"};
}

} // namespace

protocol::Result<std::unique_ptr<PtyPair>, Complaint> PtyPair::open(
    asio::any_io_executor const& executor) {
    // Close-on-exec: a program started by the simulator must not inherit the ends.
    int const master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0)
        return fail(no_pty(errno));
    stream_descriptor master_stream{executor, master};
    std::array<char, 128> path{};
    if (::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
        ::ptsname_r(master, path.data(), path.size()) != 0)
        return fail(no_pty(errno));
    int const slave = ::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return fail(no_pty(errno));
    stream_descriptor slave_stream{executor, slave};
    // Raw from the first byte: a cooked terminal would echo the simulator's answers back to it.
    termios modes{};
    if (::tcgetattr(slave, &modes) != 0)
        return fail(no_pty(errno));
    ::cfmakeraw(&modes);
    if (::tcsetattr(slave, TCSANOW, &modes) != 0)
        return fail(no_pty(errno));
    return std::unique_ptr<PtyPair>{
        new PtyPair{std::move(master_stream), std::move(slave_stream), path.data()}};
}

asio::awaitable<LineResult<void>> PtyPair::write(std::span<std::uint8_t const> bytes) {
    return stream::write(master_, bytes);
}

asio::awaitable<LineResult<std::size_t>> PtyPair::read_some(
    std::span<std::uint8_t> into, std::chrono::milliseconds within) {
    return stream::read_some(master_, into, within);
}

} // namespace devices
