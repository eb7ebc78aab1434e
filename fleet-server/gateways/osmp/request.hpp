#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// What the network asks of a provider by the OSMP (QIWI) provider protocol: one HTTP GET whose
/// query carries everything.
/// https://developer.qiwi.com/ru/qd-qiwi-provider-protocol
namespace fleet::gateways::osmp {

using protocol::Money;
using protocol::Result;

/// `check` asks whether the account can be paid and moves no money; `pay` credits it.
enum class Command : std::uint8_t { Check, Pay };

struct Request {
    Command command = Command::Check;
    std::string txn_id;  ///< Up to 20 digits; the same in check, pay and every repeat, for life.
    std::string account; ///< UTF-8, up to 200 characters.
    Money sum = protocol::rub(0);
    std::string txn_date; ///< YYYYMMDDHHMMSS, when our network accounted the payment; pay only.
    friend bool operator==(Request const&, Request const&) = default;
};

enum class RequestError : std::uint8_t {
    UnknownCommand,
    TxnIdNotANumber,   ///< Empty, longer than 20 digits, or not digits.
    AccountImpossible, ///< Empty or longer than 200 characters.
    SumImpossible,     ///< Not positive, not in roubles, or not written as 200.00.
    DateImpossible,    ///< Not 14 digits where there must be 14, or present in a check.
    ParameterMissing,
};

[[nodiscard]] std::string_view to_string(RequestError error);

/// "command=pay&txn_id=1234567&account=4957835959&sum=200.00&txn_date=20260116120000". Every byte
/// outside RFC 3986's unreserved set is escaped, so equal requests have equal bytes.
[[nodiscard]] Result<std::string, RequestError> encode(Request const& request);

/// The other end: the query without its leading `?`. Unknown parameters are left alone.
[[nodiscard]] Result<Request, RequestError> decode_request(std::string_view query);

/// Joins a provider's address and a query; the address may have parameters of its own.
[[nodiscard]] std::string compose_url(std::string_view address, std::string_view query);

/// Reads "4600", "4600.0" and "4600.00" alike: providers echo sums in their own way.
[[nodiscard]] Result<Money, RequestError> decode_sum(std::string_view text);

} // namespace fleet::gateways::osmp
