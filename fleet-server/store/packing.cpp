#include "fleet-server/store/packing.hpp"

namespace fleet::store {

namespace {

constexpr unsigned bits_a_byte = 7;
constexpr std::uint8_t more = 0x80;
constexpr unsigned shift_max = 63; ///< Where the tenth and last byte of 64 bits goes.

} // namespace

void Packer::put(std::uint64_t number) {
    while (number >= more) {
        bytes_.push_back(static_cast<std::uint8_t>(number | more));
        number >>= bits_a_byte;
    }
    bytes_.push_back(static_cast<std::uint8_t>(number));
}

void Packer::put_signed(std::int64_t number) {
    auto const bits = static_cast<std::uint64_t>(number);
    put((bits << 1U) ^ (number < 0 ? ~std::uint64_t{0} : 0));
}

void Packer::put(std::string_view text) {
    put(std::uint64_t{text.size()});
    bytes_.insert(bytes_.end(), text.begin(), text.end());
}

std::uint64_t Unpacker::number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; is_good_ && at_ < bytes_.size() && shift <= shift_max;
         shift += bits_a_byte) {
        std::uint8_t const byte = bytes_[at_++];
        auto const bits = static_cast<std::uint64_t>(byte & static_cast<std::uint8_t>(~more));
        if (shift == shift_max && bits > 1)
            break; // Over 64 bits.
        number |= bits << shift;
        if ((byte & more) == 0)
            return number;
    }
    is_good_ = false;
    return 0;
}

std::int64_t Unpacker::signed_number() {
    std::uint64_t const bits = number();
    return static_cast<std::int64_t>((bits >> 1U) ^ ((bits & 1U) != 0 ? ~std::uint64_t{0} : 0));
}

std::string_view Unpacker::text() {
    std::uint64_t const size = number();
    if (!is_good_ || size > bytes_.size() - at_) {
        is_good_ = false;
        return {};
    }
    std::string_view const text{
        reinterpret_cast<char const*>(bytes_.data()) + at_, static_cast<std::size_t>(size)};
    at_ += text.size();
    return text;
}

} // namespace fleet::store
