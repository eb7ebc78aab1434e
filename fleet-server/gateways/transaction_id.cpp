#include <optional>

#include "fleet-server/gateways/outbox.hpp"

namespace fleet::gateways {

namespace {

std::string padded(std::uint64_t number, std::size_t digits) {
    std::string text = std::to_string(number);
    return std::string(digits - text.size(), '0') + text;
}

} // namespace

std::optional<std::string> transaction_id(
    std::uint32_t kiosk, std::uint32_t epoch, std::uint64_t sequence) {
    constexpr std::uint32_t kiosk_max = 999'999;
    constexpr std::uint32_t epoch_max = 999;
    constexpr std::uint64_t sequence_max = 999'999'999;
    if (kiosk > kiosk_max || epoch > epoch_max || sequence > sequence_max)
        return std::nullopt;
    return padded(kiosk, 6) + padded(epoch, 3) + padded(sequence, 9);
}

} // namespace fleet::gateways
