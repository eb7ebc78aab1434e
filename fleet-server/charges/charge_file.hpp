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
#include "protocol/text/charset.hpp"

/// Reads charge registers as housing companies write them: text with `;`, tabs, `|` or commas, in
/// one of the encodings of this market, decimal comma or point; DBF; XLSX. Titles above the header
/// are left out, totals rows are held against the rows. Pure: bytes in, rows or complaints out.
namespace fleet::charges {

using protocol::text::Encoding;
using protocol::text::name;
/// "utf-8", "windows-1251", "cp866", "koi8-r".
[[nodiscard]] std::optional<Encoding> encoding_from_name(std::string_view name);

enum class FileKind : std::uint8_t { Invoices, Lines };
[[nodiscard]] std::string_view name(FileKind kind);

enum class Field : std::uint8_t {
    Account,
    Date,
    Number,
    Charged,
    Balance,
    ToPay,
    Payer,
    Address, // invoices
    Period,
    Service,
    Unit,
    Tariff,
    Quantity,
    Amount, // lines, with Account
};

/// Which header names mean what, by provider.
struct Profile {
    struct Column {
        Field field = Field::Account;
        std::string title;              ///< As a person would write it.
        std::vector<std::string> names; ///< Any of these; see plain_header().
        bool is_required = true;
    };
    std::vector<Column> invoices;
    std::vector<Column> lines;
};
/// The form in which headers are compared: capitals, Е for Ё, no blanks and no . _ / -. "К оплате"
/// and "к_оплате" are both "КОПЛАТЕ".
[[nodiscard]] std::string plain_header(std::string_view header);
/// What the registers seen so far call their columns.
[[nodiscard]] Profile const& common_profile();

inline constexpr std::size_t file_size_max = 64UL * 1024 * 1024; ///< A city's register is 20 MB.
inline constexpr std::size_t rows_max = 1'000'000;
inline constexpr std::size_t columns_max = 64;
inline constexpr std::size_t cell_size_max =
    500; ///< Bytes of UTF-8: what the wire to a kiosk carries.
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

/// Without an encoding given it is guessed: a mark at the beginning, else valid UTF-8, else
/// windows-1251 or cp866 by which of them reads like Russian. Rows are taken or complained of; the
/// file as a whole is what the caller takes or leaves.
[[nodiscard]] protocol::Result<ChargeFile, std::vector<protocol::Complaint>> read_charge_file(
    protocol::ByteView content, std::optional<Encoding> encoding, Profile const& profile);

} // namespace fleet::charges
