#include "fleet-server/api/handlers.hpp"
#include "fleet-server/api/shapes.hpp"
#include "protocol/account/account.hpp"

namespace fleet::api {

namespace {

using protocol::fail;
using store::Reading;
using store::Transaction;

constexpr std::int64_t list_max = 1'000;

// For work that reads one provider's something: the provider's refusal or the something.
template <class T, class Work>
Outcome<T> of_provider(Context const& context, Request const& request, Work work) {
    auto answer = context.read([&](Reading const& reading) -> store::Outcome<Outcome<T>> {
        TRY(auto provider, provider_in(reading, request));
        if (!provider)
            return Outcome<T>{fail(std::move(provider).error())};
        return work(reading, *provider);
    });
    if (!answer)
        return fail(std::move(answer).error());
    return std::move(*answer);
}

std::string object_of(catalog::Provider const& provider) {
    return "provider " + std::to_string(provider.shown.id);
}

// The account as the provider's registers have it, from what an operator typed in any script.
Outcome<std::string> canonical(catalog::Provider const& provider, std::string const& typed) {
    auto const mask = protocol::account::Mask::parse(provider.shown.account_mask);
    auto const account = mask ? protocol::account::read_account(*mask, typed)
                              : protocol::account::fold_account(typed);
    if (!account)
        return fail(refusal(
            Status::BadRequest,
            Complaint{
                "account " + typed,
                "it does not have the shape of this provider's accounts, " +
                    provider.shown.account_mask,
                "write it as it stands on a bill"}));
    return account->canonical;
}

Refusal no_account(std::string const& account) {
    return refusal(
        Status::NotFound,
        Complaint{
            "account " + account,
            "no register and no payment ever named it",
            "check the account, or import the provider's charges"});
}

} // namespace

Reply list_providers(Context const& context, Request const&) {
    TRY(auto const providers,
        context.read([](Reading const& reading) { return catalog::all_providers(reading); }));
    return json{{"providers", shapes(providers)}};
}

Reply create_provider(Context const& context, Request const& request) {
    auto const provider = catalog::read_provider(request.body);
    if (!provider)
        return fail(refusal(Status::Unprocessable, provider.error()));
    auto reply =
        change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
            TRY(auto const id, catalog::create_provider(transaction, *provider, now));
            if (!id)
                return Outcome<Changed>{fail(refusal(Status::Conflict, id.error()))};
            TRY(auto const made, catalog::find_provider(transaction, *id));
            json const answer = made ? shape(*made) : json{{"id", *id}};
            return Outcome<Changed>{Changed{answer, "provider " + std::to_string(*id), answer}};
        });
    if (reply)
        context.on_catalog_changed();
    return reply;
}

Reply show_provider(Context const& context, Request const& request) {
    return of_provider<json>(
        context,
        request,
        [](Reading const&, catalog::Provider const& provider) -> store::Outcome<Reply> {
            return Reply{shape(provider)};
        });
}

Reply show_rule(Context const& context, Request const& request) {
    UtcTime const now = context.clock();
    return of_provider<json>(
        context,
        request,
        [now](Reading const& reading, catalog::Provider const& provider) -> store::Outcome<Reply> {
            TRY(auto const rule, catalog::rule_at(reading, provider.shown.id, now));
            if (!rule)
                return Reply{fail(refusal(
                    Status::NotFound,
                    Complaint{
                        object_of(provider),
                        "no rule is in force, its payments go to suspense",
                        "publish one: fleetctl rule set"}))};
            return Reply{shape(*rule)};
        });
}

Reply set_rule(Context const& context, Request const& request) {
    return change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
        TRY(auto const provider, provider_in(transaction, request));
        if (!provider)
            return Outcome<Changed>{fail(provider.error())};
        TRY(auto const rule,
            catalog::publish_rule(transaction, provider->shown.id, request.body, now));
        if (!rule)
            return Outcome<Changed>{fail(refusal(Status::Unprocessable, rule.error()))};
        return Outcome<Changed>{Changed{shape(*rule), object_of(*provider), shape(*rule)}};
    });
}

