#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/catalog/catalog.hpp"
#include "protocol/money/money.hpp"

/// Reads charge registers as housing companies write them: text with `;`, in one of the encodings
/// of this market, decimal comma or point. Pure: bytes in, rows or complaints out.
namespace fleet::charges {

enum class Encoding : std::uint8_t { Utf8, Windows1251, Cp866, Koi8r };
/// "utf-8", "windows-1251", "cp866", "koi8-r".
[[nodiscard]] std::string_view name(Encoding encoding);
[[nodiscard]] std::optional<Encoding> encoding_from_name(std::string_view name);

/// A mark at the beginning, else valid UTF-8, else the 8-bit encoding in which the text reads most
/// like Russian. Text without a letter above ASCII is UTF-8.
[[nodiscard]] Encoding detect_encoding(protocol::ByteView content);

enum class FileKind : std::uint8_t { Invoices, Lines };
[[nodiscard]] std::string_view name(FileKind kind);

/// Which header names mean what, by provider. Names are compared without case and spaces.
struct Profile {
    struct Column {
        std::string field;              ///< "account", "date", "number", ...
        std::vector<std::string> names; ///< Any of these.
        bool is_required = true;
    };
    std::vector<Column> invoices;
    std::vector<Column> lines;
};
/// What the registers seen so far call their columns.
[[nodiscard]] Profile const& common_profile();

inline constexpr std::size_t file_size_max = 64UL * 1024 * 1024; ///< A city's register is 20 MB.
inline constexpr std::size_t rows_max = 1'000'000;
inline constexpr std::size_t columns_max = 64;
inline constexpr std::size_t cell_size_max = 1024;
inline constexpr std::size_t complaints_max =
    50; ///< A person mends the first; 50 show the pattern.

struct InvoiceRow {
    std::size_t line = 0;
    std::string account; ///< As written; the provider's mask is applied by the import.
    std::string date;    ///< ISO.
    std::string number;
    protocol::Money charged = protocol::rub(0);
    protocol::Money balance = protocol::rub(0);
    protocol::Money to_pay = protocol::rub(0);
    std::string payer;
    std::string address;
};
struct LineRow {
    std::size_t line = 0;
    std::string account;
    std::string period; ///< "2009-09"
    protocol::catalog::ServiceLine service;
};

/// A row that is taken as it stands, and what is odd about it.
struct Doubt {
    std::size_t line = 0;
    std::string problem; ///< "ГВС: -88,19 x 4 = -352,76, the register says -352,74 (0,02 more)"
    friend bool operator==(Doubt const&, Doubt const&) = default;
};

struct ChargeFile {
    FileKind kind = FileKind::Invoices;
    Encoding encoding = Encoding::Utf8;
    std::vector<InvoiceRow> invoices; ///< One of the two is empty.
    std::vector<LineRow> lines;
    std::vector<Doubt> doubts;
};

[[nodiscard]] protocol::Result<ChargeFile, std::vector<protocol::Complaint>> read_charge_file(
    protocol::ByteView content, std::optional<Encoding> encoding, Profile const& profile);

} // namespace fleet::charges
