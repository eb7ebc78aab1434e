#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kiosk/payment/entries.hpp"
#include "kiosk/payment/session.hpp"
#include "kiosk/payment/states.hpp"

/// From the journal back to the payment: what was going on when the power went.
namespace kiosk::payment {

/// The last payment and its paper.
struct LastPayment {
    PaymentFacts facts;
    std::uint64_t sequence = 0;
    bool receipt_begun = false; ///< Paper may carry it: another print is a copy.
    bool receipt_ended = false; ///< What became of the paper is known.
    friend bool operator==(LastPayment const&, LastPayment const&) = default;
};

/// What the entries add up to.
struct Folded {
    std::uint64_t sessions = 0;
    std::optional<OpenSession> open;
    NotePath path = PathClear{};
    std::optional<LastPayment> payment; ///< Until the next session is opened.
    friend bool operator==(Folded const&, Folded const&) = default;
};

/// The next entry. `sequence` is that of the record it carries, 0 when it carries none.
[[nodiscard]] Folded fold(Folded folded, Entry const& entry, std::uint64_t sequence);

/// Where to go on after a start, without asking anybody. An open session with a note on its way
/// waits for the validator's word; otherwise money inside is recorded at once. A receipt
/// of which nothing is known is printed again. `offline_use` is what the server has not
/// acknowledged.
[[nodiscard]] Step recover(
    Folded const& folded, OfflineUse const& offline_use, Now now, Rules const& rules);

} // namespace kiosk::payment
