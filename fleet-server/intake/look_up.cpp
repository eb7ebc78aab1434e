#include "fleet-server/catalog/catalog.hpp"
#include "fleet-server/debts/debts.hpp"
#include "fleet-server/intake/intake.hpp"
#include "protocol/account/account.hpp"
#include "protocol/wire/convert.hpp"

namespace fleet::intake {

namespace wire = protocol::wire;
using store::Outcome;

namespace {

wire::AccountAnswer answer(wire::AccountQuery const& query, wire::AccountAnswer::Outcome outcome) {
    wire::AccountAnswer made;
    made.set_id(query.id());
    made.set_outcome(outcome);
    return made;
}

} // namespace

Outcome<wire::AccountAnswer> look_up(
    store::Reading const& reading, wire::AccountQuery const& query) {
    TRY(auto const provider, catalog::find_provider(reading, query.provider()));
    if (!provider || provider->is_closed)
        return answer(query, wire::AccountAnswer::UNKNOWN_PROVIDER);
    auto const mask = protocol::account::Mask::parse(provider->shown.account_mask);
    auto const number = mask ? protocol::account::read_account(*mask, query.account())
                             : protocol::account::fold_account(query.account());
    if (!number)
        return answer(query, wire::AccountAnswer::UNKNOWN_ACCOUNT);
    TRY(auto state, debts::state_of(reading, query.provider(), number->canonical));
    if (!state)
        return answer(query, wire::AccountAnswer::UNKNOWN_ACCOUNT);
    // Some lines would not add up to the whole: rather none than a part.
    if (state->lines.size() > static_cast<std::size_t>(wire::service_lines_max))
        state->lines.clear();
    return wire::to_wire(*state, query.id());
}

} // namespace fleet::intake
