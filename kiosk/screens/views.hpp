#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/catalog/catalog.hpp"
#include "protocol/money/money.hpp"

/// What each screen shows, as values. The payment session says which view, `compose` turns it into
/// HTML; neither knows of the other's business.
namespace kiosk::screens {

using protocol::Money;

enum class Language : std::uint8_t { Ru, En };

/// Around every screen: who, where, whom to call.
struct Surroundings {
    std::uint32_t kiosk_number = 0;
    std::string agent_name;
    std::string agent_inn;
    std::string address;
    std::string hotline;
    bool link_is_up = false;
    std::string clock; ///< "14:05", local.
};

enum class Reason : std::uint8_t {
    NotEnrolled,
    NoCatalog,
    ValidatorDown,
    StackerFull,
    StackerRemoved,
    PrinterDown,
    JournalFailed,
    OfflineLimitReached,
};

/// Waiting for somebody. With a reason: no money can be taken, and why.
struct HomeView {
    std::optional<Reason> closed;
};
enum class ScanProblem : std::uint8_t { NotABill, Damaged, UnknownPayee, BadAccount, OfflineLimit };
struct ScanRefusedView {
    ScanProblem problem;
    std::string payee; ///< When it could be read.
};
/// The server is asked for the account.
struct LookupView {
    std::string payee;
    std::string account; ///< As printed on the bill.
};
enum class DebtSource : std::uint8_t { Server, Bill, None };
struct BillFacts {
    std::string payee;
    std::string payee_inn;
    std::string payee_phone;
    std::string account;
    std::string payer_masked;
    std::string address_masked;
    std::string period; ///< "2009-09", may be empty.
    Money debt = protocol::rub(0);
    std::string debt_date; ///< ISO, may be empty.
    DebtSource source = DebtSource::Server;
    std::vector<protocol::catalog::ServiceLine> lines;
    bool offline = false; ///< The link was down when it was opened or is down now.
};
struct ReviewView {
    BillFacts bill;
    Money fee = protocol::rub(0);
    Money due = protocol::rub(0); ///< debt + fee.
    /// Warn: the first screen comes back then.
    std::optional<std::chrono::seconds> leaves_in = std::nullopt;
};
enum class NoteNotice : std::uint8_t { None, Returned, Rejected, AboveLimit, ValidatorTrouble };
struct CollectView {
    BillFacts bill;
    Money due = protocol::rub(0);
    Money inserted = protocol::rub(0);
    Money remaining = protocol::rub(0); ///< 0 when enough.
    Money fee = protocol::rub(0);       ///< Of what is inserted so far.
    Money credited = protocol::rub(0);
    Money advance = protocol::rub(0); ///< Of `credited`, beyond the debt.
    /// Set when what is inside is less than this, and so cannot be finished by hand yet.
    std::optional<Money> least = std::nullopt;
    bool note_moving = false; ///< Wait: a note is on its way; leaving is not offered.
    NoteNotice notice = NoteNotice::None;
    std::vector<Money> notes_accepted; ///< Denominations that the validator takes.
    /// Warn: what is inside will be credited then.
    std::optional<std::chrono::seconds> leaves_in = std::nullopt;
};
/// After a power cut with money inside.
struct RecoveringView {
    std::string payee;
    std::string account;
    Money inserted = protocol::rub(0);
};
struct PrintingView {
    std::string payment_number;
};
enum class ReceiptFate : std::uint8_t { Printed, NotPrinted, Unknown };
struct DoneView {
    std::string payment_number;
    std::string payee;
    std::string account;
    Money paid = protocol::rub(0);
    Money fee = protocol::rub(0);
    Money credited = protocol::rub(0);
    Money debt_left = protocol::rub(0);
    Money advance = protocol::rub(0);
    bool offline = false;
    ReceiptFate receipt = ReceiptFate::Printed;
};
/// Something broke while money was inside or owed: says what happens to the money.
struct TroubleView {
    Reason reason;
    Money inserted = protocol::rub(0);
    std::string payment_number; ///< Or the number of the interrupted session.
};

using View = std::variant<
    HomeView, ScanRefusedView, LookupView, ReviewView, CollectView, RecoveringView, PrintingView,
    DoneView, TroubleView>;

// What a touch may say: the anchors of the screens, and nothing else.
//   act:home act:pay act:cancel act:finish act:more-time act:help act:language-ru act:language-en
//   act:again (scan again) act:reprint

/// One screen, ready to be laid out.
struct Page {
    std::string id;   ///< "home", "scan-refused", "lookup", "review", "collect", "recovering", ...
    std::string html; ///< A whole document, its style sheets inlined.
};

} // namespace kiosk::screens
