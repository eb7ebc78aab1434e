#include <algorithm>
#include <optional>

#include "fleet-server/gateways/outbox.hpp"

namespace fleet::gateways {

namespace {

constexpr std::uint32_t kiosk_max = 999'999;
constexpr std::uint32_t epoch_max = 999;
constexpr std::uint64_t sequence_max = 999'999'999;
constexpr std::size_t digits_all = 18;

void write_digits(char* end, std::uint64_t number) {
    for (; number > 0; number /= 10)
        *--end = static_cast<char>('0' + number % 10);
}

} // namespace

std::optional<std::string> transaction_id(
    std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t sequence) {
    if (kiosk > kiosk_max || epoch > epoch_max || sequence > sequence_max)
        return std::nullopt;
    constexpr std::ptrdiff_t kiosk_end = 6;
    constexpr std::ptrdiff_t epoch_end = 9;
    std::string text(digits_all, '0');
    write_digits(text.data() + kiosk_end, kiosk);
    write_digits(text.data() + epoch_end, epoch);
    write_digits(text.data() + text.size(), sequence);
    return text;
}

std::optional<TransactionParts> record_of(std::string_view txn_id) {
    bool const is_number =
        txn_id.size() == digits_all &&
        std::all_of(txn_id.begin(), txn_id.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number)
        return std::nullopt;
    std::uint64_t number = 0;
    for (char const digit : txn_id)
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    std::uint64_t const first = number / (sequence_max + 1);
    return TransactionParts{
        static_cast<std::uint32_t>(first / (epoch_max + 1)),
        static_cast<std::uint32_t>(first % (epoch_max + 1)),
        number % (sequence_max + 1)};
}

} // namespace fleet::gateways
