#include "kiosk/receipt/receipt.hpp"

#include "kiosk/receipt/words.hpp"
#include "protocol/money/amount_text.hpp"

namespace kiosk::receipt {

namespace {

using namespace devices::printer;
using payment::PaymentFacts;
using protocol::Money;

std::string two_digits(unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

/// The kiosk's local calendar and clock at the payment.
struct LocalTime {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
    std::chrono::minutes offset;

    LocalTime(payment::WallTime at, std::chrono::minutes utc_offset)
        : LocalTime{
              std::chrono::floor<std::chrono::seconds>(at) + utc_offset,
              utc_offset,
              std::chrono::floor<std::chrono::days>(at + utc_offset)} {}

    [[nodiscard]] std::string day() const { return two_digits(static_cast<unsigned>(date.day())); }
    [[nodiscard]] std::string month() const {
        return two_digits(static_cast<unsigned>(date.month()));
    }
    [[nodiscard]] std::string year() const { return std::to_string(static_cast<int>(date.year())); }
    [[nodiscard]] std::string clock() const {
        return part(time.hours()) + ":" + part(time.minutes()) + ":" + part(time.seconds());
    }
    [[nodiscard]] std::string offset_text() const {
        auto const distance = std::chrono::abs(offset);
        auto const hours = std::chrono::floor<std::chrono::hours>(distance);
        return (offset < std::chrono::minutes::zero() ? "-" : "+") + part(hours) + ":" +
               part(distance - hours);
    }

private:
    LocalTime(
        std::chrono::sys_seconds local, std::chrono::minutes utc_offset, std::chrono::sys_days day)
        : date{day}, time{local - day}, offset{utc_offset} {}

    template <class Duration>
    static std::string part(Duration duration) {
        return two_digits(static_cast<unsigned>(duration.count()));
    }
};

/// "2009-09-30" is "30.09.2009"; what is no ISO date is printed as it is.
std::string printed_date(std::string const& iso) {
    bool const is_date = iso.size() == 10 && iso[4] == '-' && iso[7] == '-';
    if (!is_date)
        return iso;
    return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4);
}

/// "2009-09" is "09.2009".
std::string printed_period(std::string const& iso) {
    bool const is_period = iso.size() == 7 && iso[4] == '-';
    return is_period ? iso.substr(5, 2) + "." + iso.substr(0, 4) : iso;
}

std::string spaced(std::string_view words, std::string_view value) {
    return std::string{words} + " " + std::string{value};
}

/// Collects the blocks of one receipt; what is empty is left out.
class Composer {
public:
    Composer(Language language, Words const& words) : language_{language}, words_{words} {}

    void title(std::string text, Size size = Size::Normal) {
        blocks_.emplace_back(TextLine{std::move(text), Align::Centre, Weight::Bold, size});
    }
    void centred(std::string text) {
        blocks_.emplace_back(TextLine{std::move(text), Align::Centre});
    }
    void text(std::string_view text, Weight weight = Weight::Normal) {
        blocks_.emplace_back(TextLine{std::string{text}, Align::Left, weight});
    }
    void pair(std::string_view name, std::string value, Weight weight = Weight::Normal) {
        if (!value.empty())
            blocks_.emplace_back(PairLine{std::string{name}, std::move(value), weight});
    }
    void sum(std::string_view name, Money amount, Weight weight = Weight::Normal) {
        pair(name, paper(amount), weight);
    }
    void rule() { blocks_.emplace_back(RuleLine{}); }
    void code(std::string const& payload) {
        blocks_.emplace_back(QrBlock{{payload.begin(), payload.end()}});
    }

