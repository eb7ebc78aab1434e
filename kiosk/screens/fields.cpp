#include "kiosk/screens/fields.hpp"

#include <algorithm>
#include <cassert>

#include "kiosk/screens/text.hpp"

namespace kiosk::screens {

namespace {

using kainjow::mustache::data;

// What fits the places that the style sheet gives, in letters; the geometry tests measure it.
constexpr std::size_t lines_shown_max = 10;
constexpr std::size_t service_letters_max = 20;       // Beside quantity and tariff.
constexpr std::size_t service_alone_letters_max = 30; // With the sum only.
constexpr std::size_t quantity_letters_max = 12;
constexpr std::size_t tariff_letters_max = 8;
constexpr std::size_t amount_letters_max = 9; // "99 999,99"
constexpr std::size_t payee_letters_max = 76; // Three lines.
constexpr std::size_t payee_line_letters_max = 34;
constexpr std::size_t payer_letters_max = 30;
constexpr std::size_t address_letters_max = 38;
constexpr std::size_t agent_letters_max = 48;
constexpr std::size_t large_sum_letters_max = 12; // "100 000,00 ₽" in the largest letters.
constexpr std::size_t notes_shown_max = 8;        // Every rouble note there is.

std::string reason_key(std::string const& prefix, Reason reason) {
    switch (reason) {
    case Reason::NotEnrolled: return prefix + "not_enrolled";
    case Reason::NoCatalog: return prefix + "no_catalog";
    case Reason::ValidatorDown: return prefix + "validator_down";
    case Reason::StackerFull: return prefix + "stacker_full";
    case Reason::StackerRemoved: return prefix + "stacker_removed";
    case Reason::PrinterDown: return prefix + "printer_down";
    case Reason::JournalFailed: return prefix + "journal_failed";
    case Reason::OfflineLimitReached: return prefix + "offline_limit";
    }
    assert(false);
    return prefix;
}

std::string scan_problem_key(ScanProblem problem) {
    switch (problem) {
    case ScanProblem::NotABill: return "scan_not_a_bill";
    case ScanProblem::Damaged: return "scan_damaged";
    case ScanProblem::UnknownPayee: return "scan_unknown_payee";
    case ScanProblem::BadAccount: return "scan_bad_account";
    case ScanProblem::OfflineLimit: return "scan_offline_limit";
    }
    assert(false);
    return {};
}

std::string notice_key(NoteNotice notice) {
    switch (notice) {
    case NoteNotice::None:
    case NoteNotice::Returned: return "notice_returned";
    case NoteNotice::Rejected: return "notice_rejected";
    case NoteNotice::AboveLimit: return "notice_above_limit";
    case NoteNotice::ValidatorTrouble: return "notice_validator_trouble";
    }
    assert(false);
    return {};
}

std::string debt_key(BillFacts const& bill) {
    if (bill.source == DebtSource::None)
        return "debt_unknown";
    if (bill.source == DebtSource::Bill)
        return bill.debt_date.empty() ? "debt_by_bill" : "debt_by_bill_dated";
    return bill.debt_date.empty() ? "debt_by_provider" : "debt_by_provider_dated";
}

/// Quantity and tariff are shown when every line has room for them; the paper bill has them too.
bool has_room_for_details(protocol::catalog::ServiceLine const& line) {
    return letters(line.service) <= service_letters_max &&
           letters(line.quantity) + 1 + letters(line.unit) <= quantity_letters_max &&
           letters(line.tariff) <= tariff_letters_max &&
           letters(display_sum(line.amount, Language::Ru)) <= amount_letters_max;
}

/// Fills the fields of one screen.
class Filler {
public:
    explicit Filler(Language language) : language_{language} {}

    void operator()(HomeView const& view) {
        flag("closed", view.closed.has_value());
        choose("reason", reason_key("closed_", view.closed.value_or(Reason::NotEnrolled)));
    }

