#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/payment/entries.hpp"
#include "kiosk/payment/events.hpp"
#include "kiosk/payment/limits.hpp"
#include "kiosk/payment/states.hpp"
#include "protocol/base/result.hpp"

/// One resident paying one bill. Pure: a state and an event give a state and effects.
namespace kiosk::payment {

// Effects, carried out in order; when one fails, those behind it are not carried out. Journal comes
// first wherever money moves.
/// Durable before the next effect begins. PaymentRecorded and UnassignedNote carry a record for
/// the server in the same transaction; for the first its number comes back as RecordWritten.
struct Journal {
    Entry entry;
};
struct StackNote {};
struct ReturnNote {};
struct AskAccount {
    std::uint32_t query = 0;
    std::uint32_t provider = 0;
    std::string account;
};
/// Answered by ReceiptOutcome.
struct PrintReceipt {
    PaymentFacts facts;
    std::uint64_t sequence = 0;
    bool copy = false;
};
/// A forgotten ticket is in the next resident's way.
struct ClearPresenter {};
using Effect =
    std::variant<Journal, StackNote, ReturnNote, AskAccount, PrintReceipt, ClearPresenter>;

struct Step {
    State state;
    std::vector<Effect> effects;
};

/// An event that the table has no place for. The state is unchanged; the caller journals and
/// reports it. Money never ends here: a stacked note is accounted for in every phase.
enum class Fault : std::uint8_t {
    EventOutOfPlace,
    ActionNotOffered,
};

[[nodiscard]] protocol::Result<Step, Fault> advance(
    State const& state, Event const& event, Now now, Rules const& rules);

[[nodiscard]] std::string_view name_of(Fault fault);
[[nodiscard]] std::string_view name_of(Effect const& effect);

} // namespace kiosk::payment
