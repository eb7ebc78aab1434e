#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/money/money.hpp"

/// One amount shared between several receivers by weight, to the kopeck.
///
/// Of amount A and weights w with sum T, receiver i is owed A * w[i] / T. It gets that number cut
/// down, and the kopecks left over go one each to those whose cut was unfair. Always: the parts add
/// up to A; a part differs from what is owed by less than a kopeck; a receiver that is owed a whole
/// number of kopecks gets exactly it; the same input gives the same parts.
///
/// Refused: MoneyError::NotAnAmount for a negative amount (a reversal negates the parts that were
/// posted, it never allocates anew), Indivisible when there is no weight above 0, Overflow when the
/// weights add up to more than weights_sum_max.
namespace protocol {

inline constexpr std::uint64_t weights_sum_max = std::uint64_t{1} << 32U;

/// The leftover kopecks go to the greatest remainders, ties to the receiver named first. Anybody
/// can recompute it from one document; a receiver with an unlucky weight loses the same fraction of
/// a kopeck on every equal payment.
[[nodiscard]] Result<std::vector<Money>, MoneyError> allocate(
    Money amount, std::span<std::uint32_t const> weights);
/// The same into `parts`, one a weight, whose former content does not matter. Up to 16 weights
/// without asking for memory: what a server does for every payment.
[[nodiscard]] Result<void, MoneyError> allocate_into(
    Money amount, std::span<std::uint32_t const> weights, std::span<Money> parts);

/// What a receiver is still owed from earlier payments (negative: what it got too much), in T-ths
/// of a kopeck, T being the sum of the weights. Means something only for the weights it arose from:
/// a rule that changes its weights starts at 0.
struct Residue {
    std::int64_t parts = 0;
    friend bool operator==(Residue const&, Residue const&) = default;
};

/// As `allocate`, but the leftover kopecks go to whom most is owed over all payments so far, so
/// that no receiver drifts away from its share. Reads and replaces the residues: one a weight, all
/// 0 at first, to be stored in the same transaction as the parts. Their sum stays 0 for ever.
/// MoneyError::BrokenResidues when they are not one a weight, do not add up to 0, or are beyond
/// any sense (more than residue_max); then they are left as they were.
[[nodiscard]] Result<std::vector<Money>, MoneyError> allocate_carrying(
    Money amount, std::span<std::uint32_t const> weights, std::span<Residue> residues);
/// The same into `parts`, as allocate_into.
[[nodiscard]] Result<void, MoneyError> allocate_carrying_into(
    Money amount, std::span<std::uint32_t const> weights, std::span<Residue> residues,
    std::span<Money> parts);

/// Shares `amount` in proportion to claims that it cannot or need not satisfy in full: debts of one
/// class, or what is left to give back of each part of a payment. Stateless, as `allocate`. Each
/// part lies between 0 and its claim, and when the claims are used up by one sharing after the
/// other, the last one ends at 0 exactly.
/// NotAnAmount: the amount or a claim is negative, or a claim is above amount_minor_max;
/// CurrencyMismatch; Indivisible: the amount is above all claims together.
[[nodiscard]] Result<std::vector<Money>, MoneyError> share_by_claims(
    Money amount, std::span<Money const> claims);

/// A million kopecks at the greatest sum of weights. Real ones stay near one kopeck.
inline constexpr std::int64_t residue_max = std::int64_t{1'000'000} << 32U;

/// Is every receiver within two kopecks of its share? Nobody has proved that carrying keeps this
/// bound (300 000 random payments stay within 1.05), so whoever stores residues watches it.
[[nodiscard]] bool residues_are_small(
    std::span<std::uint32_t const> weights, std::span<Residue const> residues);

} // namespace protocol
