#include "fleet-server/app/desk.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>

#include "fleet-server/catalog/kiosks.hpp"

namespace fleet::app {

namespace {

namespace asio = boost::asio;
using protocol::fail;
namespace wire = protocol::wire;

wire::Refusal overloaded(store::StoreError const& error) {
    wire::Refusal refusal;
    refusal.set_reason(wire::Refusal::OVERLOADED);
    refusal.set_explanation("the books do not answer");
    spdlog::error("desk.books_failed detail=\"{}\"", to_string(error));
    return refusal;
}

// NOTE: GCC 12 destroys a closure with captures twice when it is a temporary inside a co_await
// expression. Every closure below has a name.

// Runs start(done) where `done(T)` may be called once on any thread, and resumes here with T.
template <class T, class Start>
asio::awaitable<T> await(Start start) {
    auto const executor = co_await asio::this_coro::executor;
    auto initiate = [executor, &start](auto handler) {
        // Shared, because functions that are queued must be copyable.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        start([executor, shared](T value) {
            asio::post(executor, [shared, value = std::move(value)]() mutable {
                (*shared)(std::move(value));
            });
        });
    };
    co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(T)>(
        initiate, asio::use_awaitable);
}

template <class T, class Work>
asio::awaitable<store::Outcome<T>> write(store::Writer& writer, Work work) {
    using Answer = store::Outcome<T>;
    return await<Answer>([&writer, work = std::move(work)](auto done) mutable {
        auto const taken = writer.submit(std::move(work), done);
        if (!taken)
            done(Answer{fail(taken.error())});
    });
}

} // namespace

BooksDesk::BooksDesk(Needs needs) : needs_{std::move(needs)} {}

BooksDesk::~BooksDesk() {
    reading_.join();
}

ingress::Desk::Answer<wire::Welcome> BooksDesk::welcome(
    ingress::KioskIdentity identity, wire::Hello hello) {
    using Welcomed = protocol::Result<wire::Welcome, wire::Refusal>;
    auto work = [this, identity, hello = std::move(hello)](store::Transaction& transaction) {
        return intake_.welcome(
            transaction, {identity.kiosk, identity.epoch}, hello, needs_.clock());
    };
    auto answer = co_await write<Welcomed>(needs_.writer, std::move(work));
    if (!answer)
        co_return fail(overloaded(answer.error()));
    if (!*answer)
        needs_.metrics.kiosk_refused(wire::Refusal::Reason_Name(answer->error().reason()));
    co_return std::move(*answer);
}

ingress::Desk::Answer<wire::Acknowledgement> BooksDesk::accept(
    ingress::KioskIdentity identity, wire::Batch batch) {
    struct Accepted {
        protocol::Result<wire::Acknowledgement, wire::Refusal> answer;
        std::uint64_t records = 0;
    };
    auto const begun = std::chrono::steady_clock::now();
    auto work = [this, identity, batch = std::move(batch)](
                    store::Transaction& transaction) -> store::Outcome<Accepted> {
        TRY(auto const before, catalog::find_kiosk(transaction, identity.kiosk));
        TRY(auto answer,
            intake_.accept(transaction, {identity.kiosk, identity.epoch}, batch, needs_.clock()));
        std::uint64_t const had = before ? before->head.sequence : 0;
        std::uint64_t const has = answer ? answer->sequence() : had;
        return Accepted{std::move(answer), has > had ? has - had : 0};
    };
    auto accepted = co_await write<Accepted>(needs_.writer, std::move(work));
    if (!accepted)
        co_return fail(overloaded(accepted.error()));
    if (accepted->answer) {
        auto const took = std::chrono::steady_clock::now() - begun;
        needs_.metrics.intake_took(
            accepted->records, std::chrono::duration_cast<std::chrono::microseconds>(took));
        needs_.on_accepted();
    } else {
        needs_.metrics.kiosk_refused(wire::Refusal::Reason_Name(accepted->answer.error().reason()));
    }
    co_return std::move(accepted->answer);
}

asio::awaitable<wire::AccountAnswer> BooksDesk::look_up(
    ingress::KioskIdentity, wire::AccountQuery query) {
    using Looked = store::Outcome<wire::AccountAnswer>;
    std::uint32_t const id = query.id();
    auto start = [this, query = std::move(query)](auto done) mutable {
        asio::post(reading_, [this, query = std::move(query), done] {
            done(needs_.reader.read(
                [&](store::Reading const& reading) { return intake::look_up(reading, query); }));
        });
    };
    auto answer = co_await await<Looked>(std::move(start));
    if (answer)
        co_return std::move(*answer);
    spdlog::error("desk.look_up_failed detail=\"{}\"", to_string(answer.error()));
    wire::AccountAnswer unavailable;
    unavailable.set_id(id);
    unavailable.set_outcome(wire::AccountAnswer::UNAVAILABLE);
    co_return unavailable;
}

} // namespace fleet::app