Reply list_charges(Context const& context, Request const& request) {
    TRY(auto const count, request.number_or("count", 1, list_max, 20));
    return of_provider<json>(
        context,
        request,
        [count](
            Reading const& reading, catalog::Provider const& provider) -> store::Outcome<Reply> {
            TRY(auto const reports,
                charges::imports_of(reading, provider.shown.id, static_cast<std::size_t>(count)));
            return Reply{json{{"imports", shapes(reports)}}};
        });
}

Reply import_charges(Context const& context, Request const& request) {
    std::string const file = request.query_or("file", "charges");
    std::string const written = request.query_or("encoding", "");
    auto const encoding = written.empty() ? std::nullopt : charges::encoding_from_name(written);
    if (!written.empty() && !encoding)
        return fail(refusal(
            Status::BadRequest,
            Complaint{
                "parameter encoding",
                "'" + written + "' is not an encoding of registers",
                "write utf-8, windows-1251, cp866 or koi8-r, or leave it out"}));
    protocol::ByteView const content{
        reinterpret_cast<std::uint8_t const*>(request.body.data()), request.body.size()};
    return change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
        TRY(auto const provider, provider_in(transaction, request));
        if (!provider)
            return Outcome<Changed>{fail(provider.error())};
        TRY(auto const report,
            charges::import_charges(transaction, provider->shown.id, file, content, encoding, now));
        if (!report)
            return Outcome<Changed>{fail(refusal(Status::Unprocessable, report.error()))};
        json detail = shape(*report);
        detail["doubtful"] = report->doubts.size();
        detail["file"] = file;
        return Outcome<Changed>{Changed{shape(*report), object_of(*provider), std::move(detail)}};
    });
}

Reply show_account(Context const& context, Request const& request) {
    return of_provider<json>(
        context,
        request,
        [&](Reading const& reading, catalog::Provider const& provider) -> store::Outcome<Reply> {
            auto const account = canonical(provider, request.name("account"));
            if (!account)
                return Reply{fail(account.error())};
            TRY(auto const state, debts::state_of(reading, provider.shown.id, *account));
            if (!state)
                return Reply{fail(no_account(*account))};
            TRY(auto const movements, debts::movements(reading, provider.shown.id, *account));
            json answer = shape(*state);
            answer["movements"] = shapes(movements);
            return Reply{std::move(answer)};
        });
}

Reply list_registers(Context const& context, Request const& request) {
    return of_provider<json>(
        context,
        request,
        [](Reading const& reading, catalog::Provider const& provider) -> store::Outcome<Reply> {
            TRY(auto const written, registers::registers_of(reading, provider.shown.id));
            return Reply{json{{"registers", shapes(written)}}};
        });
}

Reply write_register(Context const& context, Request const& request) {
    UtcTime const asked = context.clock();
    auto const zone = context.zone(asked);
    std::string const day = request.query_or("day", iso(asked + zone).substr(0, 10));
    registers::Register written;
    auto answer =
        change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
            TRY(auto const provider, provider_in(transaction, request));
            if (!provider)
                return Outcome<Changed>{fail(provider.error())};
            TRY(auto const outcome,
                registers::write_register(transaction, provider->shown.id, day, zone, now));
            if (!outcome)
                return Outcome<Changed>{fail(refusal(
                    Status::Unprocessable,
                    Complaint{
                        "day " + day,
                        std::string{registers::name(outcome.error())},
                        "name a day as 2010-02-05, not before the last one written"}))};
            written = *outcome;
            return Outcome<Changed>{Changed{shape(written), object_of(*provider), shape(written)}};
        });
    if (!answer)
        return answer;
    // The register is in the books now; its file can be made again from there at any time.
    auto const path = registers::save_register(context.registers, written);
    if (!path)
        return fail(refusal(
            Status::Broken,
            Complaint{
                context.registers.string(),
                path.error(),
                "mend the folder and write the register again"}));
    (*answer)["path"] = path->string();
    return answer;
}

} // namespace fleet::api
