#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace protocol::bill_code {

/// The month that a bill is for, "2009-09", from the ways in which bills write it: 092009, 200909,
/// 09.2009, 2009-09 (also with / or a single-digit month beside a separator). Nothing when the text
/// can be read as two months or as none; years are 1990 to 2099, so six digits are never both.
[[nodiscard]] std::optional<std::string> read_period(std::string_view text);

} // namespace protocol::bill_code
