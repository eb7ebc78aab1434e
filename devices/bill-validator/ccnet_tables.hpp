#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/bill-validator/events.hpp"
#include "protocol/base/bytes.hpp"

/// CCNET's data blocks: the bill table (41), the identification (37), the masks of bill types (34).
namespace devices::bill_validator::ccnet {

inline constexpr std::size_t bill_types_max = 24;
inline constexpr std::size_t bill_table_size = 120; // 24 entries of 5 bytes.
inline constexpr std::size_t identification_size = 34;
inline constexpr std::size_t mask_size = 3;

/// The roubles of a bill table; slots that are unused, of other countries, or of no sensible value
/// are left out. nullopt: this is no bill table.
[[nodiscard]] std::optional<std::vector<BillType>> read_bill_table(protocol::ByteView data);
/// `bills` are whole roubles of one leading digit, as banknotes are; types below 24.
[[nodiscard]] protocol::Bytes make_bill_table(std::vector<BillType> const& bills);

struct Identification {
    std::string model;  ///< "SM-RU1353"
    std::string serial; ///< 12 characters
    friend bool operator==(Identification const&, Identification const&) = default;
};

/// nullopt: this is no identification. Bytes that are not printable ASCII become '?'.
[[nodiscard]] std::optional<Identification> read_identification(protocol::ByteView data);
[[nodiscard]] protocol::Bytes make_identification(Identification const& identification);

/// One bit a bill type: byte 0 holds types 23..16, byte 1 types 15..8, byte 2 types 7..0.
[[nodiscard]] protocol::Bytes make_mask(std::vector<std::uint8_t> const& types);
[[nodiscard]] bool mask_has(protocol::ByteView mask, std::uint8_t type);

} // namespace devices::bill_validator::ccnet
