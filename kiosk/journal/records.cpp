#include "kiosk/journal/records.hpp"

#include <cassert>

#include "protocol/wire/kiosk.pb.h"

namespace kiosk::journal {

namespace {

using namespace payment;

Record serialized(protocol::wire::Record const& message, protocol::Money cash) {
    Record record{protocol::Bytes(message.ByteSizeLong()), cash};
    bool const is_written =
        message.SerializeToArray(record.payload.data(), static_cast<int>(record.payload.size()));
    assert(is_written);
    return record;
}

void add_row(protocol::wire::NoteCount& row, protocol::Money value, std::uint32_t count) {
    row.set_value(value.minor());
    row.set_count(count);
}

Record payment_record(PaymentFacts const& facts) {
    protocol::wire::Record message;
    message.set_at_ms(facts.at.time_since_epoch().count());
    auto& payment = *message.mutable_payment();
    payment.set_provider(facts.bill.provider);
    payment.set_account(facts.bill.account);
    if (facts.bill.account_typed != facts.bill.account)
        payment.set_account_typed(facts.bill.account_typed);
    payment.set_channel(static_cast<std::uint32_t>(protocol::commission::Channel::Cash));
    payment.set_tariff_version(facts.bill.tariff.version);
    for (NoteCount const& row : facts.notes)
        add_row(*payment.add_notes(), row.value, row.count);
    payment.set_cash(facts.sums.cash.minor());
    payment.set_fee(facts.sums.fee.minor());
    payment.set_credited(facts.sums.credited.minor());
    payment.set_change(facts.sums.change.minor());
    payment.set_debt_shown(facts.bill.debt.minor());
    payment.set_debt_date(facts.bill.debt_date);
    payment.set_offline(facts.offline);
    return serialized(message, facts.sums.cash);
}

Record unassigned_record(UnassignedNote const& entry, WallTime at) {
    protocol::wire::Record message;
    message.set_at_ms(at.time_since_epoch().count());
    auto& cash = *message.mutable_unassigned_cash();
    add_row(*cash.add_notes(), entry.note.value, 1);
    cash.set_reason(
        entry.session == 0 ? entry.reason
                           : "session " + std::to_string(entry.session) + ": " + entry.reason);
    return serialized(message, entry.note.value);
}

} // namespace

std::optional<Record> record_of(Entry const& entry, WallTime at) {
    if (auto const* payment = std::get_if<PaymentRecorded>(&entry))
        return payment_record(payment->facts);
    if (auto const* note = std::get_if<UnassignedNote>(&entry))
        return unassigned_record(*note, at);
    return std::nullopt;
}

} // namespace kiosk::journal
