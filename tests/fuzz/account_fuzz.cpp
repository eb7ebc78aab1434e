// Whatever is typed: it is refused, or it folds to an account that folds to itself, whatever script
// it is written in. Input: one byte, the size of the mask; the mask; what was typed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/account/account.hpp"
#include "protocol/account/masking.hpp"
#include "protocol/text/letter_case.hpp"
#include "protocol/text/utf8.hpp"

namespace {

using namespace protocol;
using namespace protocol::account;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_canonical(std::string_view canonical) {
    // None of these may be left: each has a Latin twin.
    constexpr std::u32string_view folded_away = U"АВСЕНКМОРТХУ";
    require(!canonical.empty() && text::count_characters(canonical) <= account_characters_max);
    require(text::to_upper(canonical) == canonical);
    while (auto const character = text::take_character(canonical))
        require(folded_away.find(*character) == std::u32string_view::npos && *character > U' ');
    require(canonical.empty());
}

void check_folding(std::string_view typed) {
    auto const account = fold_account(typed);
    if (!account)
        return;
    require_canonical(account->canonical);
    require(account->typed == typed);
    auto const again = fold_account(account->canonical);
    require(again && again->canonical == account->canonical);
    auto const small = fold_account(" " + account->typed + "\u00A0");
    require(!small || small->canonical == account->canonical);
}

void check_mask(std::string_view mask_text, std::string_view typed) {
    auto const mask = Mask::parse(mask_text);
    if (!mask)
        return;
    require(mask->text() == mask_text);
    auto const account = read_account(*mask, typed);
    if (!account)
        return;
    require_canonical(account->canonical);
    require(account->typed == typed);
    auto const again = read_account(*mask, account->canonical);
    require(again && again->canonical == account->canonical);
}

void check_masking(std::string_view text) {
    auto const person = mask_person(text);
    require(text::is_utf8(person) && mask_person(person) == person);
    auto const address = mask_address(text);
    require(text::is_utf8(address) && mask_address(address) == address);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::string_view const text{reinterpret_cast<char const*>(data) + 1, size - 1};
    std::size_t const mask_size = std::min<std::size_t>(data[0], text.size());
    std::string_view const typed = text.substr(mask_size);
    check_folding(typed);
    check_mask(text.substr(0, mask_size), typed);
    check_masking(typed);
    return 0;
}