    void operator()(ScanRefusedView const& view) {
        choose("title", "title_scan_refused");
        choose("problem", scan_problem_key(view.problem));
        optional_text("payee", shortened(view.payee, payee_letters_max));
    }

    void operator()(LookupView const& view) {
        choose("title", "title_lookup");
        text("payee", shortened(view.payee, payee_letters_max));
        text("account", view.account);
    }

    void operator()(ReviewView const& view) {
        choose("title", "title_review");
        choose("lead", view.bill.offline ? "review_lead_offline" : "review_lead");
        bill(view.bill);
        text("fee", money(view.fee));
        text("due", money(view.due));
        flag("is_long", letters(money(view.due)) > large_sum_letters_max);
        flag("has_due", view.due.is_positive());
        leaves_in(view.leaves_in);
    }

    void operator()(CollectView const& view) {
        bool const has_money = view.inserted.is_positive();
        bool const has_due = view.due.is_positive();
        bool const is_enough = has_due && !view.remaining.is_positive();
        choose("title", "title_collect");
        bill(view.bill);
        text("payee", shortened(view.bill.payee, payee_line_letters_max));
        text("due", money(view.due));
        text("inserted", money(view.inserted));
        text("remaining", money(view.remaining));
        text("fee", money(view.fee));
        text("credited", money(view.credited));
        text("advance", money(view.advance));
        // The two large sums are side by side: they get smaller letters together.
        flag(
            "is_long",
            std::max(letters(money(view.inserted)), letters(money(view.due))) >
                large_sum_letters_max);
        flag("has_due", has_due);
        flag("has_money", has_money);
        flag("may_finish", has_money && !view.least);
        text("least", money(view.least.value_or(view.inserted)));
        flag("is_enough", is_enough);
        flag("has_advance", view.advance.is_positive() && has_due);
        flag("note_moving", view.note_moving);
        flag("has_notice", view.notice != NoteNotice::None);
        choose("notice", notice_key(view.notice));
        choose(
            "lead",
            view.note_moving ? "collect_lead_moving"
            : view.least     ? "collect_lead_least"
            : is_enough      ? "collect_lead_enough"
                             : "collect_lead_insert");
        choose("finish", is_enough || !has_due ? "collect_finish" : "collect_finish_part");
        std::string notes;
        for (std::size_t at = 0; at < view.notes_accepted.size() && at < notes_shown_max; ++at)
            notes += (at == 0 ? "" : ", ") + display_note(view.notes_accepted[at]);
        text("notes", notes);
        leaves_in(view.leaves_in);
        // The question about time needs the room, and what it says covers the rest.
        flag("shows_offline", view.bill.offline && !view.leaves_in);
        flag("shows_notes", !notes.empty() && !is_enough && view.notice == NoteNotice::None);
    }

    void operator()(RecoveringView const& view) {
        choose("title", "title_recovering");
        optional_text("payee", shortened(view.payee, payee_letters_max));
        text("account", view.account);
        text("inserted", money(view.inserted));
    }

    void operator()(PrintingView const& view) {
        choose("title", "title_printing");
        text("payment_number", view.payment_number);
    }

    void operator()(DoneView const& view) {
        choose("title", "title_done");
        text("payment_number", view.payment_number);
        text("payee", shortened(view.payee, payee_letters_max));
        text("account", view.account);
        text("paid", money(view.paid));
        text("fee", money(view.fee));
        text("credited", money(view.credited));
        text("debt_left", money(view.debt_left));
        text("advance", money(view.advance));
        flag("has_debt_left", view.debt_left.is_positive());
        flag("has_advance", view.advance.is_positive());
        flag("offline", view.offline);
        flag("is_printed", view.receipt == ReceiptFate::Printed);
        choose(
            "receipt",
            view.receipt == ReceiptFate::NotPrinted ? "done_not_printed" : "done_maybe_printed");
    }

