#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/payment/bill.hpp"
#include "kiosk/payment/entries.hpp"
#include "protocol/catalog/catalog.hpp"

/// Everything that can happen to a payment.
namespace kiosk::payment {

// From the scanner, already read: the payee is known and the account fits the payee's mask.
struct BillScanned {
    Bill bill; ///< As the paper says it: source is Bill, or None without a sum.
};
enum class ScanProblem : std::uint8_t { NotABill, Damaged, UnknownPayee, BadAccount, OfflineLimit };
struct ScanFailed {
    ScanProblem problem = ScanProblem::NotABill;
    std::string payee; ///< When it could be read.
};

// From the server.
enum class AccountOutcome : std::uint8_t { Found, UnknownAccount, UnknownProvider, Unavailable };
struct AccountAnswered {
    std::uint32_t query = 0;
    AccountOutcome outcome = AccountOutcome::Unavailable;
    protocol::catalog::AccountState account;
};
struct LinkChanged {
    bool up = false;
};
/// The server will not talk to this kiosk until a person has acted.
struct ServerRefused {};
/// Who is paid here is known.
struct CatalogKnown {
    protocol::catalog::OfflineLimits offline;
};
/// How much the server has not acknowledged yet.
struct OfflineUse {
    std::uint32_t count = 0;
    Money total = protocol::rub(0);
    std::optional<WallTime> oldest;
    friend bool operator==(OfflineUse const&, OfflineUse const&) = default;
};

// From the screen.
enum class Action : std::uint8_t { Home, Pay, Cancel, Finish, MoreTime, Again, Reprint };
struct Touched {
    Action action = Action::Home;
};

// From the bill validator.
struct NoteEscrowed {
    Note note;
};
struct NoteStacked {
    Note note;
};
struct NoteReturned {};
struct NoteRejected {};
enum class Trouble : std::uint8_t {
    LineLost,
    StackerFull,
    StackerRemoved,
    Jammed,
    StackerJammed,
    Cheated,
    Failure,
};
struct ValidatorTrouble {
    Trouble trouble = Trouble::LineLost;
};
struct ValidatorReady {
    std::vector<Money> bills; ///< Denominations it knows.
};
struct ValidatorWell {};
struct ValidatorAtRest {};

// From the printer.
struct PrinterHealth {
    bool ready = false;
};
struct ReceiptOutcome {
    ReceiptFate fate = ReceiptFate::Printed;
};

// From the journal.
/// The record that a PaymentRecorded entry carries is durable under this number.
struct RecordWritten {
    std::uint64_t sequence = 0;
};
/// The disk refused. What was to follow the entry was not done, and nothing more will be written.
struct JournalFailed {
    bool note_waits = false; ///< In escrow, and was not commanded to be stacked.
};

/// Time has passed; sent at the latest when `wakes_at` says.
struct Tick {};

using Event = std::variant<
    BillScanned, ScanFailed, AccountAnswered, LinkChanged, ServerRefused, CatalogKnown, OfflineUse,
    Touched, NoteEscrowed, NoteStacked, NoteReturned, NoteRejected, ValidatorTrouble,
    ValidatorReady, ValidatorWell, ValidatorAtRest, PrinterHealth, ReceiptOutcome, RecordWritten,
    JournalFailed, Tick>;

/// For logs and the journal: "note-stacked".
[[nodiscard]] std::string_view name_of(Event const& event);
/// "stacker-full"
[[nodiscard]] std::string_view name_of(Trouble trouble);

} // namespace kiosk::payment
