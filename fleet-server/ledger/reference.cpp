#include "fleet-server/ledger/reference.hpp"

#include <algorithm>

namespace fleet::ledger {

namespace {

constexpr std::size_t digits = 18;

} // namespace

std::optional<std::int64_t> number_of(std::string_view reference) {
    if (reference.size() != digits)
        return std::nullopt;
    std::int64_t number = 0;
    for (char const digit : reference) {
        if (digit < '0' || digit > '9')
            return std::nullopt;
        number = number * 10 + (digit - '0');
    }
    return number;
}

std::string reference_of(std::int64_t number) {
    std::string text(digits, '0');
    for (std::size_t place = digits; place > 0 && number > 0; number /= 10)
        text[--place] = static_cast<char>('0' + number % 10);
    return text;
}

log_index::Key key_of_reference(std::string_view reference) {
    using log_index::Frequency;
    if (auto const number = number_of(reference))
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
