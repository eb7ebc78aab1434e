#pragma once

#include <chrono>
#include <string>

#include "fleet-server/gateways/delivery.hpp"
#include "fleet-server/gateways/osmp/request.hpp"
#include "fleet-server/gateways/provider_client.hpp"

/// Between a delivery and the OSMP protocol: what to ask, and what an answer means for the money.
namespace fleet::gateways {

/// 14 digits of civil time in a zone: "20260116150000".
[[nodiscard]] std::string txn_date(Moment at, std::chrono::minutes zone);

[[nodiscard]] Result<std::string, osmp::RequestError> osmp_check(Delivery const& delivery);
[[nodiscard]] Result<std::string, osmp::RequestError> osmp_pay(
    Delivery const& delivery, std::string txn_date);

/// What was asked, as far as the answer must agree with it.
struct Question {
    osmp::Command command = osmp::Command::Check;
    std::string txn_id;
    Money sum = protocol::rub(0);
    std::string pay; ///< For a check: the request to send when the account can be paid.
};

/// The event for the delivery. Whatever is not a clear answer of the protocol is NotAnswered.
[[nodiscard]] DeliveryEvent osmp_event(
    Question const& question, Result<HttpAnswer, HttpFailure> const& answer);

} // namespace fleet::gateways
