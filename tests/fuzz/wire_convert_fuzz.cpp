// Whatever a message says: its values are refused by name, or they go to the wire and come back as
// they are.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "protocol/wire/convert.hpp"
#include "protocol/wire/message.hpp"

namespace {

namespace wire = protocol::wire;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void check(wire::Catalog const& message) {
    auto const catalog = wire::catalog_from_wire(message);
    if (!catalog) {
        require(!wire::name(catalog.error()).empty());
        return;
    }
    auto const again = wire::catalog_from_wire(wire::to_wire(*catalog));
    require(again && *again == *catalog);
}

void check(wire::AccountAnswer const& message) {
    auto const state = wire::account_from_wire(message, 7, "M003K006");
    if (!state) {
        require(!wire::name(state.error()).empty());
        return;
    }
    require(state->provider_id == 7 && state->account == "M003K006");
    require(!state->debt.is_negative() && !state->advance.is_negative());
    auto const again = wire::account_from_wire(wire::to_wire(*state, message.id()), 7, "M003K006");
    require(again && *again == *state);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const message = wire::read_from_server({data, size});
    if (!message)
        return 0;
    if (message->has_catalog())
        check(message->catalog());
    if (message->has_welcome())
        check(message->welcome().catalog());
    if (message->has_account_answer())
        check(message->account_answer());
    return 0;
}
