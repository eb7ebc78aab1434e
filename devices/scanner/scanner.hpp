#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>

#include "devices/line/line.hpp"
#include "protocol/base/bytes.hpp"

/// A 2-D code scanner on a serial line: bytes of one code, ended by CR, LF or a pause of 500 ms.
namespace devices::scanner {

/// Longest payload of a QR code in bytes (version 40-L, binary). Nothing printed on a bill is
/// longer.
inline constexpr std::size_t code_size_max = 2953;

/// Longer than any code: two codes run together, or a device that is no scanner.
enum class CodeError : std::uint8_t { TooLong };

class Listener {
public:
    Listener() = default;
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;
    virtual ~Listener() = default;

    /// The raw bytes of one code without its suffix: their encoding is the code's own business.
    virtual boost::asio::awaitable<void> on_code(protocol::Bytes code) = 0;
    /// What was scanned cannot be a code; it was discarded up to its end. Nothing to do but to ask
    /// for another try, so a listener need not care.
    virtual boost::asio::awaitable<void> on_code_refused(CodeError) { co_return; }
    virtual boost::asio::awaitable<void> on_scanner_line(bool is_up) = 0;
};

/// Runs until it is cancelled. Reopening the port is the caller's business: ends when the line
/// does, after `on_scanner_line(false)`. Tells `on_scanner_line(true)` first: a scanner says
/// nothing until there is a code, so an open port is all that can be known of it.
boost::asio::awaitable<void> drive(Line& line, Listener& listener);

/// Whether the scanner looks for codes. Scanners in presentation mode look always and need no
/// trigger. SYN T CR, SYN U CR of Honeywell and the makers that follow it.
enum class Trigger : std::uint8_t { On, Off };
[[nodiscard]] boost::asio::awaitable<LineResult<void>> set_trigger(Line& line, Trigger trigger);

} // namespace devices::scanner
