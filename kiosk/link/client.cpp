#include "kiosk/link/client.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <deque>
#include <random>
#include <utility>

#include "kiosk/link/line.hpp"
#include "protocol/wire/message.hpp"

namespace kiosk::link {

namespace asio = boost::asio;
namespace wire = protocol::wire;
namespace session = protocol::link;
using protocol::Complaint;
using protocol::Result;
using std::chrono::steady_clock;

namespace {

asio::awaitable<void> wait(asio::steady_timer& timer) {
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

AnswerOutcome outcome_of(wire::AccountAnswer::Outcome outcome) {
    switch (outcome) {
    case wire::AccountAnswer::FOUND: return AnswerOutcome::Found;
    case wire::AccountAnswer::UNKNOWN_ACCOUNT: return AnswerOutcome::UnknownAccount;
    case wire::AccountAnswer::UNKNOWN_PROVIDER: return AnswerOutcome::UnknownProvider;
    case wire::AccountAnswer::UNAVAILABLE:
    case wire::AccountAnswer_Outcome_AccountAnswer_Outcome_INT_MIN_SENTINEL_DO_NOT_USE_:
    case wire::AccountAnswer_Outcome_AccountAnswer_Outcome_INT_MAX_SENTINEL_DO_NOT_USE_: break;
    }
    return AnswerOutcome::Unavailable;
}

class LinkClient final : public Client {
public:
    LinkClient(
        asio::any_io_executor executor, ClientOptions options, LineContext context,
        Outgoing& outgoing, LinkListener& listener, spdlog::logger& log)
        : executor_{std::move(executor)},
          options_{std::move(options)},
          context_{std::move(context)},
          outgoing_{outgoing},
          listener_{listener},
          log_{log},
          random_{std::random_device{}()},
          catalog_version_{options_.catalog_version},
          called_{executor_, steady_clock::time_point::max()},
          alarm_{executor_} {}

    [[nodiscard]] session::Identity identity() const override { return context_.identity(); }
    asio::awaitable<void> run() override;
    void stop() override;
    void records_added() override { hear(session::RecordsAdded{outgoing_.head().sequence}); }
    [[nodiscard]] std::uint32_t ask(std::uint32_t provider, std::string account) override;
    void retry() override { hear(session::RetryAsked{}); }

private:
    asio::awaitable<void> converse();
    asio::awaitable<void> talk(Line& line);
    asio::awaitable<void> receive(Line& line);
    asio::awaitable<void> transmit(Line& line);
    asio::awaitable<void> watch();

    void hear(session::KioskEvent event);
    void perform(session::KioskEffect const& effect);
    void perform(session::SendBatch const& ask);
    void perform(session::TellAccount const& told);
    void take_frames(Line& line);
    void send(wire::FromKiosk const& message);
    [[nodiscard]] session::Connected greeting() const;
    [[nodiscard]] session::Own own_beside(wire::FromServer const& message) const;

    asio::any_io_executor executor_;
    ClientOptions options_;
    LineContext context_;
    Outgoing& outgoing_;
    LinkListener& listener_;
    spdlog::logger& log_;
    std::minstd_rand random_; // Only spreads attempts.
    std::uint64_t catalog_version_;
    std::uint32_t last_question_ = 0;

    session::KioskState state_ = session::Waiting{};
    std::deque<session::KioskEvent> events_; // A listener may cause one while one is heard.
    bool is_hearing_ = false;

    bool is_stopping_ = false;
    bool is_call_wanted_ = false;
    Line* line_ = nullptr; // The one of converse().
    // Never expires by itself: cancelled when a call is wanted.
    asio::steady_timer called_;
    asio::steady_timer alarm_;
};

// --- Activities
// -----------------------------------------------------------------------------------

asio::awaitable<void> LinkClient::run() {
    auto const [order, talked, watched] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor_, converse(), asio::deferred),
            asio::co_spawn(executor_, watch(), asio::deferred))
            .async_wait(asio::experimental::wait_for_all{}, asio::use_awaitable);
    // Only a lack of memory throws here; the application logs it and starts again.
    for (std::exception_ptr const& failure : {talked, watched})
        if (failure)
            std::rethrow_exception(failure);
}

void LinkClient::stop() {
    is_stopping_ = true;
    if (line_ != nullptr)
        line_->close();
    called_.cancel();
    alarm_.cancel();
}

asio::awaitable<void> LinkClient::converse() {
    while (!is_stopping_) {
        if (!std::exchange(is_call_wanted_, false)) {
            co_await wait(called_);
            continue;
        }
        Line line{executor_, context_};
        line_ = &line;
        auto const opened =
            co_await line.open(options_.server, options_.port, options_.server_name);
        if (opened && !line.is_closed())
            co_await talk(line);
        else if (!opened)
            log_.info("link.no_connection reason=\"{}\"", opened.error());
        line_ = nullptr;
        // A line that the session itself has hung up is no news to it.
        if (!line.is_closed())
            hear(session::Disconnected{});
    }
}

asio::awaitable<void> LinkClient::talk(Line& line) {
    hear(greeting());
    auto const [order, received, transmitted] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor_, receive(line), asio::deferred),
            asio::co_spawn(executor_, transmit(line), asio::deferred))
            .async_wait(asio::experimental::wait_for_all{}, asio::use_awaitable);
    for (std::exception_ptr const& failure : {received, transmitted})
        if (failure)
            std::rethrow_exception(failure);
}

