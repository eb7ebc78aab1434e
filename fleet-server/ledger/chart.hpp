#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The chart of accounts: every account's name says what it is, so that nobody has to remember.
namespace fleet::ledger {

enum class Kind : std::uint8_t { Asset, Liability, Income, Expense };

/// Whether an account may fall below nothing. A drawer, a debt of ours and money without an owner
/// may not: that would be money invented.
enum class Overdraft : std::uint8_t { Refused, Allowed };

struct AccountRule {
    Kind kind = Kind::Asset;
    Overdraft overdraft = Overdraft::Refused;
    friend bool operator==(AccountRule const&, AccountRule const&) = default;
};

/// By the name's beginning; nullopt for a name that is not in the chart or is not well formed
/// (segments of printable text, at most 200 bytes in all).
[[nodiscard]] std::optional<AccountRule> rule_of(std::string_view account);

/// Notes in the kiosk's main stacker: "cash.kiosk.17.main".
[[nodiscard]] std::string cash_of(std::uint32_t kiosk);
/// What we owe a receiver: "payable.1", 1 being the provider's number.
[[nodiscard]] std::string payable_of(std::uint32_t provider);
/// Sent to the provider, not confirmed: "inflight.1". Only pending amounts ever stand here.
[[nodiscard]] std::string inflight_of(std::uint32_t provider);
/// Commission taken from the payer.
[[nodiscard]] std::string fee_external();
/// Commission withheld from a receiver: "fee.internal.1".
[[nodiscard]] std::string fee_internal_of(std::uint32_t provider);
/// What a payer left with us beyond a payment: "change.payer.1.M003K006".
[[nodiscard]] std::string change_of(std::uint32_t provider, std::string_view account);
/// Money whose owner or purpose is not known yet.
[[nodiscard]] std::string suspense();

} // namespace fleet::ledger
