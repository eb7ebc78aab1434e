#include "fleet-server/gateways/outbox.hpp"

#include <algorithm>
#include <iterator>

#include "fleet-server/gateways/waiting.hpp"

namespace fleet::gateways {

namespace {

using protocol::fail;
using store::Outcome;
using store::Reading;
using store::StoreError;
using store::Transaction;

constexpr std::size_t list_max = 1'000;
// Three requests a line of check, pay and answer; enough to see how a week of silence began.
constexpr std::int64_t story_lines_max = 200;

constexpr std::string_view columns =
    "id, txn_id, provider, account, sum, payable, enqueued_at, state, request, attempts, setbacks, "
    "doubts, next_at, in_flight, needs_person, result, provider_txn, comment";

std::string select(std::string_view rest) {
    return "SELECT " + std::string{columns} + " FROM outbox o " + std::string{rest};
}

DeliveryState state_from(std::uint8_t number) {
    return static_cast<DeliveryState>(number); // The schema holds it between 0 and 4.
}

template <class Visit>
Outcome<void> each_row(
    Reading const& reading, std::string const& sql, store::Values values, Visit visit) {
    return reading.each<
        std::int64_t,
        std::string,
        std::uint32_t,
        std::string,
        Money,
        Money,
        UtcTime,
        std::uint8_t,
        std::string,
        std::uint32_t,
        std::uint32_t,
        std::uint32_t,
        UtcTime,
        bool,
        bool,
        std::int32_t,
        std::string,
        std::string>(
        sql,
        values,
        [&visit](
            std::int64_t id,
            std::string txn_id,
            std::uint32_t provider,
            std::string account,
            Money sum,
            Money payable,
            UtcTime enqueued_at,
            std::uint8_t state,
            std::string request,
            std::uint32_t attempts,
            std::uint32_t setbacks,
            std::uint32_t doubts,
            UtcTime next_at,
            bool in_flight,
            bool needs_person,
            std::int32_t result,
            std::string provider_txn,
            std::string comment) {
            visit(StoredDelivery{
                .id = id,
                .delivery =
                    {.txn_id = std::move(txn_id),
                     .provider = provider,
                     .account = std::move(account),
                     .sum = sum,
                     .enqueued_at = enqueued_at,
                     .state = state_from(state),
                     .request = std::move(request),
                     .attempts = attempts,
                     .setbacks = setbacks,
                     .doubts = doubts,
                     .next_at = next_at,
                     .in_flight = in_flight,
                     .needs_person = needs_person,
                     .result = result,
                     .provider_txn = std::move(provider_txn),
                     .comment = std::move(comment)},
                .payable = payable});
        });
}

Outcome<std::vector<StoredDelivery>> all_rows(
    Reading const& reading, std::string const& sql, store::Values values) {
    std::vector<StoredDelivery> rows;
    TRY_VOID(each_row(reading, sql, values, [&rows](StoredDelivery stored) {
        rows.push_back(std::move(stored));
    }));
    return rows;
}

/// What is not taken up yet, as it will be; the oldest first.
Outcome<std::vector<StoredDelivery>> waiting_deliveries(Reading const& reading) {
    std::vector<StoredDelivery> found;
    TRY(auto const forwardings, waiting_forwardings(reading));
    TRY(auto const last, reading.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM outbox"));
    std::int64_t id = last.value_or(0);
    for (Forwarding const& one : forwardings) {
        StoredDelivery stored;
        stored.id = ++id;
        stored.payable = one.payable;
        stored.delivery.txn_id = one.txn_id;
        stored.delivery.provider = one.provider;
        stored.delivery.account = one.account;
        stored.delivery.sum = one.sum;
        stored.delivery.enqueued_at = from_ms(one.accepted_at_ms);
        stored.delivery.next_at = stored.delivery.enqueued_at;
        found.push_back(std::move(stored));
    }
    return found;
}

bool matches(StoredDelivery const& stored, DeliveryFilter const& filter) {
    return !filter.only_for_person && (!filter.state || *filter.state == stored.delivery.state) &&
           (filter.before == 0 || stored.id < filter.before);
}

} // namespace

Outcome<void> put_into_outbox(Transaction& transaction, Forwarding const& forwarding) {
    TRY(std::int64_t const id,
        transaction.insert(
            "INSERT INTO outbox (txn_id, provider, account, sum, payable, enqueued_at, next_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            {forwarding.txn_id,
             forwarding.provider,
             forwarding.account,
             forwarding.sum,
             forwarding.payable,
             forwarding.accepted_at_ms,
             forwarding.accepted_at_ms}));
    return tell(transaction, id, "accepted", from_ms(forwarding.accepted_at_ms));
}

Outcome<std::optional<StoredDelivery>> find_delivery(
    Reading const& reading, std::string_view txn_id) {
    TRY(auto rows, all_rows(reading, select("WHERE txn_id = ?"), {txn_id}));
    if (!rows.empty())
        return std::optional{std::move(rows.front())};
    TRY(auto waiting, waiting_deliveries(reading));
    for (StoredDelivery& stored : waiting)
        if (stored.delivery.txn_id == txn_id)
            return std::optional{std::move(stored)};
    return std::optional<StoredDelivery>{};
}

Outcome<std::vector<StoredDelivery>> due_deliveries(
    Reading const& reading, std::uint32_t provider, UtcTime now, std::size_t count_max) {
    return all_rows(
        reading,
        select(
            "WHERE o.state < 3 AND o.in_flight = 0 AND o.provider = ? AND o.next_at <= ? "
            "AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.state < 3 AND e.provider = o.provider "
            "AND e.account = o.account AND e.id < o.id AND e.needs_person = 0) "
            "ORDER BY o.next_at, o.id LIMIT ?"),
        {provider, now, std::min(count_max, list_max)});
}

Outcome<std::vector<std::uint32_t>> providers_with_due(Reading const& reading, UtcTime now) {
    TRY(auto const rows,
        reading.all<std::uint32_t>(
            "SELECT DISTINCT provider FROM outbox WHERE state < 3 AND in_flight = 0 AND next_at <= "
            "? "
            "ORDER BY provider",
            {now}));
    std::vector<std::uint32_t> providers;
    providers.reserve(rows.size());
    for (auto const& [provider] : rows)
        providers.push_back(provider);
    return providers;
}

Outcome<std::vector<std::string>> left_in_flight(Reading const& reading) {
    TRY(auto const rows,
        reading.all<std::string>("SELECT txn_id FROM outbox WHERE in_flight = 1 ORDER BY id"));
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    for (auto const& [txn_id] : rows)
        ids.push_back(txn_id);
    return ids;
}

Outcome<void> save(Transaction& transaction, StoredDelivery const& stored) {
    Delivery const& delivery = stored.delivery;
    TRY(std::int64_t const changed,
        transaction.execute(
            "UPDATE outbox SET state = ?, request = ?, attempts = ?, setbacks = ?, doubts = ?, "
            "next_at = ?, in_flight = ?, needs_person = ?, result = ?, provider_txn = ?, comment = "
            "? "
            "WHERE id = ?",
            {static_cast<std::int64_t>(delivery.state),
             delivery.request,
             delivery.attempts,
             delivery.setbacks,
             delivery.doubts,
             delivery.next_at,
             delivery.in_flight,
             delivery.needs_person,
             delivery.result,
             delivery.provider_txn,
             delivery.comment,
             stored.id}));
    if (changed != 1)
        return fail(StoreError{StoreError::Kind::Shape, "there is no outbox row to save"});
    return {};
}

Outcome<void> tell(Transaction& transaction, std::int64_t id, std::string_view what, UtcTime now) {
    TRY(auto const lines,
        transaction.value<std::int64_t>(
            "SELECT count(*) FROM outbox_story WHERE outbox = ?", {id}));
    if (lines.value_or(0) < story_lines_max) {
        TRY_VOID(transaction.insert(
            "INSERT INTO outbox_story (outbox, at, what) VALUES (?, ?, ?)", {id, now, what}));
        return {};
    }
    // The last line is written over: it says what is the case, the first ones how it began.
    TRY_VOID(transaction.execute(
        "UPDATE outbox_story SET at = ?, what = ? "
        "WHERE id = (SELECT max(id) FROM outbox_story WHERE outbox = ?)",
        {now, what, id}));
    return {};
}

Outcome<std::vector<StoryLine>> story_of(Reading const& reading, std::string_view txn_id) {
    TRY(auto const rows,
        reading.all<UtcTime, std::string>(
            "SELECT s.at, s.what FROM outbox_story s JOIN outbox o ON o.id = s.outbox "
            "WHERE o.txn_id = ? ORDER BY s.id",
            {txn_id}));
    std::vector<StoryLine> story;
    story.reserve(rows.size());
    for (auto const& [at, what] : rows)
        story.push_back({at, what});
    if (!story.empty())
        return story;
    TRY(auto const delivery, find_delivery(reading, txn_id));
    if (delivery) // Accepted, and not taken up yet.
        story.push_back({delivery->delivery.enqueued_at, "accepted"});
    return story;
}

Outcome<std::vector<StoredDelivery>> list_deliveries(
    Reading const& reading, DeliveryFilter const& filter) {
    std::int64_t const state = filter.state ? static_cast<std::int64_t>(*filter.state) : -1;
    std::size_t const count = std::min(filter.count_max, list_max);
    std::vector<StoredDelivery> found;
    TRY(auto waiting, waiting_deliveries(reading));
    for (auto stored = waiting.rbegin(); stored != waiting.rend() && found.size() < count; ++stored)
        if (matches(*stored, filter))
            found.push_back(std::move(*stored));
    TRY(auto rows,
        all_rows(
            reading,
            select("WHERE (?1 < 0 OR o.state = ?1) AND (?2 = 0 OR o.needs_person = 1) "
                   "AND (?3 = 0 OR o.id < ?3) ORDER BY o.id DESC LIMIT ?4"),
            {state, filter.only_for_person, filter.before, count - found.size()}));
    std::move(rows.begin(), rows.end(), std::back_inserter(found));
    return found;
}

Outcome<std::map<DeliveryState, std::int64_t>> count_by_state(Reading const& reading) {
    std::map<DeliveryState, std::int64_t> counts;
    for (auto const state :
         {DeliveryState::New,
          DeliveryState::Sent,
          DeliveryState::Unknown,
          DeliveryState::Ok,
          DeliveryState::Refused})
        counts[state] = 0;
    TRY_VOID(reading.each<std::uint8_t, std::int64_t>(
        "SELECT state, count(*) FROM outbox GROUP BY state",
        {},
        [&counts](std::uint8_t state, std::int64_t count) { counts[state_from(state)] = count; }));
    TRY(auto const waiting, count_waiting(reading));
    counts[DeliveryState::New] += waiting;
    return counts;
}

Outcome<std::map<std::uint32_t, Money>> under_way(Reading const& reading) {
    std::map<std::uint32_t, Money> sums;
    TRY_VOID(reading.each<std::uint32_t, Money>(
        "SELECT provider, sum(payable) FROM outbox WHERE state IN (1, 2) AND payable > 0 "
        "GROUP BY provider",
        {},
        [&sums](std::uint32_t provider, Money sum) { sums.emplace(provider, sum); }));
    return sums;
}

} // namespace fleet::gateways
