#include "fleet-server/api/shapes.hpp"

#include "protocol/money/amount_text.hpp"

namespace fleet::api {

namespace {

using protocol::to_decimal;
using protocol::commission::Channel;
using protocol::commission::Tariff;

std::string_view name(Channel channel) {
    switch (channel) {
    case Channel::Cash: return "cash";
    case Channel::Card: return "card";
    case Channel::Sbp: return "sbp";
    case Channel::Web: return "web";
    }
    return "";
}

std::string_view name(ledger::Kind kind) {
    switch (kind) {
    case ledger::Kind::Asset: return "asset";
    case ledger::Kind::Liability: return "liability";
    case ledger::Kind::Income: return "income";
    case ledger::Kind::Expense: return "expense";
    }
    return "";
}

std::string_view name(ledger::TransferState state) {
    switch (state) {
    case ledger::TransferState::Posted: return "posted";
    case ledger::TransferState::Held: return "held";
    case ledger::TransferState::Settled: return "settled";
    case ledger::TransferState::Released: return "released";
    }
    return "";
}

json shape(Tariff const& tariff) {
    return {
        {"version", tariff.version},
        {"rate_ppm", tariff.rate.ppm},
        {"fixed", to_decimal(tariff.fixed)},
        {"minimum", to_decimal(tariff.minimum)},
        {"maximum", tariff.maximum ? json(to_decimal(*tariff.maximum)) : json(nullptr)},
    };
}

std::string padded(std::int64_t number, std::size_t digits) {
    std::string const text = std::to_string(number);
    return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

} // namespace

std::string iso(UtcTime at) {
    using namespace std::chrono;
    auto const midnight = floor<days>(at);
    year_month_day const date{midnight};
    hh_mm_ss const time{at - midnight};
    return padded(static_cast<int>(date.year()), 4) + "-" +
           padded(static_cast<unsigned>(date.month()), 2) + "-" +
           padded(static_cast<unsigned>(date.day()), 2) + "T" + padded(time.hours().count(), 2) +
           ":" + padded(time.minutes().count(), 2) + ":" + padded(time.seconds().count(), 2) + "." +
           padded(time.subseconds().count(), 3) + "Z";
}

json shape(catalog::Provider const& provider) {
    json tariffs = json::object();
    for (auto const& [channel, tariff] : provider.shown.tariffs)
        tariffs[std::string{name(channel)}] = shape(tariff);
    return {
        {"id", provider.shown.id},
        {"name", provider.shown.name},
        {"inn", provider.shown.inn},
        {"kpp", provider.kpp},
        {"bank", provider.bank},
        {"bank_account", provider.shown.bank_account},
        {"bic", provider.shown.bic},
        {"correspondent_account", provider.correspondent_account},
        {"category", provider.shown.category},
        {"mask", provider.shown.account_mask},
        {"phone", provider.shown.phone},
        {"payment_min", to_decimal(provider.shown.payment_min)},
        {"payment_max", to_decimal(provider.shown.payment_max)},
        {"tariffs", std::move(tariffs)},
        {"osmp_url", provider.osmp_url},
        {"closed", provider.is_closed},
    };
}

json shape(catalog::RuleVersion const& rule) {
    return {
        {"provider", rule.provider},
        {"version", rule.version},
        {"effective_from", iso(rule.effective_from)},
        {"text", rule.text},
    };
}

json shape(catalog::Kiosk const& kiosk) {
    return {
        {"number", kiosk.number},
        {"address", kiosk.address},
        {"epoch", kiosk.epoch},
        {"state", catalog::name(kiosk.state)},
        {"reason", kiosk.state_reason},
        {"sequence", kiosk.head.sequence},
        {"heard_at", kiosk.heard_at ? json(iso(*kiosk.heard_at)) : json(nullptr)},
    };
}

json shape(charges::Report const& report) {
    json doubts = json::array();
    for (charges::Doubt const& doubt : report.doubts)
        doubts.push_back({{"line", doubt.line}, {"problem", doubt.problem}});
    return {
        {"import", report.import},
        {"known", report.was_known},
        {"kind", charges::name(report.kind)},
        {"encoding", charges::name(report.encoding)},
        {"encoding_given", report.encoding_was_given},
        {"rows", report.rows},
        {"accounts", report.accounts},
        {"sum", to_decimal(report.sum)},
        {"charged", to_decimal(report.charged)},
        {"doubtful", std::move(doubts)},
        {"sha256", report.sha256},
    };
}

json shape(protocol::catalog::AccountState const& state) {
    json lines = json::array();
    for (auto const& line : state.lines)
        lines.push_back({
            {"service", line.service},
            {"unit", line.unit},
            {"tariff", line.tariff},
            {"quantity", line.quantity},
            {"amount", to_decimal(line.amount)},
        });
    return {
        {"provider", state.provider_id},
        {"account", state.account},
        {"payer", state.payer_masked},
        {"address", state.address_masked},
        {"debt", to_decimal(state.debt)},
        {"advance", to_decimal(state.advance)},
        {"debt_date", state.debt_date},
        {"period", state.period},
        {"lines", std::move(lines)},
    };
}

json shape(debts::Movement const& movement) {
    return {
        {"at", iso(movement.at)},
        {"kind", debts::name(movement.kind)},
        {"change", to_decimal(movement.change)},
        {"balance", to_decimal(movement.balance)},
        {"reference", movement.reference},
        {"ledger_sequence", movement.ledger_sequence},
    };
}

json shape(intake::Payment const& payment) {
    json notes = json::array();
    for (intake::Note const& note : payment.notes)
        notes.push_back({{"value", to_decimal(note.value)}, {"count", note.count}});
    json parts = json::array();
    for (intake::PaymentPart const& part : payment.parts)
        parts.push_back({
            {"receiver", part.receiver},
            {"gross", to_decimal(part.gross)},
            {"withheld", to_decimal(part.withheld)},
            {"payable", to_decimal(part.payable)},
        });
    return {
        {"number", std::to_string(payment.kiosk) + "-" + std::to_string(payment.sequence)},
        {"txn_id", payment.txn_id},
        {"kiosk", payment.kiosk},
        {"epoch", payment.epoch},
        {"sequence", payment.sequence},
        {"kiosk_time", iso(payment.kiosk_time)},
        {"received_at", iso(payment.received_at)},
        {"provider", payment.provider},
        {"account", payment.account},
        {"account_typed", payment.account_typed},
        {"cash", to_decimal(payment.cash)},
        {"fee", to_decimal(payment.fee)},
        {"credited", to_decimal(payment.credited)},
        {"change", to_decimal(payment.change)},
        {"debt_shown", to_decimal(payment.debt_shown)},
        {"debt_date", payment.debt_date},
        {"tariff_version", payment.tariff_version},
        {"offline", payment.was_offline},
        {"routing", intake::name(payment.routing)},
        {"rule_version", payment.rule_version},
        {"ledger_sequence", payment.ledger_sequence},
        {"notes", std::move(notes)},
        {"parts", std::move(parts)},
        {"flags", payment.flags},
    };
}

json shape(intake::Discrepancy const& discrepancy) {
    return {
        {"id", discrepancy.id},
        {"at", iso(discrepancy.at)},
        {"kiosk", discrepancy.kiosk},
        {"txn_id", discrepancy.txn_id},
        {"kind", discrepancy.kind},
        {"explanation", discrepancy.explanation},
    };
}

json shape(gateways::StoredDelivery const& stored) {
    gateways::Delivery const& delivery = stored.delivery;
    return {
        {"id", stored.id},
        {"txn_id", delivery.txn_id},
        {"provider", delivery.provider},
        {"account", delivery.account},
        {"sum", to_decimal(delivery.sum)},
        {"payable", to_decimal(stored.payable)},
        {"state", gateways::to_string(delivery.state)},
        {"attempts", delivery.attempts},
        {"doubts", delivery.doubts},
        {"in_flight", delivery.in_flight},
        {"needs_person", delivery.needs_person},
        {"enqueued_at", iso(delivery.enqueued_at)},
        {"next_at",
         gateways::is_final(delivery.state) ? json(nullptr) : json(iso(delivery.next_at))},
        {"request", delivery.request},
        {"result", delivery.result},
        {"provider_txn", delivery.provider_txn},
        {"comment", delivery.comment},
    };
}

json shape(gateways::StoryLine const& line) {
    return {{"at", iso(line.at)}, {"what", line.what}};
}

json shape(ledger::HistoryLeg const& leg) {
    return {
        {"sequence", leg.sequence},
        {"at", iso(leg.at)},
        {"kind", leg.kind},
        {"debit", leg.debit},
        {"credit", leg.credit},
        {"state", name(leg.state)},
        {"amount", to_decimal(leg.amount)},
    };
}

json shape(ledger::Account const& account) {
    ledger::Balance const& balance = account.balance;
    return {
        {"account", account.name},
        {"kind", name(account.rule.kind)},
        {"debits", to_decimal(balance.debits_posted)},
        {"credits", to_decimal(balance.credits_posted)},
        {"debits_pending", to_decimal(balance.debits_pending)},
        {"credits_pending", to_decimal(balance.credits_pending)},
        {"balance", to_decimal(ledger::net(account))},
    };
}

json shape(ledger::Difference const& difference) {
    return {
        {"place", difference.place},
        {"expected", difference.expected},
        {"found", difference.found},
    };
}

json shape(registers::Register const& written) {
    return {
        {"provider", written.provider},
        {"day", written.day},
        {"version", written.version},
        {"from", written.from},
        {"to", written.to},
        {"rows", written.rows},
        {"sum", to_decimal(written.accepted)},
        {"withheld", to_decimal(written.withheld)},
        {"payable", to_decimal(written.payable)},
        {"rows_sha256", written.rows_sha256},
        {"file_name", written.file_name},
        {"written_at", iso(written.written_at)},
    };
}

json shape(AuditLine const& line) {
    json detail = json::parse(line.detail, nullptr, false);
    return {
        {"id", line.id},
        {"at", iso(line.at)},
        {"who", line.who},
        {"action", line.action},
        {"object", line.object},
        {"detail", detail.is_discarded() ? json(line.detail) : std::move(detail)},
    };
}

} // namespace fleet::api
