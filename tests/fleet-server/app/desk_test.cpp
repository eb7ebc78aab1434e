#include "fleet-server/app/desk.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "tests/fleet-server/intake/office.hpp"

using namespace fleet;
using namespace fleet::app;
namespace asio = boost::asio;
namespace wire = protocol::wire;
using intake::Office;
using intake::story_ms;
using intake::story_payment;
using intake::TestKiosk;

namespace {

// A desk over real books, asked from an executor as the ingress does.
class Door {
public:
    template <class T>
    T ask(asio::awaitable<T> question) {
        std::optional<T> answer;
        asio::co_spawn(executor_, std::move(question), [&](std::exception_ptr error, T value) {
            CHECK_FALSE(error);
            answer.emplace(std::move(value));
        });
        executor_.restart();
        executor_.run();
        REQUIRE(answer);
        return std::move(*answer);
    }
    BooksDesk& desk() { return desk_; }
    Office& office() { return office_; }
    [[nodiscard]] int accepted() const { return accepted_; }
    [[nodiscard]] std::string metrics() { return metrics_.text({}); }

private:
    Office office_;
    store::Writer writer_{office_.store};
    store::Reader reader_ = require(office_.store.open_reader());
    api::Metrics metrics_;
    int accepted_ = 0;
    asio::io_context executor_{1};
    BooksDesk desk_{
        {.writer = writer_,
         .reader = reader_,
         .metrics = metrics_,
         .clock = [] { return from_ms(story_ms + 60'000); },
         .on_accepted = [this] { ++accepted_; }}};
};

} // namespace

TEST_SUITE("desk") {
    TEST_CASE("a kiosk is welcomed, its payment is durable when it is acknowledged") {
        Door door;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        auto const welcome = door.ask(door.desk().welcome({17, 1}, kiosk.hello()));
        REQUIRE(welcome);
        CHECK(welcome->acknowledged_sequence() == 0);

        auto const acknowledged = door.ask(door.desk().accept({17, 1}, kiosk.all()));
        REQUIRE(acknowledged);
        CHECK(acknowledged->sequence() == 1);
        CHECK(door.accepted() == 1);
        CHECK(door.office().net("cash.kiosk.17.main") == protocol::rub(460'000));
        CHECK(door.metrics().find("fleet_records_accepted_total 1") != std::string::npos);
    }

    TEST_CASE("a repeat is acknowledged again and not counted again") {
        Door door;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        CHECK(door.ask(door.desk().accept({17, 1}, kiosk.all())));
        CHECK(door.ask(door.desk().accept({17, 1}, kiosk.all())));
        CHECK(door.metrics().find("fleet_records_accepted_total 1") != std::string::npos);
        CHECK(door.office().net("cash.kiosk.17.main") == protocol::rub(460'000));
    }

    TEST_CASE("a forked chain is refused, and the metrics say why") {
        Door door;
        TestKiosk kiosk;
        kiosk.add(story_payment());
        TestKiosk copy;
        copy.add(story_payment("M003K005"));
        CHECK(door.ask(door.desk().accept({17, 1}, kiosk.all())));
        auto const refused = door.ask(door.desk().accept({17, 1}, copy.all()));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason() == wire::Refusal::FORKED);
        CHECK(door.accepted() == 1);
        CHECK(door.metrics().find("reason=\"FORKED\"} 1") != std::string::npos);
        auto const welcome = door.ask(door.desk().welcome({17, 1}, kiosk.hello()));
        REQUIRE_FALSE(welcome);
        CHECK(welcome.error().reason() == wire::Refusal::QUARANTINED);
    }

    TEST_CASE("a closed epoch is refused at the greeting") {
        Door door;
        auto const welcome = door.ask(door.desk().welcome({17, 2}, TestKiosk{}.hello(17, 2)));
        REQUIRE_FALSE(welcome);
        CHECK(welcome.error().reason() == wire::Refusal::EPOCH);
    }

    TEST_CASE("an account is looked up under its question's number") {
        Door door;
        wire::AccountQuery query;
        query.set_id(7);
        query.set_provider(1);
        query.set_account("M003K006");
        auto const answer = door.ask(door.desk().look_up({17, 1}, query));
        CHECK(answer.id() == 7);
        CHECK(answer.outcome() == wire::AccountAnswer::FOUND);
        CHECK(answer.debt() == 459'786);
    }

    TEST_CASE("many kiosks' batches are taken while others wait") {
        Door door;
        TestKiosk kiosk;
        for (int i = 0; i < 50; ++i)
            kiosk.add(story_payment());
        asio::io_context executor{1};
        int done = 0;
        for (std::size_t first = 1; first <= 50; ++first)
            asio::co_spawn(
                executor,
                door.desk().accept({17, 1}, kiosk.batch(first, 1)),
                [&](std::exception_ptr error, auto answer) {
                    CHECK_FALSE(error);
                    CHECK(answer);
                    ++done;
                });
        executor.run();
        CHECK(done == 50);
        CHECK(door.office().net("cash.kiosk.17.main") == protocol::rub(50L * 460'000));
    }
}
