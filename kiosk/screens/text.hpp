#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kiosk/screens/views.hpp"
#include "protocol/money/money.hpp"

/// How figures are written for a resident. Spaces inside are no-break ones: an amount is never torn
/// over two lines.
namespace kiosk::screens {

/// "4 597,86 ₽", in English "4,597.86 ₽".
[[nodiscard]] std::string display_money(protocol::Money amount, Language language);
/// "4 597,86": for a column whose head names the currency.
[[nodiscard]] std::string display_sum(protocol::Money amount, Language language);
/// A note: "2000". No kopecks, and no space, as it is printed on the note.
[[nodiscard]] std::string display_note(protocol::Money note);

/// "2009-09-01" is "01.09.2009". What is not an ISO date is shown as it is.
[[nodiscard]] std::string display_date(std::string_view iso);

/// 9 of "2009-09"; 0 when it is not a period.
[[nodiscard]] int month_of(std::string_view period);

/// A decimal as printed, with a true minus sign; in English with a point, as the sums beside it.
[[nodiscard]] std::string display_decimal(std::string_view printed, Language language);

/// The text with no-break spaces: a telephone number, a name with initials.
[[nodiscard]] std::string unbroken(std::string_view text);

/// How many letters a UTF-8 text has.
[[nodiscard]] std::size_t letters(std::string_view text);

/// At most `letters_max` letters; a longer text ends with "…". UTF-8 is never cut within a letter.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t letters_max);

} // namespace kiosk::screens
