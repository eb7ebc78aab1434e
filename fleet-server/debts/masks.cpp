#include <algorithm>
#include <array>
#include <vector>

#include "fleet-server/debts/debts.hpp"
#include "protocol/text/utf8.hpp"

namespace fleet::debts {

namespace {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        auto const end = std::min(text.find(' '), text.size());
        if (end > 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string first_letter(std::string_view word) {
    std::string letter;
    if (auto const character = protocol::text::take_character(word))
        protocol::text::append_character(letter, *character);
    return letter;
}

} // namespace

std::string mask_payer(std::string_view full_name) {
    auto const words = words_of(full_name);
    if (words.empty())
        return {};
    // A surname alone would be shown in full, but so it is on every letter box; a company stays
    // recognisable by its first word.
    std::string masked{words.front()};
    constexpr std::size_t initials_max = 2;
    for (std::size_t i = 1; i < words.size() && i <= initials_max; ++i)
        masked += " " + first_letter(words[i]) + ".";
    return masked;
}

std::string mask_address(std::string_view address) {
    // Street and house tell the payer that it is the right bill; the flat would tell a stranger.
    constexpr std::array<std::string_view, 5> flats = {"кв.", "кв ", "квартира", "ком.", "комн."};
    std::size_t cut = std::string_view::npos;
    for (std::string_view const flat : flats)
        if (auto const at = address.find(flat); at != std::string_view::npos)
            cut = std::min(cut, at + flat.size());
    if (cut == std::string_view::npos)
        return std::string{address};
    auto head = std::string{address.substr(0, cut)};
    while (!head.empty() && head.back() == ' ')
        head.pop_back();
    return head + " ***";
}

} // namespace fleet::debts
