#include "devices/bill-validator/ccnet_tables.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>

namespace devices::bill_validator::ccnet {

using protocol::Bytes;
using protocol::ByteView;

namespace {

//  offset  0              1  2  3       4
//          leading digit  country code  exponent of ten, bit 7: it is negative
constexpr std::size_t entry_size = 5;
constexpr std::string_view russia = "RUS"; // A country, not a currency.
constexpr int kopecks_exponent = 2;        // A rouble is 10^2 kopecks.
constexpr int exponent_max = 7;            // No note is worth 10 million roubles.

constexpr std::size_t model_size = 15;
constexpr std::size_t serial_size = 12;

std::optional<Money> read_value(ByteView entry) {
    std::int64_t value = entry[0];
    if (value == 0 || !std::equal(russia.begin(), russia.end(), entry.begin() + 1))
        return std::nullopt;
    int const magnitude = entry[4] & 0x7F;
    bool const is_negative = (entry[4] & 0x80) != 0;
    int const exponent = (is_negative ? -magnitude : magnitude) + kopecks_exponent;
    if (exponent < 0 || exponent > exponent_max + kopecks_exponent)
        return std::nullopt;
    for (int times = 0; times < exponent; ++times)
        value *= 10;
    return protocol::rub(value);
}

std::string read_text(ByteView bytes) {
    std::string text;
    for (std::uint8_t const byte : bytes)
        text.push_back(byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?');
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

void append_text(Bytes& into, std::string_view text, std::size_t size) {
    for (std::size_t index = 0; index < size; ++index)
        into.push_back(static_cast<std::uint8_t>(index < text.size() ? text[index] : ' '));
}

} // namespace

std::optional<std::vector<BillType>> read_bill_table(ByteView data) {
    if (data.size() != bill_table_size)
        return std::nullopt;
    std::vector<BillType> bills;
    for (std::size_t type = 0; type < bill_types_max; ++type)
        if (auto const value = read_value(data.subspan(type * entry_size, entry_size)))
            bills.push_back({static_cast<std::uint8_t>(type), *value});
    return bills;
}

Bytes make_bill_table(std::vector<BillType> const& bills) {
    Bytes table(bill_table_size, 0);
    for (BillType const& bill : bills) {
        assert(bill.type < bill_types_max);
        std::int64_t digit = bill.value.minor() / 100;
        std::uint8_t exponent = 0;
        for (; digit >= 10 && digit % 10 == 0; digit /= 10)
            ++exponent;
        assert(digit > 0 && digit < 10);
        auto entry = table.begin() + static_cast<std::ptrdiff_t>(bill.type * entry_size);
        *entry++ = static_cast<std::uint8_t>(digit);
        entry = std::copy(russia.begin(), russia.end(), entry);
        *entry = exponent;
    }
    return table;
}

std::optional<Identification> read_identification(ByteView data) {
    if (data.size() != identification_size)
        return std::nullopt;
    return Identification{
        read_text(data.first(model_size)), read_text(data.subspan(model_size, serial_size))};
}

Bytes make_identification(Identification const& identification) {
    Bytes data;
    append_text(data, identification.model, model_size);
    append_text(data, identification.serial, serial_size);
    data.resize(identification_size, 0); // The asset number is the owner's; nobody set one.
    return data;
}

Bytes make_mask(std::vector<std::uint8_t> const& types) {
    Bytes mask(mask_size, 0);
    for (std::uint8_t const type : types) {
        assert(type < bill_types_max);
        auto& byte = mask[mask_size - 1 - type / 8U];
        byte = static_cast<std::uint8_t>(byte | 1U << type % 8U);
    }
    return mask;
}

bool mask_has(ByteView mask, std::uint8_t type) {
    assert(mask.size() == mask_size);
    if (type >= bill_types_max)
        return false;
    unsigned const byte = mask[mask_size - 1 - type / 8U];
    return (byte >> type % 8U & 1U) != 0;
}

} // namespace devices::bill_validator::ccnet
