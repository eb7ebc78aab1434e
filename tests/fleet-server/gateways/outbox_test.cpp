#include "fleet-server/gateways/outbox.hpp"

#include <doctest/doctest.h>

#include "tests/fleet-server/support/database.hpp"

using namespace fleet;
using namespace fleet::gateways;
using namespace std::chrono_literals;
using protocol::rub;
using store::Reading;
using store::Transaction;

namespace {

constexpr std::int64_t start_ms = 1'768'550'400'000;
UtcTime const start = from_ms(start_ms);

Forwarding forwarding(std::uint64_t sequence, char const* account = "M003K006") {
    return {
        .txn_id = *transaction_id(17, 1, sequence),
        .provider = 1,
        .account = account,
        .sum = rub(460'000),
        .payable = rub(458'160),
        .accepted_at_ms = start_ms};
}

class Outbox {
public:
    auto ask(auto question) { return require(reader_.read(question)); }
    void put(Forwarding const& one) {
        accept(one);
        CHECK(require(take_up()) == 1);
    }
    void accept(Forwarding const& one) {
        require(store_.write([&](Transaction& transaction) { return enqueue(transaction, one); }));
    }
    store::Outcome<std::size_t> take_up(std::size_t enough = 100) {
        return store_.write(
            [&](Transaction& transaction) { return take_up_waiting(transaction, enough); });
    }
    [[nodiscard]] StoredDelivery find(std::string const& txn_id) {
        auto found = ask([&](Reading const& reading) { return find_delivery(reading, txn_id); });
        REQUIRE(found);
        return *found;
    }
    store::Outcome<void> change(std::string const& txn_id, auto alter) {
        StoredDelivery stored = find(txn_id);
        alter(stored.delivery);
        return store_.write([&](Transaction& transaction) { return save(transaction, stored); });
    }
    [[nodiscard]] std::vector<std::string> due(UtcTime at, std::size_t count = 100) {
        std::vector<std::string> ids;
        for (auto const& one :
             ask([&](Reading const& reading) { return due_deliveries(reading, 1, at, count); }))
            ids.push_back(one.delivery.txn_id);
        return ids;
    }
    store::Store& store() { return store_; }

private:
    ScratchFolder folder_;
    store::Store store_ = require(store::Store::open(folder_.path() / "fleet.sqlite"));
    store::Reader reader_ = require(store_.open_reader());
};

auto const sent = [](Delivery& delivery) {
    delivery.state = DeliveryState::Sent;
    delivery.request = "pay";
    delivery.attempts = 1;
    delivery.in_flight = true;
};

} // namespace

TEST_SUITE("outbox") {
    TEST_CASE("a forwarding is kept as it was accepted, due at once") {
        Outbox outbox;
        outbox.put(forwarding(1));
        auto const stored = outbox.find("000017001000000001");
        CHECK(stored.payable == rub(458'160));
        CHECK(stored.delivery.sum == rub(460'000));
        CHECK(stored.delivery.account == "M003K006");
        CHECK(stored.delivery.state == DeliveryState::New);
        CHECK(stored.delivery.enqueued_at == start);
        CHECK(outbox.due(start) == std::vector<std::string>{"000017001000000001"});
        CHECK(outbox.due(start - 1ms).empty());
    }

    TEST_CASE("one payment is forwarded once: its second row is a broken rule") {
        Outbox outbox;
        outbox.put(forwarding(1));
        outbox.accept(forwarding(1));
        auto const again = outbox.take_up();
        REQUIRE_FALSE(again);
        CHECK(again.error().kind == store::StoreError::Kind::Constraint);
    }

    TEST_CASE(
        "what is accepted and not taken up yet is seen as new, with the id that it will have") {
        Outbox outbox;
        outbox.put(forwarding(1));
        require(outbox.store().write([](Transaction& t) -> store::Outcome<void> {
            TRY_VOID(enqueue(t, forwarding(2)));
            TRY_VOID(enqueue(t, forwarding(3, "M003K005")));
            CHECK(require(find_delivery(t, "000017001000000003")));
            return {};
        }));
        auto const undone = outbox.store().write([](Transaction& t) -> store::Outcome<void> {
            TRY_VOID(enqueue(t, forwarding(4)));
            return protocol::fail(store::StoreError{});
        });
        CHECK_FALSE(undone);
        auto const list = [&](DeliveryFilter const& filter) {
            std::vector<std::pair<std::int64_t, std::string>> found;
            for (auto const& one : outbox.ask(
                     [&](Reading const& reading) { return list_deliveries(reading, filter); }))
                found.emplace_back(one.id, one.delivery.account);
            return found;
        };
        auto const before = list({});
        CHECK(before.size() == 3);
        CHECK(before.front() == std::pair<std::int64_t, std::string>{3, "M003K005"});
        CHECK(
            list({.state = {}, .only_for_person = false, .before = 3, .count_max = 1})
                .front()
                .first == 2);
        CHECK(list({.state = {}, .only_for_person = true, .before = 0, .count_max = 9}).empty());
        auto const news = [&] {
            return outbox.ask([](Reading const& reading) { return count_by_state(reading); })
                .at(DeliveryState::New);
        };
        CHECK(news() == 3);
        auto const told = outbox.ask(
            [](Reading const& reading) { return story_of(reading, "000017001000000003"); });
        REQUIRE(told.size() == 1);
        CHECK(told.front().what == "accepted");
        CHECK(require(outbox.take_up()) == 2);
        CHECK(require(outbox.take_up()) == 0);
        CHECK(list({}) == before);
        CHECK(news() == 3);
    }

    TEST_CASE("a number that is no payment's is not accepted") {
        Outbox outbox;
        auto wrong = forwarding(1);
        wrong.txn_id = "17-1";
        auto const accepted = outbox.store().write(
            [&](Transaction& transaction) { return enqueue(transaction, wrong); });
        REQUIRE_FALSE(accepted);
        CHECK(accepted.error().kind == store::StoreError::Kind::Constraint);
    }

    TEST_CASE("every field of a delivery comes back as it was saved") {
        Outbox outbox;
        outbox.put(forwarding(1));
        auto stored = outbox.find("000017001000000001");
        Delivery& delivery = stored.delivery;
        delivery.state = DeliveryState::Unknown;
        delivery.request = "command=pay&txn_id=1";
        delivery.attempts = 3;
        delivery.setbacks = 2;
        delivery.doubts = 1;
        delivery.next_at = start + 5s;
        delivery.in_flight = true;
        delivery.needs_person = true;
        delivery.result = 90;
        delivery.provider_txn = "42";
        delivery.comment = "не отвечает";
        require(outbox.store().write(
            [&](Transaction& transaction) { return save(transaction, stored); }));
        CHECK(outbox.find("000017001000000001").delivery == delivery);
    }

    TEST_CASE("payments of one account go one after the other, other accounts do not wait") {
        Outbox outbox;
        outbox.put(forwarding(1));
        outbox.put(forwarding(2));
        outbox.put(forwarding(3, "M003K005"));
        CHECK(
            outbox.due(start) ==
            std::vector<std::string>{"000017001000000001", "000017001000000003"});
        require(outbox.change("000017001000000001", sent));
        CHECK(outbox.due(start) == std::vector<std::string>{"000017001000000003"});
        require(outbox.change("000017001000000001", [](Delivery& delivery) {
            delivery.state = DeliveryState::Ok;
            delivery.in_flight = false;
        }));
        CHECK(
            outbox.due(start) ==
            std::vector<std::string>{"000017001000000002", "000017001000000003"});
    }

    TEST_CASE("a payment that waits for a person does not hold up the next of its account") {
        Outbox outbox;
        outbox.put(forwarding(1));
        outbox.put(forwarding(2));
        require(outbox.change("000017001000000001", [](Delivery& delivery) {
            sent(delivery);
            delivery.needs_person = true;
        }));
        CHECK(outbox.due(start) == std::vector<std::string>{"000017001000000002"});
    }

    TEST_CASE("due rows are counted out, the oldest first") {
        Outbox outbox;
        for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
            outbox.put(forwarding(sequence, ("A" + std::to_string(sequence)).c_str()));
        require(outbox.change(
            "000017001000000001", [](Delivery& delivery) { delivery.next_at = start + 1s; }));
        CHECK(
            outbox.due(start + 2s, 2) ==
            std::vector<std::string>{"000017001000000002", "000017001000000003"});
        CHECK(outbox.ask([](Reading const& reading) {
            return providers_with_due(reading, start);
        }) == std::vector<std::uint32_t>{1});
    }

    TEST_CASE("what was in flight at the end is found at the next start") {
        Outbox outbox;
        outbox.put(forwarding(1));
        outbox.put(forwarding(2, "M003K005"));
        require(outbox.change("000017001000000002", sent));
        CHECK(outbox.ask([](Reading const& reading) {
            return left_in_flight(reading);
        }) == std::vector<std::string>{"000017001000000002"});
    }

    TEST_CASE("the schema itself keeps a request for life and a final answer final") {
        Outbox outbox;
        outbox.put(forwarding(1));
        require(outbox.change("000017001000000001", sent));
        auto const kind = store::StoreError::Kind::Constraint;
        auto const other = outbox.change(
            "000017001000000001", [](Delivery& delivery) { delivery.request = "another pay"; });
        REQUIRE_FALSE(other);
        CHECK(other.error().kind == kind);
        require(outbox.change("000017001000000001", [](Delivery& delivery) {
            delivery.state = DeliveryState::Ok;
            delivery.in_flight = false;
        }));
        auto const reopened = outbox.change(
            "000017001000000001", [](Delivery& delivery) { delivery.state = DeliveryState::Sent; });
        REQUIRE_FALSE(reopened);
        CHECK(reopened.error().kind == kind);
    }

    TEST_CASE("the sum under way is what is sent and not final") {
        Outbox outbox;
        for (std::uint64_t sequence = 1; sequence <= 4; ++sequence)
            outbox.put(forwarding(sequence));
        require(outbox.change("000017001000000002", sent));
        require(outbox.change("000017001000000003", [](Delivery& delivery) {
            sent(delivery);
            delivery.state = DeliveryState::Unknown;
        }));
        require(outbox.change("000017001000000004", [](Delivery& delivery) {
            sent(delivery);
            delivery.state = DeliveryState::Ok;
            delivery.in_flight = false;
        }));
        CHECK(outbox.ask([](Reading const& reading) {
            return under_way(reading);
        }) == std::map<std::uint32_t, protocol::Money>{{1, rub(2L * 458'160)}});
        auto const counts =
            outbox.ask([](Reading const& reading) { return count_by_state(reading); });
        CHECK(counts.at(DeliveryState::New) == 1);
        CHECK(counts.at(DeliveryState::Unknown) == 1);
        CHECK(counts.at(DeliveryState::Refused) == 0);
    }

    TEST_CASE("a story keeps its beginning and its end, however long a provider is silent") {
        Outbox outbox;
        outbox.put(forwarding(1));
        std::int64_t const id = outbox.find("000017001000000001").id;
        for (int line = 1; line <= 300; ++line)
            require(outbox.store().write([&](Transaction& transaction) {
                return tell(transaction, id, "line " + std::to_string(line), start + line * 1s);
            }));
        auto const story = outbox.ask(
            [](Reading const& reading) { return story_of(reading, "000017001000000001"); });
        REQUIRE(story.size() == 200);
        CHECK(story.front().what == "accepted");
        CHECK(story[1].what == "line 1");
        CHECK(story.back().what == "line 300");
        CHECK(story.back().at == start + 300s);
    }

    TEST_CASE("lists are filtered and paged from the newest") {
        Outbox outbox;
        for (std::uint64_t sequence = 1; sequence <= 3; ++sequence)
            outbox.put(forwarding(sequence));
        require(outbox.change("000017001000000002", sent));
        auto const list = [&](DeliveryFilter const& filter) {
            std::vector<std::int64_t> ids;
            for (auto const& one : outbox.ask(
                     [&](Reading const& reading) { return list_deliveries(reading, filter); }))
                ids.push_back(one.id);
            return ids;
        };
        CHECK(list({}) == std::vector<std::int64_t>{3, 2, 1});
        DeliveryFilter filter;
        filter.state = DeliveryState::Sent;
        CHECK(list(filter) == std::vector<std::int64_t>{2});
        filter = {};
        filter.before = 3;
        filter.count_max = 1;
        CHECK(list(filter) == std::vector<std::int64_t>{2});
        filter = {};
        filter.only_for_person = true;
        CHECK(list(filter).empty());
    }
}
