// Figures of the splitting function: payments a second on one core, and how far receivers drift
// from their shares over many payments, beside two other rules written down again from their
// descriptions (not runs of their code).

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "fleet-server/splitting/division.hpp"

namespace {

using namespace fleet::splitting;
using protocol::rub;
using Clock = std::chrono::steady_clock;

constexpr std::size_t receivers = 5;
using Kopecks = std::array<std::int64_t, receivers>;
/// 1 % / 0.6 % / 70 % / 20 % / 8.4 %: shares that no bill divides evenly.
constexpr std::array<std::uint32_t, receivers> weights{10, 6, 700, 200, 84};
constexpr std::int64_t weights_sum = 1'000;

void print(char const* name, double value, char const* unit, char const* peer, char const* note) {
    std::printf("{\"name\": \"%s\", \"value\": %.4f, \"unit\": \"%s\"", name, value, unit);
    if (peer != nullptr)
        std::printf(", \"peer\": \"%s\"", peer);
    std::printf(", \"note\": \"%s\"}\n", note);
}

Receiver receiver(char const* name) {
    return {name, "7729524407", {.rate = {4'000}}, CommissionMode::Withheld};
}

/// Two percents, a fixed sum, the remainder: four legs, each with its commission.
Rule percent_rule() {
    return {
        {},
        {receiver("agent"), receiver("fund"), receiver("sub"), receiver("provider")},
        {Percent{0, 15'000, Base::Credited, Rounding::HalfUp},
         Percent{1, 6'000, Base::Credited, Rounding::Floor},
         Fixed{2, rub(5'00)},
         Remainder{3}}};
}

Rule carrying_rule() {
    return {
        {},
        {receiver("a"), receiver("b"), receiver("c"), receiver("d")},
        {Allocate{{0, 1, 2, 3}, {10, 6, 700, 284}, Residues::Carry}, Remainder{3}}};
}

/// Payments a second; the median of several rounds. The parts are added up and checked after each.
double splits_per_second(Rule const& rule, std::size_t payments) {
    std::mt19937_64 random{42};
    std::vector<Money> amounts;
    for (std::size_t n = 0; n < 4'096; ++n)
        amounts.push_back(rub(10'000 + static_cast<std::int64_t>(random() % 990'000)));
    std::vector<double> rates;
    Division division;
    std::vector<protocol::Residue> residues(residue_count(rule));
    for (int round = 0; round < 7; ++round) {
        std::int64_t credited = 0;
        std::int64_t given = 0;
        auto const begun = Clock::now();
        for (std::size_t n = 0; n < payments; ++n) {
            Money const amount = amounts[n % amounts.size()];
            if (!divide_into(rule, {amount, {}, residues, {}}, division) ||
                division.legs.size() != 4)
                std::abort();
            residues.swap(division.residues);
            credited += amount.minor();
            for (Leg const& leg : division.legs)
                given += leg.net.minor() + leg.withheld.minor();
        }
        std::chrono::duration<double> const took = Clock::now() - begun;
        if (credited != given)
            std::abort();
        rates.push_back(static_cast<double>(payments) / took.count());
    }
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
}

/// Every part cut down; the kopecks left over go one each to the receivers in their listed order.
Kopecks in_listed_order(std::int64_t amount) {
    Kopecks parts{};
    std::int64_t left = amount;
    for (std::size_t i = 0; i < receivers; ++i)
        left -= parts[i] = amount * weights[i] / weights_sum;
    for (std::size_t i = 0; left > 0; ++i, --left)
        ++parts[i % receivers];
    return parts;
}

/// Every part cut down; all that is left over goes to the greatest share.
Kopecks rest_to_largest(std::int64_t amount) {
    Kopecks parts{};
    std::int64_t left = amount;
    for (std::size_t i = 0; i < receivers; ++i)
        left -= parts[i] = amount * weights[i] / weights_sum;
    parts[2] += left;
    return parts;
}

/// Thousandths of a kopeck that each receiver is away from its share.
class Drift {
public:
    void add(std::int64_t amount, Kopecks const& parts) {
        for (std::size_t i = 0; i < receivers; ++i) {
            away_[i] += parts[i] * weights_sum - amount * weights[i];
            worst_ = std::max(worst_, std::abs(away_[i]));
        }
    }
    [[nodiscard]] double worst() const {
        return static_cast<double>(worst_) / static_cast<double>(weights_sum);
    }

private:
    Kopecks away_{};
    std::int64_t worst_ = 0;
};

void drift(std::size_t payments) {
    std::mt19937_64 random{7};
    std::vector<protocol::Residue> residues(receivers);
    std::array<Money, receivers> shares{rub(0), rub(0), rub(0), rub(0), rub(0)};
    Drift ours;
    Drift listed;
    Drift largest;
    for (std::size_t n = 0; n < payments; ++n) {
        auto const amount = static_cast<std::int64_t>(random() % 1'000'000);
        if (!protocol::allocate_carrying_into(rub(amount), weights, residues, shares))
            std::abort();
        Kopecks parts{};
        std::int64_t whole = 0;
        for (std::size_t i = 0; i < receivers; ++i)
            whole += parts[i] = shares[i].minor();
        if (whole != amount || !protocol::residues_are_small(weights, residues))
            std::abort();
        ours.add(amount, parts);
        listed.add(amount, in_listed_order(amount));
        largest.add(amount, rest_to_largest(amount));
    }
    std::array<char, 160> note{};
    std::snprintf(
        note.data(),
        note.size(),
        "worst receiver at any moment of %zu random payments, five receivers; ours carries",
        payments);
    print("money.rounding_drift_kopecks.ours", ours.worst(), "kopecks", nullptr, note.data());
    print(
        "money.rounding_drift_kopecks.numscript",
        listed.worst(),
        "kopecks",
        "numscript",
        "its rule written down again: floor, left over in listed order");
    print(
        "money.rounding_drift_kopecks.blnk",
        largest.worst(),
        "kopecks",
        "blnk",
        "its rule written down again: floor, left over to the largest");
}

} // namespace

int main(int count, char** arguments) {
    std::size_t payments = 1'000'000;
    if (count == 3 && std::strcmp(arguments[1], "--payments") == 0)
        payments = std::strtoull(arguments[2], nullptr, 10);
    if (count == 2 || payments == 0) {
        std::fputs("usage: splits_bench [--payments N]\n", stderr);
        return 2;
    }
    print(
        "money.splits_per_second",
        splits_per_second(percent_rule(), 500'000),
        "1/s",
        nullptr,
        "four legs by percents, a fixed sum and the remainder, a commission each; one core; "
        "median of 7 rounds of 500 000, sums checked");
    print(
        "money.splits_per_second.carrying",
        splits_per_second(carrying_rule(), 500'000),
        "1/s",
        nullptr,
        "four legs by weights with carried residues; the same otherwise");
    drift(payments);
    return 0;
}
