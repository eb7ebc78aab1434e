#include "fleet-server/ctl/describe.hpp"

#include "fleet-server/ctl/table.hpp"
#include "protocol/money/amount_text.hpp"

namespace fleet::ctl {

namespace {

json const& field(json const& value, char const* key) {
    static json const nothing;
    if (!value.is_object())
        return nothing;
    auto const found = value.find(key);
    return found == value.end() ? nothing : *found;
}

std::string text(json const& value) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_null())
        return "";
    if (value.is_boolean())
        return value.get<bool>() ? "yes" : "no";
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text(json const& value, char const* key) {
    return text(field(value, key));
}

std::string money(json const& value, char const* key) {
    return ctl::money(field(value, key));
}

// "2026-01-16T12:00:00.000Z" -> "2026-01-16 12:00:00Z": what a line of a table has room for.
std::string moment(json const& value, char const* key) {
    std::string at = text(value, key);
    constexpr std::size_t seconds_end = 19;
    if (at.size() < seconds_end)
        return at;
    at.resize(seconds_end);
    at[10] = ' ';
    return at + "Z";
}

std::string line(std::string const& label, std::string const& value) {
    constexpr std::size_t label_width = 14;
    std::string const padding(label_width > label.size() ? label_width - label.size() : 1, ' ');
    return label + padding + value + "\n";
}

bool is_true(json const& value, char const* key) {
    json const& found = field(value, key);
    return found.is_boolean() && found.get<bool>();
}

std::string describe_legs(json const& legs) {
    Table table{
        {{"entry", Align::Right},
         {"kind"},
         {"debit"},
         {"credit"},
         {"state"},
         {"amount", Align::Right}}};
    for (json const& leg : legs)
        table.add(
            {text(leg, "sequence"),
             text(leg, "kind"),
             text(leg, "debit"),
             text(leg, "credit"),
             text(leg, "state"),
             money(leg, "amount")});
    return table.text();
}

std::string describe_forwarding(json const& forwarding, json const& story) {
    if (forwarding.is_null())
        return "Forwarding: none, the provider is told by register.\n";
    std::string told = "Forwarding: " + text(forwarding, "state") + ", " +
                       text(forwarding, "attempts") + " pay requests";
    if (!text(forwarding, "provider_txn").empty())
        told += ", provider's number " + text(forwarding, "provider_txn");
    told += is_true(forwarding, "needs_person") ? "; a person must look at it\n" : "\n";
    Table table{{{"at"}, {"what"}}};
    for (json const& one : story)
        table.add({moment(one, "at"), text(one, "what")});
    return told + table.text();
}

} // namespace

std::string money(json const& value) {
    if (!value.is_string())
        return "";
    auto const amount = protocol::parse_amount(value.get_ref<std::string const&>());
    return amount ? protocol::to_display(*amount) : value.get<std::string>();
}

std::string describe_provider(json const& provider) {
    std::string told = "Provider " + text(provider, "id") + "  " + text(provider, "name") + "\n";
    told += line("INN", text(provider, "inn"));
    told += line("account", text(provider, "bank_account") + "  BIC " + text(provider, "bic"));
    told += line("mask", text(provider, "mask"));
    told +=
        line("payments", money(provider, "payment_min") + " to " + money(provider, "payment_max"));
    std::string const url = text(provider, "osmp_url");
    told += line("told by", url.empty() ? "register only" : "OSMP, " + url);
    return told;
}

std::string describe_providers(json const& answer) {
    Table table{{{"id", Align::Right}, {"name"}, {"INN"}, {"mask"}, {"OSMP"}}};
    for (json const& provider : field(answer, "providers"))
        table.add(
            {text(provider, "id"),
             text(provider, "name"),
             text(provider, "inn"),
             text(provider, "mask"),
             text(provider, "osmp_url")});
    return table.text();
}

std::string describe_rule(json const& rule) {
    return "Rule " + text(rule, "version") + " of provider " + text(rule, "provider") +
           ", in force from " + moment(rule, "effective_from") + "\n";
}