asio::awaitable<void> LinkClient::receive(Line& line) {
    while (!line.is_closed()) {
        auto const size = co_await line.read_some();
        if (!size) {
            if (!line.is_closed())
                log_.info("link.lost reason=\"{}\"", size.error());
            line.hang_up();
            break;
        }
        take_frames(line);
    }
}

asio::awaitable<void> LinkClient::transmit(Line& line) {
    while (!line.is_over()) {
        auto const written = co_await line.write_queued();
        if (!written)
            line.hang_up(); // The reader says why.
    }
}

asio::awaitable<void> LinkClient::watch() {
    while (!is_stopping_) {
        alarm_.expires_at(deadline(state_, options_.tuning));
        co_await wait(alarm_);
        if (!is_stopping_ && deadline(state_, options_.tuning) <= steady_clock::now())
            hear(session::TimePassed{});
    }
}

// --- Events
// ---------------------------------------------------------------------------------------

void LinkClient::hear(session::KioskEvent event) {
    events_.push_back(std::move(event));
    if (std::exchange(is_hearing_, true))
        return;
    while (!events_.empty()) {
        session::KioskEvent const next = std::move(events_.front());
        events_.pop_front();
        session::Moment const moment{steady_clock::now(), static_cast<std::uint32_t>(random_())};
        auto step = advance(state_, next, moment, options_.tuning);
        if (!step) {
            log_.error("link.event_out_of_place state={} event={}", state_.index(), next.index());
            continue;
        }
        state_ = std::move(step->state);
        for (session::KioskEffect const& effect : step->effects)
            perform(effect);
    }
    is_hearing_ = false;
    if (deadline(state_, options_.tuning) < alarm_.expiry())
        alarm_.cancel();
}

void LinkClient::take_frames(Line& line) {
    while (!line.is_closed()) {
        auto const frame = line.reader().next();
        if (!frame)
            return;
        if (!*frame)
            return hear(session::Unreadable{});
        auto message = wire::read_from_server(**frame);
        if (!message)
            return hear(session::Unreadable{});
        session::Own const own = own_beside(*message);
        hear(event_of(std::move(*message), own));
    }
}

std::uint32_t LinkClient::ask(std::uint32_t provider, std::string account) {
    std::uint32_t const id = ++last_question_;
    // Not at once: the answer may be there at once, and the asker does not know the id yet.
    asio::post(executor_, [this, id, provider, account = std::move(account)]() mutable {
        hear(session::AccountAsked{id, provider, std::move(account)});
    });
    return id;
}

session::Connected LinkClient::greeting() const {
    session::Connected connected;
    wire::Hello& hello = connected.hello;
    Head const head = outgoing_.head();
    hello.set_kiosk(identity().kiosk);
    hello.set_epoch(identity().epoch);
    hello.set_last_sequence(head.sequence);
    if (head.sequence > 0)
        hello.set_head_hash(session::to_wire(head.hash));
    hello.set_catalog_version(catalog_version_);
    hello.set_software(options_.software);
    return connected;
}

