#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

/// A resident's account number at a provider. People and scanners write the same account with Latin
/// and with Cyrillic letters; both must reach one account, and what was written is kept.
namespace protocol::account {

enum class MaskError : std::uint8_t {
    Empty,
    TooLong,       ///< More than account_characters_max symbols.
    UnknownSymbol, ///< Neither a symbol of the mask language nor a letter, a digit, - . / or _.
    MisplacedStar, ///< `*` is the last symbol or none.
};

enum class AccountError : std::uint8_t {
    Empty,
    TooLong,      ///< More than account_characters_max characters, or typed_bytes_max bytes.
    NotText,      ///< Not UTF-8, or a character that no account has.
    MaskMismatch, ///< Not of the shape that this provider's accounts have.
};

/// The longest account we store. Real ones have 6 to 20 characters.
inline constexpr std::size_t account_characters_max = 32;
/// The longest text we look at: the same account with every blank that people put in.
inline constexpr std::size_t typed_bytes_max = 256;

/// The shape of a provider's accounts, one symbol a character:
///
///   A   a letter, Latin or Cyrillic
///   9   a digit; a letter O, Latin or Cyrillic, standing here is read as 0
///   #   a letter or a digit
///   *   at the end: any letters, digits, - . / _, or nothing
///   \   the next symbol stands for itself: \A is the letter A
///
/// Any other letter or digit, and - . / _, stands for itself. Blanks do not count. Small letters
/// are capitals, and look-alikes are folded in the mask too: it does not matter in which script
/// "A999A999" is written. That is the mask of ООО Юнисервис: М003К006, L411Г001.
class Mask {
public:
    [[nodiscard]] static Result<Mask, MaskError> parse(std::string_view text);
    [[nodiscard]] std::string const& text() const { return text_; }

    /// Does a folded account have this shape? Gives it back with the letters O that stand for
    /// digits replaced, or AccountError::MaskMismatch.
    [[nodiscard]] Result<std::string, AccountError> apply(std::string_view folded) const;

private:
    enum class Kind : std::uint8_t { Letter, Digit, LetterOrDigit, Rest, Itself };
    struct Symbol {
        Kind kind;
        char32_t itself;
    };
    Mask(std::string text, std::vector<Symbol> symbols)
        : text_{std::move(text)}, symbols_{std::move(symbols)} {}
    [[nodiscard]] static Symbol symbol_of(char32_t character);

    std::string text_;
    std::vector<Symbol> symbols_;
};

struct AccountNumber {
    std::string canonical; ///< "M003K006", Latin where a look-alike exists: the key everywhere.
    std::string typed;     ///< UTF-8, exactly as it was read: printed and shown.
    friend bool operator==(AccountNumber const&, AccountNumber const&) = default;
};

/// Folds what was typed and checks it against the provider's mask.
[[nodiscard]] Result<AccountNumber, AccountError> read_account(
    Mask const& mask, std::string_view typed);

/// Folding alone, for providers whose mask is not known yet: capitals; no blanks and no invisible
/// characters; every kind of dash is '-', none at the ends; and the twelve Cyrillic letters that
/// look like Latin ones (А В С Е Н К М О Р Т Х У) are Latin. Folding what is folded changes
/// nothing.
[[nodiscard]] Result<AccountNumber, AccountError> fold_account(std::string_view typed);

} // namespace protocol::account