    void operator()(TroubleView const& view) {
        choose("title", "title_trouble");
        choose("reason", reason_key("trouble_", view.reason));
        text("inserted", money(view.inserted));
        flag("has_money", view.inserted.is_positive());
        // When the journal failed, nobody may say that the money is recorded.
        choose(
            "money_text",
            view.reason == Reason::JournalFailed ? "trouble_money_unrecorded"
                                                 : "trouble_money_text");
        optional_text("payment_number", view.payment_number);
    }

    void surroundings(Surroundings const& around) {
        text("kiosk_number", std::to_string(around.kiosk_number));
        optional_text("agent_name", shortened(around.agent_name, agent_letters_max));
        optional_text("agent_inn", around.agent_inn);
        optional_text("address", shortened(around.address, address_letters_max));
        optional_text("hotline", unbroken(around.hotline));
        text("clock", around.clock);
        flag("link_is_up", around.link_is_up);
        flag("is_russian", language_ == Language::Ru);
    }

    [[nodiscard]] Fields take() { return std::move(fields_); }

private:
    [[nodiscard]] std::string money(Money amount) const { return display_money(amount, language_); }
    void text(std::string const& name, std::string const& value) {
        fields_.values.set(name, data{value});
    }
    void flag(std::string const& name, bool value) { fields_.values.set(name, data{value}); }
    /// `name`, and `has_<name>`: an empty string counts as true in a section.
    void optional_text(std::string const& name, std::string const& value) {
        text(name, value);
        flag("has_" + name, !value.empty());
    }
    void choose(std::string const& name, std::string const& key) { fields_.chosen[name] = key; }

    void leaves_in(std::optional<std::chrono::seconds> seconds) {
        flag("leaves", seconds.has_value());
        text("seconds", std::to_string(seconds.value_or(std::chrono::seconds{0}).count()));
    }

    void bill(BillFacts const& bill) {
        text("payee", shortened(bill.payee, payee_letters_max));
        optional_text("payee_inn", bill.payee_inn);
        optional_text("payee_phone", unbroken(bill.payee_phone));
        text("account", bill.account);
        optional_text("payer", shortened(bill.payer_masked, payer_letters_max));
        optional_text("payer_address", shortened(bill.address_masked, address_letters_max));
        int const month = month_of(bill.period);
        flag("has_period", month != 0);
        choose("month", "month_" + std::to_string(month == 0 ? 1 : month));
        text("year", bill.period.substr(0, 4));
        text("debt", money(bill.debt));
        text("debt_date", display_date(bill.debt_date));
        choose("debt_label", debt_key(bill));
        flag("debt_known", bill.source != DebtSource::None);
        flag("has_debt_date", !bill.debt_date.empty());
        flag("offline", bill.offline);
        lines(bill.lines);
    }

    void lines(std::vector<protocol::catalog::ServiceLine> const& all) {
        data rows{data::type::list};
        // One line too many would take the same room as the words "and 1 more".
        std::size_t const shown = all.size() <= lines_shown_max ? all.size() : lines_shown_max - 1;
        bool const detailed = std::ranges::all_of(all, has_room_for_details);
        for (std::size_t at = 0; at < shown; ++at) {
            data row{data::type::object};
            row.set(
                "service",
                data{shortened(
                    all[at].service, detailed ? service_letters_max : service_alone_letters_max)});
            row.set("quantity", data{display_decimal(all[at].quantity, language_)});
            row.set("unit", data{all[at].unit});
            row.set("tariff", data{display_decimal(all[at].tariff, language_)});
            row.set("amount", data{display_sum(all[at].amount, language_)});
            row.set("even", data{at % 2 == 1});
            rows.push_back(row);
        }
        flag("has_lines", !all.empty());
        flag("detailed", detailed);
        fields_.values.set("lines", rows);
        flag("has_more", shown < all.size());
        text("more", std::to_string(all.size() - shown));
    }

    Language language_;
    Fields fields_;
};

} // namespace

Fields fields_of(View const& view, Surroundings const& surroundings, Language language) {
    Filler filler{language};
    filler.surroundings(surroundings);
    std::visit(filler, view);
    return filler.take();
}

} // namespace kiosk::screens
