#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace protocol::settings {

/// The name that was probably meant: the one fewest edits away, at most two, and fewer edits than
/// half of the word. Empty when there is none.
[[nodiscard]] std::string nearest(std::string_view word, std::vector<std::string> const& names);

} // namespace protocol::settings
