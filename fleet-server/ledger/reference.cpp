#include "fleet-server/ledger/reference.hpp"

namespace fleet::ledger {

log_index::Key key_of_reference(std::string_view reference) {
    using log_index::Frequency;
    if (auto const number = number_of_digits(reference))
        return log_index::key_of(
            Frequency::Rare,
            "reference",
            static_cast<std::uint64_t>(*number) / log_index::block_size);
    return log_index::key_of(Frequency::Rare, "reference", reference);
}

log_index::Key key_of_account(std::int64_t account) {
    return log_index::key_of(
        log_index::Frequency::Often, "account", static_cast<std::uint64_t>(account));
}

} // namespace fleet::ledger