std::string describe_import(json const& report) {
    std::string told =
        is_true(report, "known")
            ? "The same file was imported before: nothing changed.\n"
            : "Import " + text(report, "import") + ": " + text(report, "kind") + "\n";
    told += line(
        "encoding",
        text(report, "encoding") + (is_true(report, "encoding_given") ? "" : ", found out"));
    told += line("rows", text(report, "rows"));
    told += line("accounts", text(report, "accounts"));
    told += line("sum", money(report, "sum"));
    json const& doubtful = field(report, "doubtful");
    if (doubtful.empty())
        return told;
    told += std::to_string(doubtful.size()) + " rows are taken as written, but look at them:\n";
    Table table{{{"line", Align::Right}, {"what is odd"}}};
    for (json const& doubt : doubtful)
        table.add({text(doubt, "line"), text(doubt, "problem")});
    return told + table.text();
}

std::string describe_kiosks(json const& answer) {
    Table table{
        {{"kiosk", Align::Right},
         {"state"},
         {"epoch", Align::Right},
         {"records", Align::Right},
         {"heard"},
         {"address"},
         {"reason"}}};
    for (json const& kiosk : field(answer, "kiosks"))
        table.add(
            {text(kiosk, "number"),
             text(kiosk, "state"),
             text(kiosk, "epoch"),
             text(kiosk, "sequence"),
             moment(kiosk, "heard_at"),
             text(kiosk, "address"),
             text(kiosk, "reason")});
    return table.text();
}

std::string describe_payment(json const& payment) {
    std::string told = "Payment " + text(payment, "number") + "  " + text(payment, "txn_id") + "\n";
    told += line(
        "received",
        moment(payment, "received_at") + ", by the kiosk's clock " + moment(payment, "kiosk_time") +
            (is_true(payment, "offline") ? ", taken offline" : ""));
    std::string const typed = text(payment, "account_typed");
    told += line(
        "to",
        "provider " + text(payment, "provider") + ", account " + text(payment, "account") +
            (typed.empty() ? "" : " (" + typed + ")"));
    told += line(
        "cash",
        money(payment, "cash") + " = " + money(payment, "credited") + " credited + " +
            money(payment, "fee") + " fee + " + money(payment, "change") + " change");
    std::string notes;
    for (json const& note : field(payment, "notes"))
        notes += (notes.empty() ? "" : ", ") + text(note, "count") + " × " + money(note, "value");
    told += line("notes", notes);
    told += line(
        "routing",
        text(payment, "routing") + ", rule " + text(payment, "rule_version") + ", tariff " +
            text(payment, "tariff_version"));
    for (json const& flag : field(payment, "flags"))
        told += line("look", text(flag));
    told += "\n" + describe_legs(field(payment, "legs")) + "\n";
    return told + describe_forwarding(field(payment, "forwarding"), field(payment, "story"));
}

std::string describe_payments(json const& answer) {
    Table table{
        {{"payment"},
         {"received"},
         {"provider", Align::Right},
         {"account"},
         {"cash", Align::Right},
         {"credited", Align::Right},
         {"routing"}}};
    for (json const& payment : field(answer, "payments"))
        table.add(
            {text(payment, "number"),
             moment(payment, "received_at"),
             text(payment, "provider"),
             text(payment, "account"),
             money(payment, "cash"),
             money(payment, "credited"),
             text(payment, "routing")});
    return table.text();
}

std::string describe_outbox(json const& answer) {
    Table table{
        {{"txn_id"},
         {"provider", Align::Right},
         {"account"},
         {"sum", Align::Right},
         {"state"},
         {"pays", Align::Right},
         {"person"},
         {"last heard"}}};
    for (json const& one : field(answer, "deliveries"))
        table.add(
            {text(one, "txn_id"),
             text(one, "provider"),
             text(one, "account"),
             money(one, "sum"),
             text(one, "state"),
             text(one, "attempts"),
             text(one, "needs_person"),
             text(one, "comment")});
    return table.text();
}

