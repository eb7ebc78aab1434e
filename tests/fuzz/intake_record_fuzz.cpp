// Whatever bytes a kiosk's record has: they are no record, or what comes out can be posted: the
// payment's parts are the notes, and every text can be stored.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fleet-server/intake/fact.hpp"
#include "protocol/text/utf8.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

bool is_amount(protocol::Money money) {
    return money.minor() >= 0 && money.minor() <= protocol::amount_minor_max;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const fact = fleet::intake::read_fact({data, size});
    if (!fact) {
        require(!fact.error().empty());
        return 0;
    }
    std::int64_t notes = 0;
    for (auto const& note : fact->notes) {
        require(note.value.is_positive() && note.count > 0);
        notes += note.value.minor() * note.count;
    }
    require(is_amount(fact->cash) && notes == fact->cash.minor());
    for (auto const& flag : fact->flags)
        require(!flag.kind.empty() && protocol::text::is_utf8(flag.explanation));
    if (!fact->payment)
        return 0;
    auto const& p = *fact->payment;
    for (auto const money : {p.cash, p.fee, p.credited, p.change, p.debt_shown})
        require(is_amount(money));
    require(p.cash == fact->cash);
    require(p.cash.minor() == p.fee.minor() + p.credited.minor() + p.change.minor());
    for (auto const* text : {&p.account, &p.account_typed, &p.debt_date})
        require(protocol::text::is_utf8(*text) && text->size() <= 256);
    return 0;
}
