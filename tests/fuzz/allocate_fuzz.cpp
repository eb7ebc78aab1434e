// Whatever is shared between whomever, not a kopeck is made or lost, nobody is a kopeck from its
// due, and what is carried from payment to payment adds up to nothing.
// Input: one byte, the number of weights; the weights; amounts.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "protocol/money/allocate.hpp"

namespace {

using namespace protocol;
__extension__ using Wide = __int128;

void require(bool condition) {
    if (!condition)
        std::abort();
}

template <class T>
bool take(std::span<std::uint8_t const>& bytes, T& value) {
    if (bytes.size() < sizeof value)
        return false;
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes = bytes.subspan(sizeof value);
    return true;
}

void require_fair(
    std::int64_t amount, std::vector<std::uint32_t> const& weights,
    std::vector<Money> const& parts) {
    Wide total = 0;
    for (std::uint32_t const weight : weights)
        total += weight;
    require(parts.size() == weights.size());
    Wide sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Wide const off = Wide{parts[i].minor()} * total - Wide{amount} * weights[i];
        require(off < total && off > -total && !parts[i].is_negative());
        sum += parts[i].minor();
    }
    require(sum == amount);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span bytes{data, size};
    std::uint8_t count = 0;
    if (!take(bytes, count))
        return 0;
    std::vector<std::uint32_t> weights(count);
    for (auto& weight : weights)
        if (!take(bytes, weight))
            return 0;

    std::vector<Residue> residues(weights.size());
    std::int64_t amount = 0;
    while (take(bytes, amount)) {
        auto const parts = allocate(rub(amount), weights);
        auto const before = residues;
        auto const carried = allocate_carrying(rub(amount), weights, residues);
        require(parts.has_value() == carried.has_value());
        if (!parts) {
            require(parts.error() == carried.error() && residues == before);
            continue;
        }
        require_fair(amount, weights, *parts);
        require_fair(amount, weights, *carried);
        Wide sum = 0;
        for (Residue const residue : residues)
            sum += residue.parts;
        require(sum == 0);
        require(allocate(rub(amount), weights) == parts);
    }
    return 0;
}
