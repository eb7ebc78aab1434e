#include "fleet-server/gateways/forwarder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <mutex>
#include <thread>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/gateways/http_client.hpp"
#include "fleet-server/gateways/osmp/simulator.hpp"
#include "fleet-server/ledger/verify.hpp"
#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::gateways;
using namespace fleet::gateways::osmp;
using namespace std::chrono_literals;
using protocol::rub;
using store::Reading;
using store::Transaction;

namespace {

ForwarderOptions const quick{
    .delivery = {.retry_first = 20ms, .retry_longest = 100ms, .person_after = 2h},
    .lanes = {.rest_first = 20ms, .rest_longest = 50ms},
    .look_every = 10ms};

UtcTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

template <class Condition>
void wait_until(Condition condition) {
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(2ms);
    }
}

// A fleet with one provider, whose payments are in the books and in the outbox.
class Fleet {
public:
    explicit Fleet(std::string const& url) {
        std::ifstream file{KIOSK_SOURCE_DIR "/tests/fixtures/providers/uniservis.json"};
        auto provider =
            catalog::read_provider(std::string{std::istreambuf_iterator<char>{file}, {}});
        REQUIRE(provider);
        provider->osmp_url = url;
        auto const id = require(store_.write([&](Transaction& transaction) {
            return catalog::create_provider(transaction, *provider, now());
        }));
        REQUIRE(id);
        provider_ = *id;
    }

