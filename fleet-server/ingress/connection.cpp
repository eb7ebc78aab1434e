#include "fleet-server/ingress/connection.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "protocol/wire/message.hpp"

namespace fleet::ingress {

namespace asio = boost::asio;
namespace link = protocol::link;
using std::chrono::steady_clock;

namespace {

// With so much unsent, a kiosk that does not listen is not listened to either.
constexpr std::size_t outgoing_size_max = 64UL * 1024;
// What a refused peer may still send while it reads its refusal.
constexpr std::size_t forgotten_size_max = 1024UL * 1024;

link::ServerMoment moment() {
    using std::chrono::milliseconds;
    auto const utc = std::chrono::system_clock::now().time_since_epoch();
    return {steady_clock::now(), std::chrono::duration_cast<milliseconds>(utc).count()};
}

asio::awaitable<void> wait(asio::steady_timer& timer) {
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace

Connection::Connection(
    std::uint64_t id, asio::ip::tcp::socket socket, TlsContext const& context,
    ConnectionTuning const& tuning, ConnectionHost& host)
    : id_{id},
      stream_{std::move(socket), context},
      tuning_{tuning},
      host_{host},
      handshake_due_{steady_clock::now() + tuning.handshake_within},
      readable_{stream_.executor(), steady_clock::time_point::max()},
      writable_{stream_.executor(), steady_clock::time_point::max()},
      alarm_{stream_.executor()} {}

std::optional<link::Identity> Connection::identity() const {
    return session_ ? std::optional{session_->identity()} : std::nullopt;
}

asio::awaitable<void> Connection::run() {
    auto const executor = stream_.executor();
    auto const [order, received, transmitted, watched] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, receive(), asio::deferred),
            asio::co_spawn(executor, transmit(), asio::deferred),
            asio::co_spawn(executor, watch(), asio::deferred))
            .async_wait(asio::experimental::wait_for_all{}, asio::use_awaitable);
    // Only a lack of memory throws here; the server logs it.
    for (std::exception_ptr const& failure : {received, transmitted, watched})
        if (failure)
            std::rethrow_exception(failure);
}

// --- Activities
// -----------------------------------------------------------------------------------

asio::awaitable<bool> Connection::shake_hands() {
    auto const shaken = co_await stream_.handshake();
    if (!shaken) {
        bool const is_refusal = shaken.error().error != TlsError::Closed;
        end(name(shaken.error().error), is_refusal, shaken.error().detail);
        co_return false;
    }
    auto const identity = link::identity_from_common_name(stream_.peer_common_name());
    if (!identity) {
        end("certificate_name", true, "the common name is not kiosk-<number>-<epoch>");
        co_return false;
    }
    session_.emplace(*identity, steady_clock::now(), tuning_.session);
    host_.on_identified(id_);
    wake();
    co_return true;
}

asio::awaitable<void> Connection::receive() {
    if (!co_await shake_hands())
        co_return;
    while (!is_over_) {
        if (!may_read()) {
            co_await wait(readable_);
            continue;
        }
        auto const size = co_await stream_.read_some(host_.scratch());
        if (!size) {
            bool const is_refusal = size.error().error == TlsError::Broken;
            end(is_refusal ? name(TlsError::Broken) : "peer_gone", is_refusal, size.error().detail);
            break;
        }
        if (session_->is_closing() && (forgotten_ += *size) > forgotten_size_max) {
            end("peer_gone", false, {});
            break;
        }
        perform(session_->receive(host_.scratch().first(*size), moment()));
        // One that sends without end must not keep the others waiting.
        co_await asio::post(stream_.executor(), asio::use_awaitable);
    }
}

asio::awaitable<void> Connection::transmit() {
    while (!is_over_) {
        if (outgoing_.empty()) {
            if (session_ && session_->is_closing()) {
                stream_.finish_sending();
                co_return;
            }
            co_await wait(writable_);
            continue;
        }
        protocol::Bytes const bytes = std::exchange(outgoing_, {});
        write_due_ = steady_clock::now() + tuning_.write_within;
        wake();
        auto const written = co_await stream_.write(bytes);
        write_due_.reset();
        if (!written) {
            end("peer_gone", false, written.error().detail);
            co_return;
        }
        readable_.cancel();
    }
}

asio::awaitable<void> Connection::watch() {
    while (!is_over_) {
        alarm_.expires_at(deadline());
        co_await wait(alarm_);
        if (!is_over_)
            on_time();
    }
}

// --- Steps
// ----------------------------------------------------------------------------------------

void Connection::on_time() {
    auto const now = steady_clock::now();
    if (!session_) {
        if (handshake_due_ <= now)
            end("handshake_late", true, {});
        return;
    }
    if (write_due_ && *write_due_ <= now) {
        write_due_.reset();
        tell(link::CloseAsked{link::CloseReason::ReplySlow});
    }
    if (session_->deadline() <= now)
        tell(link::ClockAdvanced{});
}

void Connection::tell(link::ServerEvent const& event) {
    if (is_over_ || !session_)
        return;
    perform(session_->advance(event, moment()));
}

void Connection::stop() {
    if (session_)
        tell(link::CloseAsked{link::CloseReason::Stopping});
    else
        end(name(link::CloseReason::Stopping), false, {});
}

void Connection::perform(std::vector<link::ServerEffect> effects) {
    struct Visitor {
        Connection& connection;
        void operator()(link::AskWelcome& ask) const {
            connection.host_.ask(connection.id_, std::move(ask));
        }
        void operator()(link::AskAccept& ask) const {
            connection.host_.ask(connection.id_, std::move(ask));
        }
        void operator()(link::AskLookUp& ask) const {
            connection.host_.ask(connection.id_, std::move(ask));
        }
        void operator()(link::Reply const& reply) const { connection.perform(reply); }
        void operator()(link::Close const& close) const { connection.begin_closing(close); }
        void operator()(link::Abort const&) const {
            connection.end("closed", false, {}); // Its reason was told when it began to close.
        }
        void operator()(link::CatalogWithheld const& withheld) const {
            connection.host_.on_catalog_withheld(connection.id_, withheld.size);
        }
    };
    for (link::ServerEffect& effect : effects)
        std::visit(Visitor{*this}, effect);
    wake();
}

void Connection::perform(link::Reply const& reply) {
    auto const frame = protocol::wire::frame_of(reply.message);
    if (!frame) { // The session holds back what is too large; a refusal's text is not.
        end("reply_too_large", false, {});
        return;
    }
    outgoing_.insert(outgoing_.end(), frame->begin(), frame->end());
}

void Connection::begin_closing(link::Close const& close) {
    if (!std::exchange(is_told_, true))
        host_.on_end(id_, name(close.reason), is_refusal(close.reason), close.detail);
}

void Connection::end(std::string_view reason, bool is_refusal, std::string const& detail) {
    is_over_ = true;
    stream_.close();
    if (!std::exchange(is_told_, true))
        host_.on_end(id_, reason, is_refusal, detail);
    wake();
}

void Connection::wake() {
    readable_.cancel();
    writable_.cancel();
    // A later deadline is found when the earlier one comes: re-arming costs more than a false
    // alarm.
    if (is_over_ || deadline() < alarm_.expiry())
        alarm_.cancel();
}

bool Connection::may_read() const {
    return session_->is_closing() ||
           (session_->wants_bytes() && outgoing_.size() < outgoing_size_max);
}

link::TimePoint Connection::deadline() const {
    if (!session_)
        return handshake_due_;
    return write_due_ ? std::min(*write_due_, session_->deadline()) : session_->deadline();
}

} // namespace fleet::ingress
