#include "protocol/money/allocate.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace protocol {
namespace {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

std::uint64_t sum_of(std::span<std::uint32_t const> weights) {
    return std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
}

/// So many numbers, on the stack while they are few.
class Numbers {
public:
    explicit Numbers(std::size_t count) {
        if (count > few_.size())
            many_.resize(count);
        all_ = many_.empty() ? std::span{few_}.first(count) : std::span{many_};
    }
    Numbers(Numbers const&) = delete;
    Numbers& operator=(Numbers const&) = delete;
    ~Numbers() = default;
    std::int64_t& operator[](std::size_t i) { return all_[i]; }
    [[nodiscard]] std::size_t size() const { return all_.size(); }

private:
    std::array<std::int64_t, 16> few_{};
    std::vector<std::int64_t> many_;
    std::span<std::int64_t> all_;
};

struct Portion {
    std::int64_t whole = 0;     ///< minor * weight / total, cut down.
    std::int64_t remainder = 0; ///< What was cut off, in total-ths.
};

/// weight <= total, so the whole is not above `minor` and the remainder is below `total`.
Portion portion_of(std::int64_t minor, std::uint64_t weight, std::uint64_t total) {
    UnsignedWide const product = UnsignedWide(minor) * weight;
    if (product <= UINT64_MAX) { // Nearly always; 128 bits divide twenty times slower.
        auto const narrow = static_cast<std::uint64_t>(product);
        return {
            static_cast<std::int64_t>(narrow / total), static_cast<std::int64_t>(narrow % total)};
    }
    return {static_cast<std::int64_t>(product / total), static_cast<std::int64_t>(product % total)};
}

/// One kopeck each to the greatest `keys` among those whose remainder is above 0, ties to whom is
/// named first. `keys` are spent.
void hand_out(std::size_t kopecks, Numbers& remainders, Numbers& keys, std::span<Money> parts) {
    std::size_t const count = parts.size();
    if (kopecks == 0)
        return;
    if (kopecks * count <= 256) {
        for (; kopecks > 0; --kopecks) {
            std::size_t best = count;
            for (std::size_t i = 0; i < count; ++i)
                if (remainders[i] > 0 && (best == count || keys[i] > keys[best]))
                    best = i;
            assert(best < count);
            remainders[best] = 0;
            parts[best] = Money::from_minor(parts[best].minor() + 1, parts[best].currency());
        }
        return;
    }
    std::vector<std::size_t> unfair;
    for (std::size_t i = 0; i < count; ++i)
        if (remainders[i] > 0)
            unfair.push_back(i);
    assert(kopecks <= unfair.size());
    std::stable_sort(unfair.begin(), unfair.end(), [&](std::size_t left, std::size_t right) {
        return keys[left] > keys[right];
    });
    for (std::size_t place = 0; place < kopecks; ++place) {
        Money& part = parts[unfair[place]];
        part = Money::from_minor(part.minor() + 1, part.currency());
    }
}

/// Everybody's part cut down to the kopeck; returns the kopecks that are left over, fewer than
/// there are remainders above 0.
template <class WeightOf>
std::size_t cut_down(
    Money amount, std::uint64_t total, WeightOf weight_of, Numbers& remainders,
    std::span<Money> parts) {
    std::int64_t given = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const portion = portion_of(amount.minor(), weight_of(i), total);
        parts[i] = Money::from_minor(portion.whole, amount.currency());
        remainders[i] = portion.remainder;
        given += portion.whole;
    }
    assert(given <= amount.minor());
    return static_cast<std::size_t>(amount.minor() - given);
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

Result<void, MoneyError> allocate_into(
    Money amount, std::span<std::uint32_t const> weights, std::span<Money> parts) {
    assert(parts.size() == weights.size());
    TRY(std::uint64_t const total, checked_sum(amount, weights));
    Numbers remainders{weights.size()};
    auto const weight_of = [weights](std::size_t i) { return std::uint64_t{weights[i]}; };
    auto const left_over = cut_down(amount, total, weight_of, remainders, parts);
    Numbers keys{weights.size()};
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = remainders[i];
    hand_out(left_over, remainders, keys, parts);
    return {};
}

Result<std::vector<Money>, MoneyError> allocate(
    Money amount, std::span<std::uint32_t const> weights) {
    std::vector<Money> parts(weights.size(), Money::zero(amount.currency()));
    TRY_VOID(allocate_into(amount, weights, parts));
    return parts;
}

Result<void, MoneyError> allocate_carrying_into(
    Money amount, std::span<std::uint32_t const> weights, std::span<Residue> residues,
    std::span<Money> parts) {
    assert(parts.size() == weights.size());
    TRY(std::uint64_t const total, checked_sum(amount, weights));
    if (!residues_fit(residues, weights.size()))
        return fail(MoneyError::BrokenResidues);

    Numbers remainders{weights.size()};
    auto const weight_of = [weights](std::size_t i) { return std::uint64_t{weights[i]}; };
    auto const left_over = cut_down(amount, total, weight_of, remainders, parts);
    // What each is owed after the cut. |residue| <= 2^52 and a remainder is below 2^32: no
    // overflow.
    Numbers claims{weights.size()};
    for (std::size_t i = 0; i < claims.size(); ++i) {
        claims[i] = residues[i].parts + remainders[i];
        residues[i].parts = claims[i];
    }
    Numbers before{weights.size()};
    for (std::size_t i = 0; i < before.size(); ++i)
        before[i] = parts[i].minor();
    hand_out(left_over, remainders, claims, parts);
    for (std::size_t i = 0; i < before.size(); ++i)
        residues[i].parts -= (parts[i].minor() - before[i]) * static_cast<std::int64_t>(total);
    return {};
}

Result<std::vector<Money>, MoneyError> allocate_carrying(
    Money amount, std::span<std::uint32_t const> weights, std::span<Residue> residues) {
    std::vector<Money> parts(weights.size(), Money::zero(amount.currency()));
    TRY_VOID(allocate_carrying_into(amount, weights, residues, parts));
    return parts;
}

Result<std::vector<Money>, MoneyError> share_by_claims(
    Money amount, std::span<Money const> claims) {
    if (amount.is_negative())
        return fail(MoneyError::NotAnAmount);
    UnsignedWide total = 0;
    for (Money const claim : claims) {
        if (claim.is_negative() || claim.minor() > amount_minor_max)
            return fail(MoneyError::NotAnAmount);
        if (claim.currency() != amount.currency())
            return fail(MoneyError::CurrencyMismatch);
        total += static_cast<std::uint64_t>(claim.minor());
    }
    if (static_cast<std::uint64_t>(amount.minor()) > total || total > INT64_MAX)
        return fail(MoneyError::Indivisible);
    std::vector<Money> parts(claims.size(), Money::zero(amount.currency()));
    if (total == 0)
        return parts;
    Numbers remainders{claims.size()};
    auto const claim_of = [claims](std::size_t i) {
        return static_cast<std::uint64_t>(claims[i].minor());
    };
    auto const left_over =
        cut_down(amount, static_cast<std::uint64_t>(total), claim_of, remainders, parts);
    Numbers keys{claims.size()};
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = remainders[i];
    hand_out(left_over, remainders, keys, parts);
    return parts;
}

bool residues_are_small(std::span<std::uint32_t const> weights, std::span<Residue const> residues) {
    auto const bound = static_cast<std::int64_t>(2 * sum_of(weights));
    return std::all_of(residues.begin(), residues.end(), [&](Residue const residue) {
        return residue.parts <= bound && residue.parts >= -bound;
    });
}

} // namespace protocol
