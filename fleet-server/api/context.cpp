#include "fleet-server/api/context.hpp"

namespace fleet::api {

using protocol::fail;

Reply change(
    Context const& context, Request const& request,
    std::function<ChangeOutcome(store::Transaction&, UtcTime)> work) {
    UtcTime const now = context.clock();
    auto outcome = context.writer.write([&](store::Transaction& transaction) -> ChangeOutcome {
        TRY(Outcome<Changed> changed, work(transaction, now));
        if (changed)
            TRY_VOID(record(
                transaction,
                AuditLine{
                    .at = now,
                    .who = request.operator_name,
                    .action = request.action,
                    .object = changed->object,
                    .detail = to_text(changed->detail)}));
        return changed;
    });
    if (!outcome)
        return fail(refusal(outcome.error()));
    if (!*outcome)
        return fail(outcome->error());
    return std::move((*outcome)->answer);
}

store::Outcome<Outcome<catalog::Provider>> provider_in(
    store::Reading const& reading, Request const& request) {
    std::string const& written = request.name("provider");
    TRY(auto found, catalog::find_provider(reading, written));
    if (!found)
        return Outcome<catalog::Provider>{fail(refusal(
            Status::NotFound,
            Complaint{
                "provider " + written,
                "there is no such provider, or several",
                "name it by its number, see GET /providers"}))};
    return Outcome<catalog::Provider>{std::move(*found)};
}

} // namespace fleet::api
