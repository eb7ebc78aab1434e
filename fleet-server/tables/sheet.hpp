#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/text/charset.hpp"

/// Tables as people send them, DBF and XLSX, read into rows of text. What a cell means is for the
/// reader of the register. Pure: bytes in, rows or a complaint out; sizes in a file are never
/// trusted.
namespace fleet::tables {

using protocol::text::Encoding;

struct Row {
    std::size_t line = 0; ///< As the program that shows the file counts: DBF records from 1.
    std::vector<std::string> cells; ///< UTF-8, without blanks at the ends.
    friend bool operator==(Row const&, Row const&) = default;
};

struct Sheet {
    std::vector<Row> rows;              ///< The names of a DBF's fields are row 0.
    Encoding encoding = Encoding::Utf8; ///< Of the texts in the file.
    std::vector<std::string> notes;     ///< What was decided and a person should know.
};

inline constexpr std::size_t rows_max = 1'000'100; ///< A register, its titles and totals.
inline constexpr std::size_t columns_max = 256;

enum class Form : std::uint8_t { Text, Dbf, Xlsx };
/// By the first bytes; everything else is text.
[[nodiscard]] Form form_of(protocol::ByteView content);
[[nodiscard]] std::string_view name(Form form);

/// dBase III and its kin: types C, N, F, D, L; deleted records are left out and noted. Texts are
/// in `encoding`, else in the code page that byte 29 names, else in what the letters look like.
/// A date comes as ISO, a number as its digits, a logical value as "1", "0" or nothing.
[[nodiscard]] protocol::Result<Sheet, protocol::Complaint> read_dbf(
    protocol::ByteView content, std::optional<Encoding> encoding);

/// The first visible sheet of an Office Open XML workbook. Numbers come as decimal text with at
/// most six decimals (a binary fraction's noise is rounded off in text), dates as ISO, formulas as
/// the value that was stored with them, errors as their text ("#REF!").
[[nodiscard]] protocol::Result<Sheet, protocol::Complaint> read_xlsx(protocol::ByteView content);

} // namespace fleet::tables
