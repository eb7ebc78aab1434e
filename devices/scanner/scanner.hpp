#pragma once

#include <boost/asio/awaitable.hpp>

#include "devices/line/line.hpp"
#include "protocol/base/bytes.hpp"

/// A 2-D code scanner on a serial line: bytes of one code, ended by CR, LF or a pause of 500 ms.
namespace devices::scanner {

/// Longest payload that a QR code holds, version 40-L, binary.
inline constexpr std::size_t code_size_max = 2953;

class Listener {
public:
    Listener() = default;
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;
    virtual ~Listener() = default;

    /// The raw bytes of one code without its suffix: their encoding is the code's own business.
    virtual boost::asio::awaitable<void> on_code(protocol::Bytes code) = 0;
    virtual boost::asio::awaitable<void> on_scanner_line(bool is_up) = 0;
};

/// Runs until it is cancelled. Reopening the port is the caller's business: ends when the line
/// does.
boost::asio::awaitable<void> drive(Line& line, Listener& listener);

} // namespace devices::scanner
