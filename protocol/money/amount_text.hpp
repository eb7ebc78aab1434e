#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// Amounts as people and other people's programs write them. No locale is asked and no floating
/// point is used: the digits are the amount.
namespace protocol {

enum class AmountTextError : std::uint8_t {
    Empty,
    NotANumber,      ///< Anything but a sign, digits, groups of three, one decimal mark.
    TooManyDecimals, ///< A third decimal, so that "1,234" cannot be read as either of two amounts.
    TooLarge,        ///< Above amount_minor_max.
};

/// Reads "4597.86", "39,76", "-352,74", " 1 234,50 ", "152.7", ".50", "100".
///
/// The decimal mark is a point or a comma, with one or two digits after it. Groups of exactly three
/// digits may be parted by a space or a no-break space. A sign stands first; U+2212 is a minus too.
/// Blanks at the ends do not matter. The text is UTF-8.
[[nodiscard]] Result<Money, AmountTextError> parse_amount(
    std::string_view text, Currency currency = Currency::RUB);

/// The problem of a Complaint: "the amount has more than two decimals".
[[nodiscard]] std::string_view describe(AmountTextError error);

/// For programs (OSMP, registers, JSON): "4597.86", "-352.74", "0.05". parse_amount reads it back.
[[nodiscard]] std::string to_decimal(Money amount);

enum class AmountStyle : std::uint8_t { Russian, English };

/// For screens: "4 597,86 ₽", in English "4,597.86 ₽". Blanks are no-break (U+00A0) and the
/// minus is U+2212, so that an amount never breaks over two lines.
[[nodiscard]] std::string to_display(Money amount, AmountStyle style = AmountStyle::Russian);

/// For paper, with nothing that code page 866 lacks: "4 597,86 руб.", in English "4,597.86 RUB".
/// Plain spaces: the caller sets amounts in a column of their own.
[[nodiscard]] std::string to_paper(Money amount, AmountStyle style = AmountStyle::Russian);

} // namespace protocol
