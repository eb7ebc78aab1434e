#include "fleet-server/splitting/rate.hpp"

namespace fleet::splitting {

namespace {

constexpr std::uint32_t ppm_per_percent = 10'000;
constexpr std::size_t decimals_max = 4;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<protocol::commission::Rate> read_rate(std::string_view text) {
    if (text.empty() || text.back() != '%')
        return std::nullopt;
    text.remove_suffix(1);
    if (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    std::uint32_t whole = 0;
    std::size_t digits = 0;
    while (!text.empty() && is_digit(text.front()) && ++digits <= 3) {
        whole = whole * 10 + static_cast<std::uint32_t>(text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0)
        return std::nullopt;
    std::uint32_t parts = 0;
    if (!text.empty() && (text.front() == '.' || text.front() == ',')) {
        text.remove_prefix(1);
        if (text.empty() || text.size() > decimals_max)
            return std::nullopt;
        std::uint32_t place = ppm_per_percent;
        for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
            place /= 10;
            parts += static_cast<std::uint32_t>(text.front() - '0') * place;
        }
    }
    std::uint32_t const ppm = whole * ppm_per_percent + parts;
    if (!text.empty() || ppm > 100 * ppm_per_percent)
        return std::nullopt;
    return protocol::commission::Rate{ppm};
}

std::string to_string(protocol::commission::Rate rate) {
    std::string decimals = std::to_string(rate.ppm % ppm_per_percent);
    decimals.insert(0, decimals_max - decimals.size(), '0');
    while (!decimals.empty() && decimals.back() == '0')
        decimals.pop_back();
    return std::to_string(rate.ppm / ppm_per_percent) + (decimals.empty() ? "" : "." + decimals) +
           " %";
}

} // namespace fleet::splitting
