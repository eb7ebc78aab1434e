#include "tests/golden/screen_examples.hpp"

#include <algorithm>

namespace golden {

namespace {

using namespace kiosk::screens;
using protocol::rub;
using std::chrono::seconds;

/// Longer than anything seen in the field: what must still fit.
BillFacts longest_bill() {
    BillFacts bill = example_bill();
    bill.payee = "Товарищество собственников недвижимости «Содружество Замоскворечье-Юг»";
    bill.payee_phone = "8 (800) 123-45-67";
    bill.account = "1234567890123456789012";
    bill.payer_masked = "Константинопольская-Вознесенская А. А.";
    bill.lines.clear();
    for (int line = 0; line < 14; ++line)
        bill.lines.push_back(
            {"Содержание и ремонт жилого помещения, лифтов",
             "м3/чел",
             "12345,67",
             "1234,567",
             rub(-123'456'789)});
    bill.debt = rub(9'999'999'999);
    return bill;
}

CollectView collect(std::int64_t inserted) {
    CollectView view;
    view.bill = example_bill();
    view.due = view.bill.debt;
    view.inserted = rub(inserted);
    view.remaining = rub(std::max<std::int64_t>(0, view.due.minor() - inserted));
    view.credited = view.inserted;
    view.advance = rub(std::max<std::int64_t>(0, inserted - view.due.minor()));
    for (int const note : {10, 50, 100, 200, 500, 1000, 2000, 5000})
        view.notes_accepted.push_back(rub(note * 100L));
    return view;
}

DoneView done() {
    return DoneView{
        .payment_number = "17-4",
        .payee = "ООО Юнисервис",
        .account = "М003К006",
        .paid = rub(460'000),
        .fee = rub(0),
        .credited = rub(460'000),
        .debt_left = rub(0),
        .advance = rub(214),
        .offline = true,
        .receipt = ReceiptFate::Printed};
}

class Examples {
public:
    void add(std::string name, View view, Surroundings around = example_surroundings()) {
        all_.push_back(ScreenExample{std::move(name), std::move(view), std::move(around)});
    }
    [[nodiscard]] std::vector<ScreenExample> take() { return std::move(all_); }

private:
    std::vector<ScreenExample> all_;
};

void add_first_screens(Examples& examples) {
    examples.add("home", HomeView{});
    auto without_link = example_surroundings();
    without_link.link_is_up = false;
    examples.add("home-offline", HomeView{}, without_link);
    examples.add("home-closed", HomeView{Reason::StackerFull});
    Surroundings nobody;
    nobody.kiosk_number = 17;
    nobody.clock = "14:05";
    examples.add("home-not-enrolled", HomeView{Reason::NotEnrolled}, nobody);
    examples.add("scan-refused", ScanRefusedView{ScanProblem::NotABill, ""});
    examples.add(
        "scan-refused-payee", ScanRefusedView{ScanProblem::UnknownPayee, longest_bill().payee});
    examples.add("lookup", LookupView{"ООО Юнисервис", "М003К006"});
}

void add_reviews(Examples& examples) {
    ReviewView const review{.bill = example_bill(), .due = rub(459'786)};
    examples.add("review", review);
    auto offline = review;
    offline.bill.offline = true;
    offline.bill.source = DebtSource::Bill;
    offline.bill.lines.clear();
    offline.fee = rub(4'598);
    offline.due = rub(464'384);
    examples.add("review-offline", offline);
    auto leaving = review;
    leaving.leaves_in = seconds{25};
    examples.add("review-leaving", leaving);
    examples.add(
        "review-longest",
        ReviewView{.bill = longest_bill(), .fee = rub(123'456'789), .due = rub(9'999'999'999)});
    auto any = review;
    any.bill.source = DebtSource::None;
    any.bill.debt = any.due = rub(0);
    any.bill.lines.clear();
    examples.add("review-any-sum", any);
}

void add_collects(Examples& examples) {
    examples.add("collect", collect(0));
    examples.add("collect-part", collect(250'000));
    auto moving = collect(250'000);
    moving.note_moving = true;
    examples.add("collect-note-moving", moving);
    examples.add("collect-overpaid", collect(460'000));
    auto offline = collect(460'000);
    offline.bill.offline = true;
    examples.add("collect-offline", offline);
    auto returned = collect(450'000);
    returned.notice = NoteNotice::Rejected;
    returned.bill.offline = true;
    examples.add("collect-rejected", returned);
    auto leaving = collect(450'000);
    leaving.leaves_in = seconds{25};
    examples.add("collect-leaving", leaving);
    auto empty = collect(0);
    empty.leaves_in = seconds{25};
    examples.add("collect-leaving-empty", empty);
    auto longest = collect(9'999'999'999);
    longest.bill = longest_bill();
    longest.bill.offline = true;
    longest.notice = NoteNotice::AboveLimit;
    longest.leaves_in = seconds{25};
    longest.fee = rub(123'456'789);
    examples.add("collect-longest", longest);
}

void add_ends(Examples& examples) {
    examples.add("recovering", RecoveringView{"ООО Юнисервис", "М003К006", rub(460'000)});
    examples.add("printing", PrintingView{"17-4"});
    examples.add("done", done());
    auto unprinted = done();
    unprinted.receipt = ReceiptFate::NotPrinted;
    examples.add("done-not-printed", unprinted);
    auto in_part = done();
    in_part.paid = in_part.credited = rub(250'000);
    in_part.debt_left = rub(209'786);
    in_part.advance = rub(0);
    in_part.offline = false;
    in_part.receipt = ReceiptFate::Unknown;
    examples.add("done-in-part", in_part);
    examples.add("trouble", TroubleView{Reason::ValidatorDown, rub(450'000), "17-4"});
    examples.add("trouble-journal", TroubleView{Reason::JournalFailed, rub(9'999'999'999), "17-4"});
}

} // namespace

BillFacts example_bill() {
    BillFacts bill;
    bill.payee = "ООО Юнисервис";
    bill.payee_inn = "7729524407";
    bill.account = "М003К006";
    bill.payer_masked = "Гильман П. С.";
    bill.period = "2009-09";
    bill.debt = rub(459'786);
    bill.debt_date = "2009-09-01";
    bill.lines = {
        {"Тек, обслуживание", "м2", "39,76", "52,8", rub(209'933)},
        {"Охрана", "м2", "3,43", "52,8", rub(18'110)},
        {"Вывоз ТБО", "м2", "1,48", "52,8", rub(7'867)},
        {"Освещение МОП", "кВтч", "1,16", "52,8", rub(6'125)},
        {"ХВС", "м3", "15,45", "4", rub(6'180)},
        {"ГВС", "м3", "-88,19", "4", rub(-35'274)},
        {"Водоотведение", "м3", "11,35", "6", rub(9'080)}};
    return bill;
}

Surroundings example_surroundings() {
    return Surroundings{
        .kiosk_number = 17,
        .agent_name = "ООО Расчётный центр",
        .agent_inn = "7701234567",
        .address = "ул. Лесная, 5",
        .hotline = "8 800 000-00-00",
        .link_is_up = true,
        .clock = "14:05"};
}

std::vector<ScreenExample> screen_examples() {
    Examples examples;
    add_first_screens(examples);
    add_reviews(examples);
    add_collects(examples);
    add_ends(examples);
    return examples.take();
}

} // namespace golden
