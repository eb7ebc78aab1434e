#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "kiosk/payment/bill.hpp"

/// Cash that was counted, and what became of it: the receipted facts of a payment.
namespace kiosk::payment {

/// The kiosk's clock, UTC. Evidence, never order: order is the journal's.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

struct NoteCount {
    Money value = protocol::rub(0);
    std::uint32_t count = 0;
    friend bool operator==(NoteCount const&, NoteCount const&) = default;
};
/// By denomination, ascending, each once.
using NoteCounts = std::vector<NoteCount>;

void add_note(NoteCounts& notes, Money value);

/// cash = fee + credited + change; `advance` is the part of `credited` beyond the debt.
struct Settlement {
    Money cash = protocol::rub(0);
    Money fee = protocol::rub(0);
    Money credited = protocol::rub(0);
    Money change = protocol::rub(0);
    Money advance = protocol::rub(0);
    Money debt_left = protocol::rub(0);
    Money advance_after = protocol::rub(0); ///< With what stood there before.
    friend bool operator==(Settlement const&, Settlement const&) = default;
};

/// What becomes of cash that is in the stacker. Always has an answer, because the money is already
/// ours to account for: should the tariff be impossible, no fee is taken and the server notices.
[[nodiscard]] Settlement settle(Bill const& bill, Money cash);

/// A finished payment: what is recorded, sent and printed.
struct PaymentFacts {
    std::uint64_t session = 0;
    Bill bill; ///< Without its service lines: the receipt does not print them.
    NoteCounts notes;
    Settlement sums;
    WallTime at{};
    bool offline = false; ///< No server answered when it was opened, or the link was down since.
    friend bool operator==(PaymentFacts const&, PaymentFacts const&) = default;
};

} // namespace kiosk::payment