session::Own LinkClient::own_beside(wire::FromServer const& message) const {
    auto const sequence = session::claimed_sequence(message);
    if (!sequence)
        return {};
    return {
        .recorded = outgoing_.head().sequence,
        .acknowledged = outgoing_.acknowledged().sequence,
        .hash_there =
            *sequence == 0 ? std::optional{session::chain_start} : outgoing_.hash_at(*sequence)};
}

// --- Effects
// --------------------------------------------------------------------------------------

void LinkClient::perform(session::KioskEffect const& effect) {
    struct Visitor {
        LinkClient& client;
        void operator()(session::Connect const&) const {
            client.is_call_wanted_ = true;
            client.called_.cancel();
        }
        void operator()(session::Disconnect const& disconnect) const {
            client.log_.info("link.dropped reason={}", name(disconnect.reason));
            client.is_call_wanted_ = false;
            if (client.line_ != nullptr)
                client.line_->close();
        }
        void operator()(session::Send const& send) const { client.send(send.message); }
        void operator()(session::SendBatch const& ask) const { client.perform(ask); }
        void operator()(session::Acknowledge const& acknowledge) const {
            client.outgoing_.acknowledge(acknowledge.sequence);
            client.listener_.on_acknowledged(acknowledge.sequence);
        }
        void operator()(session::TellLink const& link) const {
            client.log_.info("link.{}", link.is_up ? "up" : "down");
            client.listener_.on_link(link.is_up);
        }
        void operator()(session::TellAccount const& told) const { client.perform(told); }
        void operator()(session::TellCatalog const& told) const {
            client.log_.info("link.catalog version={}", told.catalog.version);
            client.catalog_version_ = told.catalog.version;
            client.listener_.on_catalog(told.catalog);
        }
        void operator()(session::CatalogUnusable const& unusable) const {
            client.log_.error("link.catalog_unusable reason={}", wire::name(unusable.error));
        }
        void operator()(session::TellRefused const& refused) const {
            client.log_.error("link.refused explanation=\"{}\"", refused.explanation);
            client.listener_.on_refused(refused.explanation);
        }
    };
    std::visit(Visitor{*this}, effect);
}

void LinkClient::perform(session::SendBatch const& ask) {
    auto const records = outgoing_.after(ask.after, ask.records_max, ask.size_max);
    std::uint64_t const last = ask.after + records.size();
    auto const hash = outgoing_.hash_at(last);
    auto const is_impossible = [](protocol::Bytes const& record) {
        return record.empty() || record.size() > session::record_size_max;
    };
    auto const bad = std::ranges::find_if(records, is_impossible);
    if (records.empty() || bad != records.end() || !hash) {
        auto const offset = static_cast<std::uint64_t>(bad - records.begin());
        events_.push_front(session::BatchImpossible{ask.after + 1 + offset});
        return;
    }
    wire::FromKiosk message;
    message.mutable_batch()->set_first_sequence(ask.after + 1);
    for (protocol::Bytes const& record : records)
        message.mutable_batch()->add_records(std::string{record.begin(), record.end()});
    message.mutable_batch()->set_head_hash(session::to_wire(*hash));
    send(message);
    // Before anything else is heard: the session waits for it.
    events_.push_front(session::BatchSent{last, message.ByteSizeLong()});
}

void LinkClient::perform(session::TellAccount const& told) {
    listener_.on_account(
        {.query = told.id, .outcome = outcome_of(told.outcome), .state = told.state});
}

void LinkClient::send(wire::FromKiosk const& message) {
    auto const frame = wire::frame_of(message);
    assert(frame); // Batches are cut to size, nothing else is large.
    if (line_ != nullptr)
        line_->queue(*frame);
}

} // namespace

Result<std::unique_ptr<Client>, Complaint> Client::open(
    asio::any_io_executor executor, ClientOptions options, Outgoing& outgoing,
    LinkListener& listener, spdlog::logger& log) {
    TRY(auto context, LineContext::open(options.authority, options.certificate, options.key));
    return std::make_unique<LinkClient>(
        std::move(executor), std::move(options), std::move(context), outgoing, listener, log);
}

} // namespace kiosk::link
