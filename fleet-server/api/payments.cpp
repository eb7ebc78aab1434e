#include "fleet-server/api/handlers.hpp"
#include "fleet-server/api/shapes.hpp"

namespace fleet::api {

namespace {

using protocol::fail;
using store::Reading;

constexpr std::int64_t list_max = 1'000;
constexpr auto number_max = std::numeric_limits<std::int64_t>::max();

struct PaymentNumber {
    std::uint32_t kiosk = 0;
    std::uint64_t sequence = 0;
};

// "17-4", as a receipt prints it.
Outcome<PaymentNumber> read_payment_number(std::string const& text) {
    std::size_t const dash = text.find('-');
    auto const kiosk = read_number(std::string_view{text}.substr(0, dash));
    auto const sequence = dash == std::string::npos
                              ? std::nullopt
                              : read_number(std::string_view{text}.substr(dash + 1));
    if (!kiosk || !sequence || *kiosk < 1 || *kiosk > catalog::kiosk_number_max || *sequence < 1)
        return fail(refusal(
            Status::BadRequest,
            Complaint{
                "payment " + text,
                "that is not a payment's number",
                "write it as the receipt does: KIOSK-SEQUENCE, for example 17-4"}));
    return PaymentNumber{static_cast<std::uint32_t>(*kiosk), static_cast<std::uint64_t>(*sequence)};
}

Outcome<std::optional<gateways::DeliveryState>> read_state(std::string const& text) {
    using gateways::DeliveryState;
    if (text.empty())
        return std::nullopt;
    for (auto const state :
         {DeliveryState::New,
          DeliveryState::Sent,
          DeliveryState::Unknown,
          DeliveryState::Ok,
          DeliveryState::Refused})
        if (gateways::to_string(state) == text)
            return state;
    return fail(refusal(
        Status::BadRequest,
        Complaint{
            "parameter state",
            "'" + text + "' is not a state",
            "write NEW, SENT, UNKNOWN, OK or REFUSED"}));
}

} // namespace

Reply list_payments(Context const& context, Request const& request) {
    intake::PaymentFilter filter;
    TRY(auto const kiosk, request.number_or("kiosk", 1, catalog::kiosk_number_max, 0));
    TRY(auto const provider,
        request.number_or("provider", 1, std::numeric_limits<std::uint32_t>::max(), 0));
    TRY(auto const before, request.number_or("before", 1, number_max, 0));
    TRY(auto const count, request.number_or("count", 1, list_max, 100));
    if (kiosk > 0)
        filter.kiosk = static_cast<std::uint32_t>(kiosk);
    if (provider > 0)
        filter.provider = static_cast<std::uint32_t>(provider);
    filter.account = request.query_or("account", "");
    filter.before = before;
    filter.count_max = static_cast<std::size_t>(count);
    TRY(auto const payments, context.read([&](Reading const& reading) {
        return intake::list_payments(reading, filter);
    }));
    return json{{"payments", shapes(payments)}};
}

Reply show_payment(Context const& context, Request const& request) {
    TRY(PaymentNumber const number, read_payment_number(request.name("payment")));
    auto answer = context.read([&](Reading const& reading) -> store::Outcome<Reply> {
        TRY(auto const payment, intake::find_payment(reading, number.kiosk, number.sequence));
        if (!payment)
            return Reply{fail(refusal(
                Status::NotFound,
                Complaint{
                    "payment " + request.name("payment"),
                    "it has not arrived here",
                    "see whether its kiosk's link is up: fleetctl kiosk list"}))};
        TRY(auto const legs, ledger::history_of(reading, payment->txn_id));
        TRY(auto const delivery, gateways::find_delivery(reading, payment->txn_id));
        TRY(auto const story, gateways::story_of(reading, payment->txn_id));
        json shown = shape(*payment);
        shown["legs"] = shapes(legs);
        shown["forwarding"] = delivery ? shape(*delivery) : json(nullptr);
        shown["story"] = shapes(story);
        return Reply{std::move(shown)};
    });
    if (!answer)
        return fail(answer.error());
    return std::move(*answer);
}

Reply list_outbox(Context const& context, Request const& request) {
    gateways::DeliveryFilter filter;
    TRY(filter.state, read_state(request.query_or("state", "")));
    TRY(filter.before, request.number_or("before", 1, number_max, 0));
    TRY(auto const count, request.number_or("count", 1, list_max, 100));
    TRY(auto const person, request.number_or("needs_person", 0, 1, 0));
    filter.count_max = static_cast<std::size_t>(count);
    filter.only_for_person = person != 0;
    TRY(auto const deliveries, context.read([&](Reading const& reading) {
        return gateways::list_deliveries(reading, filter);
    }));
    return json{{"deliveries", shapes(deliveries)}};
}

Reply list_discrepancies(Context const& context, Request const& request) {
    TRY(auto const after, request.number_or("after", 0, number_max, 0));
    TRY(auto const count, request.number_or("count", 1, list_max, 100));
    TRY(auto const found, context.read([&](Reading const& reading) {
        return intake::discrepancies(reading, after, static_cast<std::size_t>(count));
    }));
    return json{{"discrepancies", shapes(found)}};
}

} // namespace fleet::api
