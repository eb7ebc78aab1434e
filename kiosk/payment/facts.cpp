#include "kiosk/payment/facts.hpp"

#include <algorithm>
#include <cassert>

namespace kiosk::payment {

namespace {

Money zero_like(Money amount) {
    return Money::zero(amount.currency());
}

/// left - right, or zero when that is not positive. Both are within amount_minor_max.
Money beyond(Money left, Money right) {
    auto const rest = protocol::subtract(left, right);
    return rest && rest->is_positive() ? *rest : zero_like(left);
}

} // namespace

void add_note(NoteCounts& notes, Money value) {
    auto const place = std::find_if(notes.begin(), notes.end(), [&](NoteCount const& row) {
        return row.value.minor() >= value.minor();
    });
    if (place != notes.end() && place->value == value)
        ++place->count;
    else
        notes.insert(place, NoteCount{value, 1});
}

Settlement settle(Bill const& bill, Money cash) {
    assert(!cash.is_negative());
    Settlement sums;
    sums.cash = cash;
    sums.fee = sums.change = zero_like(cash);
    sums.credited = cash;
    if (auto const outcome = protocol::commission::settle_cash(bill.tariff, cash)) {
        sums.fee = outcome->fee;
        sums.credited = outcome->credited;
        sums.change = outcome->change;
    }
    assert(sums.fee.minor() + sums.credited.minor() + sums.change.minor() == cash.minor());

    sums.advance = sums.debt_left = zero_like(cash);
    sums.advance_after = bill.advance;
    if (bill.source == DebtSource::None)
        return sums; // Nobody said what is owed, so nothing can be said to be beyond it.
    sums.advance = beyond(sums.credited, bill.debt);
    sums.debt_left = beyond(bill.debt, sums.credited);
    if (auto const total = protocol::add(bill.advance, sums.advance))
        sums.advance_after = *total;
    return sums;
}

} // namespace kiosk::payment
