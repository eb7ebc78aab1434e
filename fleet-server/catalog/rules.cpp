#include "fleet-server/catalog/rules.hpp"

#include "fleet-server/catalog/shelf.hpp"

namespace fleet::catalog {

using protocol::fail;
using protocol::Result;
using store::Outcome;

namespace {

/// The number of the provider that the INN names; the rule's own one where several have it.
Outcome<std::optional<std::uint32_t>> resolve(
    store::Reading const& reading, std::uint32_t own, std::string const& inn) {
    TRY(auto const found,
        (reading.one<std::int64_t, std::optional<std::uint32_t>, std::optional<bool>>(
            "SELECT count(*), max(id), max(id = ?1) FROM provider "
            "WHERE inn = ?2 AND is_closed = 0",
            {own, inn})));
    if (!found || std::get<0>(*found) == 0)
        return std::optional<std::uint32_t>{};
    auto const& [count, id, has_own] = *found;
    if (has_own.value_or(false))
        return std::optional{own};
    return count == 1 ? id : std::nullopt;
}

Outcome<std::optional<RuleVersion>> complete(
    store::Reading const& reading, std::uint32_t provider,
    std::optional<std::tuple<std::uint32_t, UtcTime, std::string>> row) {
    if (!row)
        return std::optional<RuleVersion>{};
    auto& [version, effective_from, text] = *row;
    RuleVersion rule{provider, version, effective_from, std::move(text), {}};
    TRY_VOID(reading.each<std::uint32_t>(
        "SELECT receiver FROM split_rule_receiver WHERE provider = ? AND version = ? "
        "ORDER BY position",
        {provider, rule.version},
        [&](std::uint32_t receiver) { rule.receivers.push_back(receiver); }));
    return std::optional{std::move(rule)};
}

/// What a rule can say and the books do not keep yet: in force, it would divide by figures that are
/// not there.
std::optional<protocol::Complaint> beyond_the_books(splitting::Rule const& rule) {
    for (splitting::Step const& step : rule.steps)
        if (std::holds_alternative<splitting::Debts>(step))
            return protocol::Complaint{
                "steps",
                "the books keep one debt an account, not debts by service",
                "use allocate with the services' shares; `fleetctl rule try` shows both"};
    for (splitting::Receiver const& receiver : rule.receivers)
        if (receiver.mode == splitting::CommissionMode::Invoiced)
            return protocol::Complaint{
                "receivers." + receiver.name + ".invoiced",
                "the books make no invoices of commission",
                "write withheld, or leave the commission out"};
    return std::nullopt;
}

} // namespace

Outcome<Result<RuleVersion, Complaints>> publish_rule(
    store::Transaction& transaction, std::uint32_t provider, std::string_view toml, UtcTime now) {
    using Answer = Result<RuleVersion, Complaints>;
    TRY(auto const owner, find_provider(transaction, provider));
    if (!owner)
        return Answer{fail(Complaints{
            {"the provider",
             "there is no provider " + std::to_string(provider),
             "create it first"}})};
    auto const rule = splitting::read_rule(toml);
    if (!rule)
        return Answer{fail(Complaints{rule.error()})};
    Complaints complaints;
    RuleVersion published{provider, 1, rule->effective_from, std::string{toml}, {}};
    for (auto const& receiver : rule->receivers) {
        TRY(auto const id, resolve(transaction, provider, receiver.inn));
        if (!id)
            complaints.push_back(
                {"receivers." + receiver.name,
                 "no open provider, or more than one, has the INN " + receiver.inn,
                 "create the provider first, or correct the INN"});
        published.receivers.push_back(id.value_or(0));
    }
    if (auto complaint = beyond_the_books(*rule))
        complaints.push_back(std::move(*complaint));
    if (complaints.empty())
        if (auto complaint = splitting::try_rule(*rule))
            complaints.push_back(std::move(*complaint));
    if (!complaints.empty())
        return Answer{fail(std::move(complaints))};

    TRY(auto const last,
        transaction.value<std::uint32_t>(
            "SELECT coalesce(max(version), 0) FROM split_rule WHERE provider = ?", {provider}));
    published.version = last.value_or(0) + 1;
    TRY_VOID(transaction.execute(
        "INSERT INTO split_rule (provider, version, effective_from, text, published_at) "
        "VALUES (?, ?, ?, ?, ?)",
        {provider, published.version, published.effective_from, toml, now}));
    for (std::size_t position = 0; position < published.receivers.size(); ++position)
        TRY_VOID(transaction.execute(
            "INSERT INTO split_rule_receiver (provider, version, position, receiver) "
            "VALUES (?, ?, ?, ?)",
            {provider, published.version, position, published.receivers[position]}));
    transaction.companion<Shelf>().clear();
    return Answer{std::move(published)};
}

Outcome<std::vector<RuleVersion>> rule_versions(
    store::Reading const& reading, std::uint32_t provider) {
    TRY(auto rows,
        (reading.all<std::uint32_t, UtcTime, std::string>(
            "SELECT version, effective_from, text FROM split_rule WHERE provider = ? "
            "ORDER BY effective_from, version",
            {provider})));
    std::vector<RuleVersion> versions;
    for (auto& row : rows) {
        TRY(auto version, complete(reading, provider, std::move(row)));
        versions.push_back(std::move(*version));
    }
    return versions;
}

Outcome<std::optional<RuleVersion>> rule_at(
    store::Reading const& reading, std::uint32_t provider, UtcTime at) {
    TRY(auto row,
        (reading.one<std::uint32_t, UtcTime, std::string>(
            "SELECT version, effective_from, text FROM split_rule "
            "WHERE provider = ? AND effective_from <= ? "
            "ORDER BY effective_from DESC, version DESC LIMIT 1",
            {provider, at})));
    return complete(reading, provider, std::move(row));
}

Outcome<std::optional<RuleVersion>> find_rule(
    store::Reading const& reading, std::uint32_t provider, std::uint32_t version) {
    TRY(auto row,
        (reading.one<std::uint32_t, UtcTime, std::string>(
            "SELECT version, effective_from, text FROM split_rule WHERE provider = ? AND version = "
            "?",
            {provider, version})));
    return complete(reading, provider, std::move(row));
}

} // namespace fleet::catalog
