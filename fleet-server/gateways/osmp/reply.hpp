#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// What a provider answers by the OSMP protocol. Two dialects: `<response>` with `<osmp_txn_id>`,
/// and `<commandResponse>` with `<extTransactionID>`.
namespace fleet::gateways::osmp {

using protocol::Money;
using protocol::Result;

/// What a result code means for the money.
enum class Outcome : std::uint8_t {
    FinalOk,      ///< The provider has credited the account.
    FinalRefused, ///< It never will; the money needs a person.
    Retry,        ///< It says to ask again later, with the same transaction.
    Unknown,      ///< A code that the protocol does not have: nothing may be concluded.
};

[[nodiscard]] Outcome outcome_of(std::int32_t result);
/// In English, for the operator; empty for a code that the protocol does not have.
[[nodiscard]] std::string_view meaning_of(std::int32_t result);

struct Field {
    std::string name;
    std::string value;
    friend bool operator==(Field const&, Field const&) = default;
};

struct Reply {
    std::string txn_id;       ///< Ours, as the provider wrote it.
    std::string provider_txn; ///< The provider's own number of the payment; may be empty.
    std::optional<Money> sum;
    std::int32_t result = 0;
    std::string comment;       ///< The provider's text, valid UTF-8.
    std::vector<Field> fields; ///< Extra lines of a `check`, to be shown.
    friend bool operator==(Reply const&, Reply const&) = default;
};

/// Why an answer cannot be trusted. None of them says anything about the payment.
enum class ReplyError : std::uint8_t {
    TooLarge,
    NotXml,
    UnknownRoot,
    Ambiguous, ///< An element that must be alone is there twice.
    NoTransaction,
    OtherTransaction, ///< An answer to somebody else's question.
    NoResult,
    ResultNotANumber,
    OtherSum, ///< It accepted, but another sum than was asked.
    NumberTooLong,
};

[[nodiscard]] std::string_view to_string(ReplyError error);

/// A reply of a real provider has a few hundred bytes.
inline constexpr std::size_t reply_size_max = 65'536;

/// Reads the answer to the request `txn_id` over `sum`. The numbers must agree (leading zeros
/// aside: providers keep txn_id as a number); a missing sum is fine, another accepted sum is not.
[[nodiscard]] Result<Reply, ReplyError> decode_reply(
    std::string_view body, std::string_view txn_id, Money sum);

/// The provider's side, in the first dialect.
[[nodiscard]] std::string encode(Reply const& reply);

} // namespace fleet::gateways::osmp
