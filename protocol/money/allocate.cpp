#include "protocol/money/allocate.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace protocol {
namespace {

__extension__ using Wide = __int128;

std::uint64_t sum_of(std::span<std::uint32_t const> weights) {
    return std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
}

/// Everybody's part cut down to the kopeck, and what was cut off in T-ths of a kopeck.
struct Cut {
    std::vector<std::int64_t> parts;
    std::vector<std::int64_t> remainders;
    std::size_t left_over = 0; ///< Kopecks; fewer than there are remainders above 0.
};

Cut cut_down(std::int64_t minor, std::span<std::uint32_t const> weights, std::uint64_t total) {
    Cut cut;
    cut.parts.reserve(weights.size());
    cut.remainders.reserve(weights.size());
    std::int64_t given = 0;
    for (std::uint32_t const weight : weights) {
        Wide const product = Wide{minor} * Wide{weight};
        // weight <= total, so a part is not above the amount and a remainder is below 2^32.
        cut.parts.push_back(static_cast<std::int64_t>(product / Wide{total}));
        cut.remainders.push_back(static_cast<std::int64_t>(product % Wide{total}));
        given += cut.parts.back();
    }
    assert(given <= minor);
    cut.left_over = static_cast<std::size_t>(minor - given);
    return cut;
}

/// One kopeck each to the `cut.left_over` greatest claims among those who lost something by the
/// cut.
void hand_out_left_over(Cut& cut, std::vector<std::int64_t> const& claims) {
    std::vector<std::size_t> unfair;
    for (std::size_t i = 0; i < cut.parts.size(); ++i)
        if (cut.remainders[i] > 0)
            unfair.push_back(i);
    assert(cut.left_over <= unfair.size());
    std::stable_sort(unfair.begin(), unfair.end(), [&](std::size_t left, std::size_t right) {
        return claims[left] > claims[right];
    });
    for (std::size_t place = 0; place < cut.left_over; ++place)
        ++cut.parts[unfair[place]];
}

std::vector<Money> to_money(std::vector<std::int64_t> const& parts, Currency currency) {
    std::vector<Money> money;
    money.reserve(parts.size());
    for (std::int64_t const part : parts)
        money.push_back(Money::from_minor(part, currency));
    return money;
}

Result<std::uint64_t, MoneyError> checked_sum(
    Money amount, std::span<std::uint32_t const> weights) {
    if (amount.is_negative())
        return fail(MoneyError::NotAnAmount);
    std::uint64_t const total = sum_of(weights);
    if (total == 0)
        return fail(MoneyError::Indivisible);
    if (total > weights_sum_max)
        return fail(MoneyError::Overflow);
    return total;
}

bool residues_fit(std::span<Residue const> residues, std::size_t count) {
    if (residues.size() != count)
        return false;
    Wide sum = 0;
    for (Residue const residue : residues) {
        if (residue.parts > residue_max || residue.parts < -residue_max)
            return false;
        sum += residue.parts;
    }
    return sum == 0;
}

} // namespace

Result<std::vector<Money>, MoneyError> allocate(
    Money amount, std::span<std::uint32_t const> weights) {
    TRY(std::uint64_t const total, checked_sum(amount, weights));
    Cut cut = cut_down(amount.minor(), weights, total);
    hand_out_left_over(cut, cut.remainders);
    return to_money(cut.parts, amount.currency());
}

Result<std::vector<Money>, MoneyError> allocate_carrying(
    Money amount, std::span<std::uint32_t const> weights, std::span<Residue> residues) {
    TRY(std::uint64_t const total, checked_sum(amount, weights));
    if (!residues_fit(residues, weights.size()))
        return fail(MoneyError::BrokenResidues);

    Cut cut = cut_down(amount.minor(), weights, total);
    // What each is owed after the cut. |residue| <= 2^52 and a remainder is below 2^32: no
    // overflow.
    std::vector<std::int64_t> claims(weights.size());
    for (std::size_t i = 0; i < claims.size(); ++i)
        claims[i] = residues[i].parts + cut.remainders[i];

    std::vector<std::int64_t> const before = cut.parts;
    hand_out_left_over(cut, claims);
    for (std::size_t i = 0; i < claims.size(); ++i)
        residues[i].parts =
            claims[i] - (cut.parts[i] - before[i]) * static_cast<std::int64_t>(total);
    return to_money(cut.parts, amount.currency());
}

bool residues_are_small(std::span<std::uint32_t const> weights, std::span<Residue const> residues) {
    auto const bound = static_cast<std::int64_t>(2 * sum_of(weights));
    return std::all_of(residues.begin(), residues.end(), [&](Residue const residue) {
        return residue.parts <= bound && residue.parts >= -bound;
    });
}

} // namespace protocol