    void pay(std::uint64_t sequence, char const* account = "M003K006") {
        ++payments_;
        require(store_.write([&](Transaction& transaction) -> store::Outcome<void> {
            auto const txn = *transaction_id(17, 1, sequence);
            for (auto const& name : {ledger::cash_of(17), ledger::payable_of(provider_)})
                CHECK(require(ledger::open_account(transaction, name)));
            TRY(auto const posted,
                ledger::post(
                    transaction,
                    {std::string{ledger::entry::payment},
                     txn,
                     std::nullopt,
                     {ledger::Post{
                         ledger::cash_of(17), ledger::payable_of(provider_), rub(460'000)}}},
                    now()));
            CHECK(posted);
            return enqueue(
                transaction,
                {.txn_id = txn,
                 .provider = provider_,
                 .account = account,
                 .sum = rub(460'000),
                 .payable = rub(460'000),
                 .accepted_at_ms = to_ms(now())});
        }));
    }

    Delivery delivery(std::uint64_t sequence) {
        auto const found = require(reader_.read([&](Reading const& reading) {
            return find_delivery(reading, *transaction_id(17, 1, sequence));
        }));
        REQUIRE(found);
        return found->delivery;
    }
    void wait_for(std::uint64_t sequence, DeliveryState state) {
        wait_until([&] { return delivery(sequence).state == state; });
    }
    void check_books(protocol::Money inflight = rub(0)) {
        auto const verified = require(
            reader_.read([&](Reading const& reading) -> store::Outcome<ledger::Verification> {
                TRY(auto const sums, under_way(reading));
                CHECK(sums.size() == (inflight.is_zero() ? 0 : 1));
                for (auto const& [provider, sum] : sums)
                    CHECK(sum == inflight);
                using Side = ledger::Expectation::Side;
                return ledger::verify(
                    reading,
                    {{ledger::cash_of(17), Side::PostedNet, rub(460'000 * payments_), "notes"},
                     {ledger::inflight_of(provider_), Side::PendingCredit, inflight, "outbox"}});
            }));
        if (verified.difference)
            FAIL(to_string(*verified.difference));
    }
    store::Store& store() { return store_; }

private:
    ScratchFolder folder_;
    store::Store store_ = require(store::Store::open(folder_.path() / "fleet.sqlite"));
    store::Reader reader_ = require(store_.open_reader());
    std::uint32_t provider_ = 0;
    std::int64_t payments_ = 0;
};

// One life of the forwarder: from its start to its end, like a process.
class Life {
public:
    explicit Life(Fleet& fleet, std::chrono::milliseconds answer = 10s)
        : writer_{fleet.store()},
          reader_{require(fleet.store().open_reader())},
          client_{{.answer = answer, .connect = 5s}},
          forwarder_{
              {.writer = writer_,
               .reader = reader_,
               .client = client_,
               .clock = now,
               .zone = [](UtcTime) { return std::chrono::minutes{180}; },
               .on_refused = [this](Transaction&, Delivery const&, ledger::Sequence, UtcTime)
                   -> store::Outcome<void> {
                   ++refused_;
                   return {};
               },
               .on_trouble = [](std::string const& what) { MESSAGE(what); }},
              quick,
              1},
          thread_{[this] { ended_ = forwarder_.run(); }} {}
    Life(Life const&) = delete;
    Life& operator=(Life const&) = delete;
    ~Life() {
        forwarder_.stop();
        thread_.join();
        require(ended_);
    }
    [[nodiscard]] int refused() const { return refused_; }

private:
    store::Writer writer_;
    store::Reader reader_;
    HttpClient client_;
    std::atomic<int> refused_ = 0;
    store::Outcome<void> ended_;
    Forwarder forwarder_;
    std::thread thread_;
};

std::unique_ptr<Simulator> provider(SimulatorOptions const& options = {}) {
    auto simulator = Simulator::start(options);
    REQUIRE(simulator);
    return std::move(*simulator);
}

void check_once(Simulator const& simulator, std::uint32_t requests_at_least) {
    auto const payments = simulator.payments();
    REQUIRE(payments.size() == 1);
    CHECK(payments[0].accepted == 1);
    CHECK(payments[0].requests >= requests_at_least);
    CHECK(payments[0].spellings.size() == 1); // The same bytes each time.
}

} // namespace

TEST_SUITE("forwarder") {
    TEST_CASE("a payment reaches its provider once, and the books agree") {
        auto const simulator = provider();
        Fleet fleet{simulator->url()};
        fleet.pay(1);
        Life const life{fleet};
        fleet.wait_for(1, DeliveryState::Ok);
        check_once(*simulator, 1);
        CHECK_FALSE(fleet.delivery(1).provider_txn.empty());
        CHECK(fleet.delivery(1).request.find("txn_id=000017001000000001") != std::string::npos);
        fleet.check_books();
    }

    TEST_CASE("whatever the provider does, the money is credited once by the same request") {
        struct Row {
            char const* what;
            std::vector<Behaviour> plan;
            std::uint32_t requests;
        };
        Row const rows[] = {
            {"times out after accepting", {TimeOutAfterAccept{}}, 2},
            {"times out three times", {3, Behaviour{TimeOutAfterAccept{}}}, 4},
            {"is slower than our patience", {AnswerSlowly{1s}}, 2},
            {"says to repeat", {AnswerCode{1}, AnswerCode{90}}, 3},
            {"says a code that nobody knows", {AnswerCode{77}}, 2},
            {"fails with 500", {Fail{}, Fail{}}, 3},
            {"answers garbage after accepting", {AnswerGarbage{}}, 2},
            {"answers twice", {AnswerTwice{}}, 1},
            {"fails until the breaker opens", {12, Behaviour{Fail{}}}, 13},
        };
        for (Row const& row : rows) {
            INFO(row.what);
            auto const simulator = provider({.deadline = 5s});
            simulator->plan(row.plan);
            Fleet fleet{simulator->url()};
            fleet.pay(1);
            Life const life{fleet, 150ms};
            fleet.wait_for(1, DeliveryState::Ok);
            check_once(*simulator, row.requests);
            fleet.check_books();
        }
    }

    TEST_CASE("a final refusal moves the money to suspense and credits nothing") {
        auto const simulator = provider();
        simulator->plan({AnswerCode{5}});
        Fleet fleet{simulator->url()};
        fleet.pay(1);
        Life const life{fleet};
        fleet.wait_for(1, DeliveryState::Refused);
        CHECK(simulator->payments()[0].accepted == 0);
        CHECK(simulator->payments()[0].requests == 1);
        CHECK(life.refused() == 1);
        CHECK(fleet.delivery(1).needs_person);
        fleet.check_books();
    }

    TEST_CASE("a provider that is away is asked until it is back") {
        auto simulator = provider();
        std::uint16_t const port = simulator->port();
        std::string const url = simulator->url();
        simulator.reset();
        Fleet fleet{url};
        fleet.pay(1);
        Life const life{fleet};
        wait_until([&] { return fleet.delivery(1).setbacks >= 3; });
        CHECK(fleet.delivery(1).state == DeliveryState::New);
        CHECK(fleet.delivery(1).doubts == 0);
        simulator = provider({.port = port});
        fleet.wait_for(1, DeliveryState::Ok);
        check_once(*simulator, 1);
    }

    TEST_CASE("a forwarder that dies while the provider thinks asks again with the same bytes") {
        auto const simulator = provider({.deadline = 30s});
        simulator->plan({TimeOutAfterAccept{}});
        Fleet fleet{simulator->url()};
        fleet.pay(1);
        {
            Life const life{fleet, 30s};
            wait_until([&] { return !simulator->payments().empty(); });
        }
        CHECK(fleet.delivery(1).in_flight);
        CHECK(fleet.delivery(1).state == DeliveryState::Sent);
        fleet.check_books(rub(460'000));
        std::string const request = fleet.delivery(1).request;
        Life const next{fleet, 30s};
        fleet.wait_for(1, DeliveryState::Ok);
        CHECK(fleet.delivery(1).request == request);
        check_once(*simulator, 2);
        fleet.check_books();
    }

    TEST_CASE("many payments go side by side, those of one account in their order") {
        auto const simulator = provider();
        simulator->plan({AnswerSlowly{30ms}, Fail{}, AnswerSlowly{10ms}, AnswerCode{1}});
        Fleet fleet{simulator->url()};
        for (std::uint64_t sequence = 1; sequence <= 40; ++sequence)
            fleet.pay(
                sequence,
                sequence % 2 == 0 ? "M003K006" : ("A" + std::to_string(sequence)).c_str());
        Life const life{fleet};
        for (std::uint64_t sequence = 1; sequence <= 40; ++sequence)
            fleet.wait_for(sequence, DeliveryState::Ok);
        auto const payments = simulator->payments();
        CHECK(payments.size() == 40);
        std::string last;
        for (auto const& payment : payments) {
            CHECK(payment.accepted == 1);
            CHECK(payment.spellings.size() == 1);
            if (payment.account == "M003K006") {
                CHECK(payment.txn_id > last);
                last = payment.txn_id;
            }
        }
        fleet.check_books();
    }

    TEST_CASE("a provider without an address waits for a person, its money untouched") {
        Fleet fleet{""};
        fleet.pay(1);
        Life const life{fleet};
        wait_until([&] { return fleet.delivery(1).needs_person; });
        CHECK(fleet.delivery(1).state == DeliveryState::New);
        CHECK(fleet.delivery(1).comment.find("no OSMP address") != std::string::npos);
        fleet.check_books();
    }
}
