#include "fleet-server/api/handlers.hpp"
#include "fleet-server/api/shapes.hpp"
#include "fleet-server/intake/records.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::api {

namespace {

using gateways::DeliveryState;
using protocol::fail;
using protocol::to_decimal;
using store::Reading;

constexpr std::int64_t list_max = 1'000;
constexpr auto number_max = std::numeric_limits<std::int64_t>::max();

store::Outcome<ledger::Verification> verify_all(Reading const& reading) {
    TRY(auto records, intake::verify_records(reading));
    // What payments say of cash, and the outbox of money under way.
    auto expected = std::move(records.cash);
    TRY(auto const sums, gateways::under_way(reading));
    for (auto const& [provider, sum] : sums)
        expected.push_back(
            {ledger::inflight_of(provider),
             ledger::Expectation::Side::PendingCredit,
             sum,
             "outbox, sent and unknown"});
    TRY(auto verification, ledger::verify(reading, expected));
    if (records.difference) // Where the ledger differs as well, this is why.
        verification.difference = std::move(records.difference);
    if (verification.difference)
        return verification;
    TRY(auto const account, debts::first_difference(reading));
    if (account)
        verification.difference = ledger::Difference{
            "debt of " + *account, "the sum of its movements", "another balance"};
    return verification;
}

} // namespace

Reply show_trial_balance(Context const& context, Request const&) {
    TRY(auto const trial,
        context.read([](Reading const& reading) { return ledger::trial_balance(reading); }));
    return json{
        {"accounts", shapes(trial.accounts)},
        {"debits", to_decimal(trial.debits)},
        {"credits", to_decimal(trial.credits)},
        {"difference", to_decimal(trial.difference)},
    };
}

Reply verify_books(Context const& context, Request const&) {
    // Reads everything: with a reader of its own nobody waits for it.
    auto reader = context.store.open_reader();
    if (!reader)
        return fail(refusal(reader.error()));
    auto const outcome = reader->read(verify_all);
    if (!outcome)
        return fail(refusal(outcome.error()));
    return json{
        {"sound", !outcome->difference.has_value()},
        {"entries", outcome->entries},
        {"transfers", outcome->transfers},
        {"accounts", outcome->accounts},
        {"difference", outcome->difference ? shape(*outcome->difference) : json(nullptr)},
    };
}

Reply list_audit(Context const& context, Request const& request) {
    TRY(auto const before, request.number_or("before", 1, number_max, 0));
    TRY(auto const count, request.number_or("count", 1, list_max, 100));
    TRY(auto const lines,
        context.read([&](Reading const& reading) { return audit_lines(reading, before, count); }));
    return json{{"lines", shapes(lines)}};
}

store::Outcome<Metrics::Gauges> gauges(Reading const& reading, Context const& context) {
    TRY(auto const counts, gateways::count_by_state(reading));
    TRY(auto const trial, ledger::trial_balance(reading));
    TRY(auto const payments, intake::count_records(reading));
    return Metrics::Gauges{
        .payments = payments,
        .outbox_new = counts.at(DeliveryState::New),
        .outbox_sent = counts.at(DeliveryState::Sent),
        .outbox_unknown = counts.at(DeliveryState::Unknown),
        .outbox_ok = counts.at(DeliveryState::Ok),
        .outbox_refused = counts.at(DeliveryState::Refused),
        .kiosks_connected = static_cast<std::int64_t>(context.kiosks_connected()),
        .imbalance_kopecks = trial.difference.minor(),
        .writes_waiting = static_cast<std::int64_t>(context.writer.waiting()),
    };
}

Reply show_status(Context const& context, Request const&) {
    auto answer = context.read([&](Reading const& reading) -> store::Outcome<json> {
        TRY(auto const numbers, gauges(reading, context));
        TRY(auto const kiosks, catalog::all_kiosks(reading));
        TRY(auto const head, ledger::head(reading));
        std::int64_t quarantined = 0;
        for (catalog::Kiosk const& kiosk : kiosks)
            quarantined += kiosk.state == catalog::KioskState::Quarantined ? 1 : 0;
        TRY(auto const waiting,
            gateways::list_deliveries(
                reading, {.state = {}, .only_for_person = true, .before = 0, .count_max = 1'000}));
        return json{
            {"version", KIOSK_VERSION},
            {"time", iso(context.clock())},
            {"payments", numbers.payments},
            {"ledger",
             {{"entries", head.sequence},
              {"difference", to_decimal(protocol::rub(numbers.imbalance_kopecks))}}},
            {"kiosks",
             {{"known", kiosks.size()},
              {"connected", numbers.kiosks_connected},
              {"quarantined", quarantined}}},
            {"outbox",
             {{"NEW", numbers.outbox_new},
              {"SENT", numbers.outbox_sent},
              {"UNKNOWN", numbers.outbox_unknown},
              {"OK", numbers.outbox_ok},
              {"REFUSED", numbers.outbox_refused},
              {"for_person", waiting.size()}}},
            {"outbox_open", numbers.outbox_new + numbers.outbox_sent + numbers.outbox_unknown},
            {"writes_waiting", numbers.writes_waiting},
        };
    });
    if (!answer)
        return fail(answer.error());
    return std::move(*answer);
}

} // namespace fleet::api