    [[nodiscard]] std::string paper(Money amount) const {
        return protocol::to_paper(
            amount,
            language_ == Language::Russian ? protocol::AmountStyle::Russian
                                           : protocol::AmountStyle::English);
    }
    [[nodiscard]] Words const& words() const { return words_; }
    [[nodiscard]] Document document() && { return Document{std::move(blocks_)}; }

private:
    Language language_;
    Words const& words_;
    std::vector<Block> blocks_;
};

void put_letterhead(Composer& paper, Letterhead const& letterhead, Copy copy) {
    auto const& agent = letterhead.agent;
    paper.title(agent.name);
    paper.centred(spaced(paper.words().inn, agent.inn));
    paper.centred(spaced(paper.words().kiosk, std::to_string(letterhead.kiosk_number)));
    if (!agent.address.empty())
        paper.centred(agent.address);
    paper.rule();
    if (copy == Copy::Again)
        paper.title(std::string{paper.words().copy}, Size::Double);
}

void put_bill(Composer& paper, payment::Bill const& bill) {
    auto const& words = paper.words();
    paper.text(words.payee);
    paper.text(bill.payee, Weight::Bold);
    paper.pair(words.payee_inn, bill.payee_inn);
    paper.pair(
        words.account,
        bill.account_typed.empty() ? bill.account : bill.account_typed,
        Weight::Bold);
    paper.pair(words.payer, bill.payer_masked);
    paper.pair(words.period, printed_period(bill.period));
    paper.rule();
}

void put_sums(Composer& paper, PaymentFacts const& facts) {
    auto const& words = paper.words();
    auto const& sums = facts.sums;
    paper.text(words.cash_taken);
    for (payment::NoteCount const& row : facts.notes) {
        auto const total = protocol::multiply(row.value, row.count);
        paper.pair(
            "  " + paper.paper(row.value) + " x " + std::to_string(row.count),
            total ? paper.paper(*total) : std::string{});
    }
    paper.pair(words.channel, std::string{words.cash});
    paper.sum(words.paid, sums.cash, Weight::Bold);
    paper.sum(words.fee, sums.fee);
    paper.sum(words.credited, sums.credited, Weight::Bold);
    if (sums.advance.is_positive())
        paper.sum("  " + std::string{words.advance}, sums.advance);
    if (sums.change.is_positive()) {
        paper.sum(words.change, sums.change, Weight::Bold);
        paper.text(words.change_kept);
    }
    paper.rule();
}

void put_account(Composer& paper, PaymentFacts const& facts) {
    auto const& words = paper.words();
    auto const& bill = facts.bill;
    if (bill.source != payment::DebtSource::None) {
        paper.text(words.state_after);
        paper.sum(words.debt_left, facts.sums.debt_left);
        if (facts.sums.advance_after.is_positive())
            paper.sum(words.advance_after, facts.sums.advance_after);
        if (!bill.debt_date.empty())
            paper.text(spaced(words.as_of, printed_date(bill.debt_date)));
    }
    if (facts.offline)
        paper.text(words.taken_offline);
    if (bill.source != payment::DebtSource::None || facts.offline)
        paper.rule();
}

} // namespace

std::string payment_number(std::uint32_t kiosk_number, std::uint64_t sequence) {
    return std::to_string(kiosk_number) + "-" + std::to_string(sequence);
}

Document compose(
    PaymentFacts const& facts, std::uint64_t sequence, Letterhead const& letterhead,
    Language language, Copy copy) {
    LocalTime const local{facts.at, letterhead.utc_offset};
    Composer paper{language, words_of(language)};
    auto const& words = paper.words();
    put_letterhead(paper, letterhead, copy);
    paper.title(spaced(words.receipt, payment_number(letterhead.kiosk_number, sequence)));
    paper.pair(
        words.date, local.day() + "." + local.month() + "." + local.year() + " " + local.clock());
    paper.rule();
    put_bill(paper, facts.bill);
    put_sums(paper, facts);
    put_account(paper, facts);
    paper.text(spaced(words.hotline, letterhead.agent.hotline), Weight::Bold);
    if (!facts.bill.payee_phone.empty())
        paper.text(spaced(words.payee_phone, facts.bill.payee_phone));
    paper.code(code_text(facts, sequence, letterhead));
    paper.centred(std::string{words.keep});
    return std::move(paper).document();
}

std::string code_text(
    PaymentFacts const& facts, std::uint64_t sequence, Letterhead const& letterhead) {
    LocalTime const local{facts.at, letterhead.utc_offset};
    std::string text = payment_number(letterhead.kiosk_number, sequence) + "|" + local.year() +
                       "-" + local.month() + "-" + local.day() + "T" + local.clock() +
                       local.offset_text() + "|" + protocol::to_decimal(facts.sums.cash) + "|" +
                       facts.bill.payee_inn + "|" + facts.bill.account;
    return text;
}

} // namespace kiosk::receipt
