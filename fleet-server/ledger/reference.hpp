#pragma once

#include <string_view>

#include "fleet-server/log-index/log_index.hpp"
#include "fleet-server/store/digits.hpp"

/// What an entry is about, as it is stored: a txn_id is a number, anything else a text.
namespace fleet::ledger {

using store::digits_of_number;
using store::number_of_digits;

/// The first nine digits of a txn_id (kiosk and epoch) and the last nine (sequence).
inline constexpr std::int64_t numbers_a_series = 1'000'000'000;

/// Sixteen numbers in a row share a key: they are mostly posted together.
[[nodiscard]] log_index::Key key_of_reference(std::string_view reference);
[[nodiscard]] log_index::Key key_of_account(std::int64_t account);

} // namespace fleet::ledger
