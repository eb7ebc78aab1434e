#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "protocol/money/allocate.hpp"

using namespace protocol;

namespace {

constexpr std::int64_t amount_max = 2'000;
constexpr std::uint32_t weight_max = 12;
constexpr std::size_t receivers_max = 4;

using Weights = std::array<std::uint32_t, receivers_max>;

/// The law of the leftover kopecks, asked of an answer: each part is its ideal cut down or one
/// more, one more only where something was cut off, and nobody who got none had the better claim.
bool is_right(
    std::int64_t amount, std::span<std::uint32_t const> weights, std::span<Money const> parts) {
    std::int64_t total = 0;
    for (auto const weight : weights)
        total += weight;
    if (total == 0)
        return false;
    std::int64_t sum = 0;
    std::int64_t least_chosen = total;
    std::int64_t greatest_passed = -1;
    bool tie_is_right = true;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        auto const ideal = amount * weights[i];
        auto const extra = parts[i].minor() - ideal / total;
        auto const rest = ideal % total;
        sum += parts[i].minor();
        if (extra < 0 || extra > 1 || (extra == 1 && rest == 0))
            return false;
        if (extra == 1) {
            // Ties go to whom is named first: no one passed before may have as much.
            tie_is_right = tie_is_right && rest > greatest_passed;
            least_chosen = std::min(least_chosen, rest);
        } else if (rest > 0) {
            greatest_passed = std::max(greatest_passed, rest);
        }
    }
    return sum == amount && tie_is_right && least_chosen >= greatest_passed;
}

/// Weights by weights, like an odometer; false when it has come round.
bool advance(std::span<std::uint32_t> weights) {
    for (auto& weight : weights) {
        if (++weight <= weight_max)
            return true;
        weight = 0;
    }
    return false;
}

std::vector<std::int64_t> numbers(std::string const& text) {
    std::vector<std::int64_t> all;
    std::istringstream in{text};
    for (std::string one; std::getline(in, one, ',');)
        all.push_back(std::stoll(one));
    return all;
}

} // namespace

TEST_SUITE("allocate, everything small") {
    TEST_CASE("every amount to 20.00 among up to four receivers of weights to 12 is shared right") {
        std::int64_t cases = 0;
        std::array<Money, receivers_max> parts{rub(0), rub(0), rub(0), rub(0)};
        for (std::size_t count = 1; count <= receivers_max; ++count) {
            Weights all{};
            auto const weights = std::span{all}.first(count);
            while (advance(weights)) {
                for (std::int64_t amount = 0; amount <= amount_max; ++amount) {
                    auto const into = std::span{parts}.first(count);
                    bool const is_shared = allocate_into(rub(amount), weights, into).has_value();
                    if (!is_shared || !is_right(amount, weights, into)) {
                        CAPTURE(amount);
                        CAPTURE(all[0]);
                        CAPTURE(all[1]);
                        CAPTURE(all[2]);
                        CAPTURE(all[3]);
                        FAIL("shared wrongly");
                    }
                    ++cases;
                }
            }
        }
        MESSAGE(cases << " cases");
        CHECK(cases == (13 + 169 + 2'197 + 28'561 - 4) * (amount_max + 1));
    }

    TEST_CASE("the answers are those of exact fractions, worked out in another language") {
        std::ifstream file{KIOSK_SOURCE_DIR "/tests/fixtures/money/allocate-vectors.txt"};
        REQUIRE(file);
        std::vector<std::int64_t> residues_before;
        std::string story;
        int seen = 0;
        for (std::string line; std::getline(file, line); ++seen) {
            CAPTURE(line);
            std::istringstream words{line};
            std::string mode;
            std::int64_t amount = 0;
            std::string weights_text;
            std::string parts_text;
            std::string residues_text;
            words >> mode >> amount >> weights_text >> parts_text >> residues_text;
            std::vector<std::uint32_t> weights;
            for (auto const weight : numbers(weights_text))
                weights.push_back(static_cast<std::uint32_t>(weight));
            std::vector<Residue> residues(weights.size());
            // Ten payments in a row are one story; the next one begins with other weights.
            if (mode == "carry" && story == weights_text)
                for (std::size_t i = 0; i < residues.size(); ++i)
                    residues[i].parts = residues_before[i];
            story = weights_text;
            auto const parts = mode == "carry" ? allocate_carrying(rub(amount), weights, residues)
                                               : allocate(rub(amount), weights);
            REQUIRE(parts);
            auto const expected = numbers(parts_text);
            REQUIRE(parts->size() == expected.size());
            for (std::size_t i = 0; i < expected.size(); ++i)
                CHECK((*parts)[i].minor() == expected[i]);
            residues_before = numbers(residues_text);
            for (std::size_t i = 0; i < residues_before.size(); ++i)
                CHECK(residues[i].parts == residues_before[i]);
        }
        CHECK(seen == 500);
    }
}
