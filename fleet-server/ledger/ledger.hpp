#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fleet-server/ledger/chart.hpp"
#include "fleet-server/store/reading.hpp"

/// Double-entry books, append-only. Money moves by transfers, each of one amount from one account
/// to another; the transfers of one business event are one entry, all or none. Nothing is ever
/// changed or deleted: a mistake is followed by its opposite. Each commit is a link of a hash
/// chain.
///
/// An entry is one row, its legs packed into bytes; counters are kept in memory and written once a
/// commit. What is posted is seen at once by the same transaction.
namespace fleet::ledger {

using protocol::Money;
using Hash = std::array<std::uint8_t, 32>;
/// Of an entry: dense from 1. The order of everything that happened to money.
using Sequence = std::int64_t;
using TransferId = std::int64_t;

/// The names of entries' kinds, so that those who post and those who count agree.
namespace entry {
inline constexpr std::string_view payment = "payment";       ///< reference: txn_id
inline constexpr std::string_view unassigned = "unassigned"; ///< reference: txn_id of the record
inline constexpr std::string_view forward = "forward"; ///< the hold at send; reference: txn_id
inline constexpr std::string_view confirmation =
    "confirm";                                         ///< the provider's OK; reference: txn_id
inline constexpr std::string_view refusal = "refusal"; ///< its final no; reference: txn_id
} // namespace entry

/// debit += amount, credit += amount, at once.
struct Post {
    std::string debit;
    std::string credit;
    Money amount;
    friend bool operator==(Post const&, Post const&) = default;
};
/// The same, only promised: counts in the pending counters until it is settled or released.
struct Hold {
    std::string debit;
    std::string credit;
    Money amount;
    friend bool operator==(Hold const&, Hold const&) = default;
};
/// The promise is kept: its amount goes from pending to posted. Once for a hold.
struct SettleHold {
    TransferId hold = 0;
    friend bool operator==(SettleHold const&, SettleHold const&) = default;
};
/// The promise is off: its amount leaves pending. Once for a hold.
struct ReleaseHold {
    TransferId hold = 0;
    friend bool operator==(ReleaseHold const&, ReleaseHold const&) = default;
};
using Leg = std::variant<Post, Hold, SettleHold, ReleaseHold>;

struct Entry {
    std::string kind;      ///< See `entry`; with `reference` it may be posted once, ever.
    std::string reference; ///< What it is about: a txn_id.
    std::optional<Sequence> reverses;
    std::vector<Leg> legs; ///< In this order; an account's limit holds after each of them.
};

/// Legs of one entry: a payment has at most 2 x 16 receivers + fee + change.
inline constexpr std::size_t legs_max = 64;

enum class PostError : std::uint8_t {
    NoLegs,
    TooManyLegs,
    NameMalformed, ///< Kind or reference empty or over 100 bytes.
    AlreadyPosted, ///< An entry of this kind and reference is in the books.
    ReversesUnknown,
    AmountOutOfRange, ///< Not positive, or above amount_minor_max.
    SameAccount,      ///< Debit and credit are one.
    UnknownAccount,
    AccountClosed,
    CurrencyMixed,   ///< The amount's currency is not the account's.
    WouldGoNegative, ///< The account may not.
    CounterOverflow,
    HoldUnknown,
    HoldResolved,
};
[[nodiscard]] std::string_view name(PostError error);

/// Which leg (from 0) was refused and why; leg 0 for what concerns the whole entry.
struct PostRefusal {
    PostError error = PostError::NoLegs;
    std::size_t leg = 0;
    friend bool operator==(PostRefusal const&, PostRefusal const&) = default;
};

struct Posted {
    Sequence sequence = 0;
    UtcTime at; ///< max(now, the last entry's time + 1 µs), to the millisecond below.
    std::vector<TransferId> transfers; ///< One a leg.
};

/// Opens the account as the chart says; nothing when it is open already. False: the chart does not
/// know such a name.
[[nodiscard]] store::Outcome<bool> open_account(
    store::Transaction& transaction, std::string_view name);
/// Nothing can be posted to a closed account. False when there is no such account.
[[nodiscard]] store::Outcome<bool> close_account(
    store::Transaction& transaction, std::string_view name);

/// All legs or none; a refusal leaves every byte of the books as it was.
[[nodiscard]] store::Outcome<protocol::Result<Posted, PostRefusal>> post(
    store::Transaction& transaction, Entry const& entry, UtcTime now);

/// The transfers of an entry, in the order of its legs; empty when there is none. How a gateway
/// finds the hold of a txn_id again.
[[nodiscard]] store::Outcome<std::vector<TransferId>> transfers_of(
    store::Reading const& reading, std::string_view kind, std::string_view reference);

/// The last entry, and the chain's last link: on the writing side, the link before the commit under
/// way. {0, zeros} for empty books.
struct Head {
    Sequence sequence = 0;
    Hash hash{};
    UtcTime at;
};
[[nodiscard]] store::Outcome<Head> head(store::Reading const& reading);
/// The link that ends at the entry or before it.
[[nodiscard]] store::Outcome<Hash> hash_at(store::Reading const& reading, Sequence sequence);
/// Ends the link of the commit under way here: for who wants the hash of exactly what is posted now
/// (a register's cut).
[[nodiscard]] store::Outcome<void> seal(store::Transaction& transaction);

} // namespace fleet::ledger
