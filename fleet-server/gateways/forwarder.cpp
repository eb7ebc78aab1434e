#include "fleet-server/gateways/forwarder.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/gateways/waiting.hpp"

namespace fleet::gateways {

namespace {

using store::Outcome;
using store::StoreError;
using Carried = Outcome<std::optional<Transition>>;

// Pending while the writer's queue is full; the disk is slow, so there is no hurry.
constexpr std::chrono::milliseconds queue_full_pause{50};

bool is_answer(DeliveryEvent const& event) {
    return !std::holds_alternative<Due>(event) && !std::holds_alternative<NotPossible>(event);
}

bool is_heard(DeliveryEvent const& event) {
    return std::holds_alternative<CheckAnswered>(event) ||
           std::holds_alternative<PayAnswered>(event);
}

} // namespace

Forwarder::Forwarder(ForwarderNeeds needs, ForwarderOptions options, std::uint32_t seed)
    : needs_{std::move(needs)}, options_{options}, lanes_{options.lanes}, chance_{seed} {}

void Forwarder::stop() {
    is_stopping_ = true;
    needs_.client.wake();
}

void Forwarder::wake() {
    needs_.client.wake();
}

Now Forwarder::now() {
    constexpr std::uint32_t permille = 1'000;
    return {needs_.clock(), static_cast<std::uint32_t>(chance_() % (permille + 1))};
}

Outcome<void> Forwarder::run() {
    TRY_VOID(recover());
    while (!is_stopping_) {
        TRY_VOID(look_for_due());
        TRY_VOID(carry_out_all());
        auto const longest = happenings_.empty() ? options_.look_every : queue_full_pause;
        for (Completion const& completion : needs_.client.wait(longest))
            hear(completion);
    }
    return carry_out_all(); // Answers that came with the order to stop.
}

Outcome<void> Forwarder::recover() {
    TRY(auto const left,
        needs_.reader.read([](store::Reading const& reading) { return left_in_flight(reading); }));
    for (std::string const& txn_id : left)
        happenings_.push_back({txn_id, Restarted{}, 0});
    return carry_out_all();
}

Outcome<void> Forwarder::take_up() {
    constexpr std::size_t at_once = 500;
    for (;;) {
        TRY(auto const waiting, needs_.reader.read([](store::Reading const& reading) {
            return count_waiting(reading);
        }));
        if (waiting == 0)
            return {};
        auto const taken = needs_.writer.write(
            [](store::Transaction& transaction) { return take_up_waiting(transaction, at_once); });
        if (taken)
            continue;
        if (auto const failure = needs_.writer.failure())
            return protocol::fail(*failure);
        if (taken.error().kind != StoreError::Kind::QueueFull)
            needs_.on_trouble("accepted payments are not taken up: " + to_string(taken.error()));
        return {}; // They are found again at the next look.
    }
}

Outcome<void> Forwarder::look_for_due() {
    TRY_VOID(take_up());
    UtcTime const at = needs_.clock();
    return needs_.reader.read([&](store::Reading const& reading) -> Outcome<void> {
        TRY(auto const providers, providers_with_due(reading, at));
        for (std::uint32_t const provider : providers) {
            // What was answered and is not durable yet may be about to send its `pay`.
            auto const waiting = static_cast<std::size_t>(std::count_if(
                happenings_.begin(), happenings_.end(), [provider](Happening const& one) {
                    return one.provider == provider;
                }));
            std::size_t const room = lanes_.room(provider, at);
            if (room <= waiting)
                continue;
            TRY(auto const due, due_deliveries(reading, provider, at, room - waiting));
            TRY(auto const found, catalog::find_provider(reading, provider));
            std::string& address = addresses_[provider];
            address = found ? found->osmp_url : "";
            for (StoredDelivery const& stored : due)
                happenings_.push_back(begin(stored.delivery, address));
        }
        return {};
    });
}

Forwarder::Happening Forwarder::begin(Delivery const& delivery, std::string const& address) {
    Happening happening{delivery.txn_id, Due{}, delivery.provider};
    auto check = osmp_check(delivery);
    if (address.empty())
        happening.event = NotPossible{"the provider has no OSMP address"};
    else if (!check)
        happening.event = NotPossible{std::string{osmp::to_string(check.error())}};
    else
        happening.event = Due{std::move(*check)};
    return happening;
}

Outcome<void> Forwarder::carry_out_all() {
    Now const at = now();
    std::vector<Happening> const batch = std::exchange(happenings_, {});
    std::vector<std::future<Carried>> carried;
    for (Happening const& happening : batch) {
        auto promise = std::make_shared<std::promise<Carried>>();
        carried.push_back(promise->get_future());
        // `batch` and `this` outlive the job: every future is waited for below.
        auto const taken = needs_.writer.submit(
            [this, &happening, at](store::Transaction& transaction) {
                return carry_out(
                    transaction,
                    happening.txn_id,
                    happening.event,
                    at,
                    options_.delivery,
                    needs_.on_refused);
            },
            [promise](Carried answer) { promise->set_value(std::move(answer)); });
        if (!taken)
            promise->set_value(protocol::fail(taken.error()));
    }
    std::vector<Carried> outcomes;
    outcomes.reserve(carried.size());
    for (auto& one : carried)
        outcomes.push_back(one.get());
    for (std::size_t index = 0; index < batch.size(); ++index) {
        Happening const& happening = batch[index];
        Carried const& outcome = outcomes[index];
        if (outcome && *outcome) {
            send(**outcome);
        } else if (outcome) {
            needs_.on_trouble(happening.txn_id + ": an event out of place was left aside");
        } else if (outcome.error().kind == StoreError::Kind::QueueFull) {
            if (is_answer(happening.event)) // What was due is found again.
                happenings_.push_back(happening);
        } else if (auto const failure = needs_.writer.failure()) {
            return protocol::fail(*failure);
        } else {
            std::string const reason = "the books refuse it: " + to_string(outcome.error());
            needs_.on_trouble(happening.txn_id + ": " + reason);
            if (!std::holds_alternative<NotPossible>(happening.event))
                happenings_.push_back({happening.txn_id, NotPossible{reason}, happening.provider});
        }
    }
    return {};
}

void Forwarder::send(Transition const& transition) {
    Delivery const& delivery = transition.delivery;
    if (!transition.check && !transition.pay)
        return;
    Question question{
        .command = transition.pay ? osmp::Command::Pay : osmp::Command::Check,
        .txn_id = delivery.txn_id,
        .sum = delivery.sum,
        .pay = {}};
    if (transition.check) {
        UtcTime const at = needs_.clock();
        // What could be written as a check can be written as a pay.
        question.pay = osmp_pay(delivery, txn_date(at, needs_.zone(at))).value_or("");
    }
    std::string const& query = transition.pay ? transition.pay->request : transition.check->request;
    Ticket const ticket = ++last_ticket_;
    in_flight_.emplace(ticket, InFlight{std::move(question), delivery.provider});
    lanes_.started(delivery.provider);
    needs_.client.start(ticket, osmp::compose_url(addresses_[delivery.provider], query));
}

void Forwarder::hear(Completion const& completion) {
    auto const found = in_flight_.find(completion.ticket);
    if (found == in_flight_.end())
        return;
    InFlight const answered = std::move(found->second);
    in_flight_.erase(found);
    Happening happening{
        answered.question.txn_id,
        osmp_event(answered.question, completion.answer),
        answered.provider};
    auto const ending = is_heard(happening.event) ? Ending::Heard : Ending::Silent;
    lanes_.finished(answered.provider, ending, now());
    happenings_.push_back(std::move(happening));
}

} // namespace fleet::gateways
