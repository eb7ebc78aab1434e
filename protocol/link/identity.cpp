#include "protocol/link/identity.hpp"

#include <charconv>

namespace protocol::link {

namespace {

constexpr std::string_view prefix = "kiosk-";

std::optional<std::uint32_t> number(std::string_view digits, std::uint32_t largest) {
    if (digits.empty() || digits.front() < '1' || digits.front() > '9')
        return std::nullopt;
    std::uint32_t value = 0;
    auto const [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc{} || end != digits.data() + digits.size() || value > largest)
        return std::nullopt;
    return value;
}

} // namespace

std::string common_name(Identity identity) {
    return std::string{prefix} + std::to_string(identity.kiosk) + "-" +
           std::to_string(identity.epoch);
}

std::optional<Identity> identity_from_common_name(std::string_view name) {
    if (!name.starts_with(prefix))
        return std::nullopt;
    name.remove_prefix(prefix.size());
    auto const dash = name.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    auto const kiosk = number(name.substr(0, dash), kiosk_number_max);
    auto const epoch = number(name.substr(dash + 1), epoch_max);
    if (!kiosk || !epoch)
        return std::nullopt;
    return Identity{*kiosk, *epoch};
}

} // namespace protocol::link
