#include "fleet-server/gateways/osmp_gateway.hpp"

#include <cstdio>

#include "fleet-server/gateways/osmp/reply.hpp"

namespace fleet::gateways {

namespace {

constexpr int http_ok = 200;

osmp::Request request_of(Delivery const& delivery, osmp::Command command) {
    return {
        .command = command,
        .txn_id = delivery.txn_id,
        .account = delivery.account,
        .sum = delivery.sum,
        .txn_date = {}};
}

Verdict verdict_of(osmp::Outcome outcome) {
    switch (outcome) {
    case osmp::Outcome::FinalOk: return Verdict::Accepted;
    case osmp::Outcome::FinalRefused: return Verdict::Refused;
    case osmp::Outcome::Retry: return Verdict::RepeatLater;
    case osmp::Outcome::Unknown: return Verdict::Unclear;
    }
    return Verdict::Unclear;
}

std::string padded(unsigned value, std::size_t digits) {
    std::string const text = std::to_string(value);
    return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

} // namespace

std::string txn_date(Moment at, std::chrono::minutes zone) {
    using namespace std::chrono;
    auto const local = at + zone;
    auto const midnight = floor<days>(local);
    year_month_day const date{midnight};
    hh_mm_ss const time{floor<seconds>(local - midnight)};
    return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) +
           padded(static_cast<unsigned>(date.month()), 2) +
           padded(static_cast<unsigned>(date.day()), 2) +
           padded(static_cast<unsigned>(time.hours().count()), 2) +
           padded(static_cast<unsigned>(time.minutes().count()), 2) +
           padded(static_cast<unsigned>(time.seconds().count()), 2);
}

Result<std::string, osmp::RequestError> osmp_check(Delivery const& delivery) {
    return osmp::encode(request_of(delivery, osmp::Command::Check));
}

Result<std::string, osmp::RequestError> osmp_pay(Delivery const& delivery, std::string date) {
    osmp::Request request = request_of(delivery, osmp::Command::Pay);
    request.txn_date = std::move(date);
    return osmp::encode(request);
}

DeliveryEvent osmp_event(Question const& question, Result<HttpAnswer, HttpFailure> const& answer) {
    if (!answer) {
        if (answer.error().kind == HttpFailure::Kind::Undelivered)
            return NotDelivered{answer.error().reason};
        return NotAnswered{answer.error().reason};
    }
    if (answer->status != http_ok)
        return NotAnswered{"HTTP status " + std::to_string(answer->status)};
    auto reply = osmp::decode_reply(answer->body, question.txn_id, question.sum);
    if (!reply)
        return NotAnswered{std::string{to_string(reply.error())}};
    Verdict const verdict = verdict_of(osmp::outcome_of(reply->result));
    std::string comment{osmp::meaning_of(reply->result)};
    if (!reply->comment.empty())
        comment += (comment.empty() ? "" : "; it says: ") + reply->comment;
    if (question.command == osmp::Command::Check)
        return CheckAnswered{verdict, reply->result, std::move(comment), question.pay};
    return PayAnswered{verdict, reply->result, std::move(reply->provider_txn), std::move(comment)};
}

} // namespace fleet::gateways
