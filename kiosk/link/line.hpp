#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/link/identity.hpp"
#include "protocol/wire/frame.hpp"

/// One TLS connection to the fleet server. It has no deadlines of its own: close() ends whatever
/// waits, and the session says when.
namespace kiosk::link {

/// The kiosk's certificate, and the authority that its server must be certified by.
class LineContext {
public:
    [[nodiscard]] static protocol::Result<LineContext, protocol::Complaint> open(
        std::filesystem::path const& authority, std::filesystem::path const& certificate,
        std::filesystem::path const& key);

    [[nodiscard]] protocol::link::Identity identity() const { return identity_; }
    [[nodiscard]] boost::asio::ssl::context& get() { return context_; }

private:
    explicit LineContext(boost::asio::ssl::context context) : context_{std::move(context)} {}

    boost::asio::ssl::context context_;
    protocol::link::Identity identity_;
};

/// Errors are the library's words, for the log.
class Line {
public:
    template <class T>
    using Outcome = boost::asio::awaitable<protocol::Result<T, std::string>>;

    Line(boost::asio::any_io_executor const& executor, LineContext& context);
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;

    /// Resolves, connects, shakes hands; the server must carry `server_name`.
    [[nodiscard]] Outcome<void> open(
        std::string const& host, std::uint16_t port, std::string const& server_name);

    /// Reads at least one byte into the frame reader.
    [[nodiscard]] Outcome<std::size_t> read_some();
    [[nodiscard]] protocol::wire::FrameReader& reader() { return reader_; }

    void queue(protocol::Bytes const& frame);
    /// Writes what is queued, or waits until something is.
    [[nodiscard]] Outcome<void> write_queued();

    /// The other side or the network has gone.
    void hang_up();
    /// We have.
    void close();
    [[nodiscard]] bool is_closed() const { return is_closed_; }
    [[nodiscard]] bool is_over() const { return is_over_; }

private:
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    boost::asio::steady_timer queued_; // Cancelled to wake the writer.
    protocol::wire::FrameReader reader_;
    protocol::Bytes outgoing_;
    std::array<std::uint8_t, 16UL * 1024> buffer_{}; // The largest TLS record.
    bool is_closed_ = false;
    bool is_over_ = false;
};

} // namespace kiosk::link
