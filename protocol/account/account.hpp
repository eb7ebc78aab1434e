#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

/// A resident's account number at a provider. People and scanners write the same account with Latin
/// and with Cyrillic letters; both must reach one account, and what was written is kept.
namespace protocol::account {

enum class MaskError : std::uint8_t { Empty, TooLong, UnknownSymbol };
enum class AccountError : std::uint8_t { Empty, TooLong, NotText, MaskMismatch };

/// The shape of a provider's accounts, one symbol a character:
///   `A` a letter with a Latin look-alike (ABCEHKMOPTXY), stored Latin;
///   `Я` any Cyrillic letter, stored Cyrillic unless it has a Latin look-alike... see the .cpp;
///   `9` a digit (a letter O standing where a digit must be is read as 0);
///   `*` at the end: anything up to 32 characters; any other symbol stands for itself.
/// "A999A999" is ООО Юнисервис: М003К006.
class Mask {
public:
    [[nodiscard]] static Result<Mask, MaskError> parse(std::string_view text);
    [[nodiscard]] std::string const& text() const { return text_; }

private:
    explicit Mask(std::string text) : text_{std::move(text)} {}
    std::string text_;
};

struct AccountNumber {
    std::string canonical; ///< "M003K006", Latin where a look-alike exists: the key everywhere.
    std::string typed;     ///< UTF-8, exactly as it was read: printed and shown.
    friend bool operator==(AccountNumber const&, AccountNumber const&) = default;
};

/// Upper case, no spaces or dashes at the ends, look-alikes folded, then checked against the mask.
[[nodiscard]] Result<AccountNumber, AccountError> read_account(
    Mask const& mask, std::string_view typed);

/// Folding alone, for providers whose mask is not known yet.
[[nodiscard]] Result<AccountNumber, AccountError> fold_account(std::string_view typed);

} // namespace protocol::account
