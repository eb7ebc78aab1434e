#include "fleet-server/intake/fact.hpp"

#include <algorithm>
#include <map>

#include "protocol/money/amount_text.hpp"
#include "protocol/text/utf8.hpp"
#include "protocol/wire/kiosk.pb.h"

namespace fleet::intake {

using protocol::fail;
using protocol::Result;
using protocol::rub;

namespace {

constexpr std::size_t text_size_max = 256;
/// The year 9999: beyond it a date cannot be written.
constexpr std::int64_t time_ms_max = 253'402'300'799'999;

bool is_amount(std::int64_t kopecks) {
    return kopecks >= 0 && kopecks <= protocol::amount_minor_max;
}

__extension__ using Wide = __int128;

/// Text as it came, or nothing: it is stored, shown and printed.
std::string clean(std::string const& text, char const* what, Fact& fact) {
    bool const has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
    });
    if (text.size() <= text_size_max && !has_control && protocol::text::is_utf8(text))
        return text;
    fact.flags.push_back({"text", std::string{what} + " cannot be read; see the record"});
    return {};
}

template <class Notes>
void read_notes(Notes const& notes, Fact& fact) {
    std::map<std::int64_t, std::int64_t> counts;
    Wide total = 0; // Foreign numbers: their sum must not wrap.
    bool is_good = notes.size() <= note_kinds_max;
    for (auto const& note : notes) {
        is_good = is_good && note.value() > 0 && is_amount(note.value()) && note.count() > 0;
        counts[note.value()] += note.count();
        total += static_cast<Wide>(note.value()) * note.count();
    }
    is_good = is_good && total <= protocol::amount_minor_max;
    if (!is_good) {
        fact.flags.push_back({"notes", "the notes cannot be counted; see the record"});
        return;
    }
    for (auto const& [value, count] : counts)
        fact.notes.push_back(Note{rub(value), static_cast<std::uint32_t>(count)});
    fact.cash = rub(static_cast<std::int64_t>(total));
}

std::string in_words(protocol::wire::Payment const& p, Money notes) {
    auto const text = [](std::int64_t kopecks) { return protocol::to_decimal(rub(kopecks)); };
    return "notes " + protocol::to_decimal(notes) + ", cash " + text(p.cash()) + ", fee " +
           text(p.fee()) + ", credited " + text(p.credited()) + ", change " + text(p.change());
}

void read_payment(protocol::wire::Payment const& p, Fact& fact) {
    PaymentFact payment;
    payment.provider = p.provider();
    payment.account = clean(p.account(), "the account", fact);
    payment.account_typed = clean(p.account_typed(), "the account as typed", fact);
    payment.channel = p.channel();
    payment.tariff_version = p.tariff_version();
    payment.debt_date = clean(p.debt_date(), "the date of the debt", fact);
    payment.debt_shown = rub(is_amount(p.debt_shown()) ? p.debt_shown() : 0);
    payment.was_offline = p.offline();
    // SQLite's integers have a sign.
    constexpr std::uint64_t version_max = std::uint64_t{1} << 62U;
    if (payment.tariff_version > version_max)
        payment.tariff_version = 0;

    std::int64_t const parts[] = {p.cash(), p.fee(), p.credited(), p.change()};
    bool const adds_up = std::all_of(std::begin(parts), std::end(parts), is_amount) &&
                         p.cash() == p.fee() + p.credited() + p.change() &&
                         p.cash() == fact.cash.minor();
    payment.cash = fact.cash;
    if (adds_up) {
        payment.fee = rub(p.fee());
        payment.credited = rub(p.credited());
        payment.change = rub(p.change());
    } else {
        // What is in the stacker is counted by notes; nobody knows what was promised for it.
        payment.credited = fact.cash;
        fact.is_doubtful = true;
        fact.flags.push_back({"sum", "the record does not add up: " + in_words(p, fact.cash)});
    }
    fact.payment = std::move(payment);
}

} // namespace

Result<Fact, std::string> read_fact(protocol::ByteView payload) {
    protocol::wire::Record record;
    if (!record.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
        return fail(std::string{"the record cannot be read"});
    Fact fact;
    fact.at = from_ms(std::clamp<std::int64_t>(record.at_ms(), 0, time_ms_max));
    if (to_ms(fact.at) != record.at_ms())
        fact.flags.push_back({"clock", "the kiosk's clock said " + std::to_string(record.at_ms())});
    switch (record.fact_case()) {
    case protocol::wire::Record::kPayment:
        read_notes(record.payment().notes(), fact);
        read_payment(record.payment(), fact);
        return fact;
    case protocol::wire::Record::kUnassignedCash:
        read_notes(record.unassigned_cash().notes(), fact);
        fact.flags.push_back(
            {"unassigned", clean(record.unassigned_cash().reason(), "the reason", fact)});
        return fact;
    case protocol::wire::Record::FACT_NOT_SET: break;
    }
    return fail(std::string{"the record holds no fact that this server knows"});
}

} // namespace fleet::intake
