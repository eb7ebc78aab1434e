#include "protocol/settings/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace protocol::settings {

namespace {

// Levenshtein's distance, one row at a time.
std::size_t edits_between(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            std::size_t const replaced = diagonal + (left[i] == right[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, replaced});
        }
    }
    return row.back();
}

constexpr std::size_t edits_max = 2;

} // namespace

std::string nearest(std::string_view word, std::vector<std::string> const& names) {
    std::string best;
    std::size_t best_edits = edits_max + 1;
    for (auto const& name : names) {
        auto const edits = edits_between(word, name);
        if (edits < best_edits && edits * 2 < word.size() + 1) {
            best = name;
            best_edits = edits;
        }
    }
    return best;
}

} // namespace protocol::settings