std::string describe_account(json const& account) {
    std::string told =
        "Account " + text(account, "account") + " of provider " + text(account, "provider") + "\n";
    told += line("payer", text(account, "payer"));
    told += line("address", text(account, "address"));
    told += line("debt", money(account, "debt") + " of " + text(account, "debt_date"));
    told += line("advance", money(account, "advance"));
    Table lines{
        {{"service"},
         {"unit"},
         {"tariff", Align::Right},
         {"quantity", Align::Right},
         {"amount", Align::Right}}};
    for (json const& one : field(account, "lines"))
        lines.add(
            {text(one, "service"),
             text(one, "unit"),
             text(one, "tariff"),
             text(one, "quantity"),
             money(one, "amount")});
    Table movements{
        {{"at"}, {"what"}, {"change", Align::Right}, {"owes then", Align::Right}, {"reference"}}};
    for (json const& one : field(account, "movements"))
        movements.add(
            {moment(one, "at"),
             text(one, "kind"),
             money(one, "change"),
             money(one, "balance"),
             text(one, "reference")});
    std::string const services = lines.text();
    std::string const history = movements.text();
    told += services.empty() ? "" : "\n" + services;
    told += history.empty() ? "" : "\n" + history;
    return told;
}

std::string describe_trial_balance(json const& trial) {
    Table table{
        {{"account"},
         {"debits", Align::Right},
         {"credits", Align::Right},
         {"pending", Align::Right},
         {"balance", Align::Right}}};
    for (json const& account : field(trial, "accounts")) {
        // One of the two: nobody holds money for and against one account.
        std::string const credit = text(account, "credits_pending");
        char const* const pending = credit == "0.00" ? "debits_pending" : "credits_pending";
        table.add(
            {text(account, "account"),
             money(account, "debits"),
             money(account, "credits"),
             money(account, pending),
             money(account, "balance")});
    }
    table.add({"total", money(trial, "debits"), money(trial, "credits"), "", ""});
    return table.text() + "difference " + money(trial, "difference") + "\n";
}

std::string describe_verification(json const& verification) {
    std::string const size = text(verification, "entries") + " entries, " +
                             text(verification, "transfers") + " transfers, " +
                             text(verification, "accounts") + " accounts";
    json const& difference = field(verification, "difference");
    if (difference.is_null())
        return "The books agree: " + size + ", no difference.\n";
    return "The books do NOT agree (" + size + "). The first difference:\n" +
           line("place", text(difference, "place")) +
           line("expected", text(difference, "expected")) +
           line("found", text(difference, "found"));
}

std::string describe_register(json const& written) {
    std::string told = "Register of " + text(written, "day") + " for provider " +
                       text(written, "provider") + ", version " + text(written, "version") + "\n";
    told += line("payments", text(written, "rows"));
    told += line("accepted", money(written, "sum"));
    told += line("withheld", money(written, "withheld"));
    told += line("payable", money(written, "payable"));
    told += line("ledger", "entries " + text(written, "from") + " to " + text(written, "to"));
    return told + line("file", text(written, "path"));
}

std::string describe_status(json const& status) {
    json const& kiosks = field(status, "kiosks");
    json const& outbox = field(status, "outbox");
    json const& ledger = field(status, "ledger");
    std::string told = "fleetd " + text(status, "version") + ", " + moment(status, "time") + "\n";
    told += line(
        "kiosks",
        text(kiosks, "known") + " known, " + text(kiosks, "connected") + " connected, " +
            text(kiosks, "quarantined") + " in quarantine");
    told += line("payments", text(status, "payments"));
    told += line(
        "ledger", text(ledger, "entries") + " entries, difference " + money(ledger, "difference"));
    std::string counts;
    for (char const* state : {"NEW", "SENT", "UNKNOWN", "OK", "REFUSED"})
        counts += std::string{counts.empty() ? "" : ", "} + state + " " + text(outbox, state);
    told += line("outbox", counts);
    told += line("for a person", text(outbox, "for_person"));
    return told;
}

} // namespace fleet::ctl
