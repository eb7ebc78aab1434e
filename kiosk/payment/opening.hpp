#pragma once

#include "kiosk/payment/table.hpp"

/// From a scanned bill to the screen that asks whether to pay it.
namespace kiosk::payment::table {

/// Asks the server what is owed, or lets the bill itself serve when there is no link.
[[nodiscard]] Step open_bill(Context const& context, Bill const& bill);

/// No server answered: the bill's own sum serves, within the offline limits.
[[nodiscard]] Step review_offline(Context const& context, Bill bill);

/// The server's answer to the question of `looking`.
[[nodiscard]] Step review_answer(
    Context const& context, Looking const& looking, AccountAnswered const& answer);

[[nodiscard]] Step refuse_scan(Context const& context, ScanProblem problem, std::string payee);

/// From here on money may come in, if nothing forbids it.
[[nodiscard]] Step start_collecting(Context const& context, Reviewing const& reviewing);

} // namespace kiosk::payment::table
