#include "fleet-server/ledger/chart.hpp"

#include <algorithm>
#include <array>

namespace fleet::ledger {

namespace {

constexpr std::size_t name_size_max = 200;

struct Chapter {
    std::string_view begins;
    AccountRule rule;
};
// A prefix with a point at its end has parts after it; one without is a whole name.
constexpr std::array<Chapter, 12> chart = {{
    {"cash.kiosk.", {Kind::Asset, Overdraft::Refused}},
    {"cash.transit.", {Kind::Asset, Overdraft::Refused}},
    {"bank.special", {Kind::Asset, Overdraft::Refused}},
    {"payable.", {Kind::Liability, Overdraft::Refused}},
    {"inflight.", {Kind::Liability, Overdraft::Refused}},
    {"fee.external", {Kind::Income, Overdraft::Allowed}},
    {"fee.internal.", {Kind::Income, Overdraft::Allowed}},
    {"suspense.unmatched", {Kind::Liability, Overdraft::Refused}},
    {"change.payer.", {Kind::Liability, Overdraft::Refused}},
    {"cash.over", {Kind::Income, Overdraft::Allowed}},
    {"cash.short", {Kind::Expense, Overdraft::Allowed}},
    {"adjust.", {Kind::Expense, Overdraft::Allowed}},
}};

bool is_well_formed(std::string_view name) {
    auto const is_printable = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte > ' ' && byte != 0x7F; // UTF-8 passes: accounts may be Cyrillic.
    };
    return !name.empty() && name.size() <= name_size_max && name.front() != '.' &&
           name.back() != '.' && name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), is_printable);
}

} // namespace

std::optional<AccountRule> rule_of(std::string_view account) {
    if (!is_well_formed(account))
        return std::nullopt;
    for (Chapter const& chapter : chart) {
        bool const has_parts = chapter.begins.back() == '.';
        if (has_parts ? account.starts_with(chapter.begins) : account == chapter.begins)
            return chapter.rule;
    }
    return std::nullopt;
}

std::string cash_of(std::uint32_t kiosk) {
    return "cash.kiosk." + std::to_string(kiosk) + ".main";
}
std::string payable_of(std::uint32_t provider) {
    return "payable." + std::to_string(provider);
}
std::string inflight_of(std::uint32_t provider) {
    return "inflight." + std::to_string(provider);
}
std::string fee_external() {
    return "fee.external";
}
std::string fee_internal_of(std::uint32_t provider) {
    return "fee.internal." + std::to_string(provider);
}
std::string change_of(std::uint32_t provider, std::string_view account) {
    return "change.payer." + std::to_string(provider) + "." + std::string{account};
}
std::string suspense() {
    return "suspense.unmatched";
}

} // namespace fleet::ledger
