#include <algorithm>
#include <cstdint>

#include "fleet-server/tables/sheet.hpp"
#include "protocol/text/guess.hpp"

namespace fleet::tables {

using protocol::ByteView;
using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

//  offset  0        1-3   4-7      8-9     10-11   29         32 ...         0x0D  records ... 0x1A
//          version  date  records  header  record  code page  32 a field
constexpr std::size_t header_size = 32;
constexpr std::size_t field_size = 32;
constexpr std::uint8_t header_end = 0x0D;
constexpr std::uint8_t file_end = 0x1A;
constexpr std::uint8_t deleted = '*';
constexpr std::uint8_t alive = ' ';

struct Column {
    std::string name;
    char type = 'C';
    std::size_t size = 0;
};

Complaint broken(std::string problem) {
    return {"the file", std::move(problem), "export the register as DBF again"};
}

std::size_t little_endian(ByteView bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = size; i > 0; --i)
        value = value << 8U | bytes[at + i - 1];
    return value;
}

std::string trimmed(std::string text) {
    auto const is_blank = [](char c) { return c == ' ' || c == '\0' || c == '\t'; };
    while (!text.empty() && is_blank(text.back()))
        text.pop_back();
    auto const first = std::find_if_not(text.begin(), text.end(), is_blank);
    text.erase(text.begin(), first);
    return text;
}

/// What byte 29 says; nullopt for 0 and for what nobody uses here.
std::optional<Encoding> code_page(std::uint8_t driver) {
    switch (driver) {
    case 0x26: // Russian MS-DOS
    case 0x65:
    case 0x66: return Encoding::Cp866;
    case 0xC9:
    case 0x57: return Encoding::Windows1251;
    default: return std::nullopt;
    }
}

class Reader {
public:
    explicit Reader(ByteView content) : content_{content} {}
    Result<Sheet, Complaint> read(std::optional<Encoding> encoding);

private:
    Result<void, Complaint> read_header();
    Result<void, Complaint> choose_encoding(std::optional<Encoding> encoding);
    Result<void, Complaint> read_record(std::size_t number, ByteView record);
    [[nodiscard]] Result<std::string, Complaint> value(
        Column const& column, std::size_t number, ByteView bytes) const;

    ByteView content_;
    std::vector<Column> columns_;
    std::size_t records_ = 0;
    std::size_t first_record_ = 0;
    std::size_t record_size_ = 0;
    std::size_t deleted_ = 0;
    Sheet sheet_;
};

Result<void, Complaint> Reader::read_header() {
    if (content_.size() < header_size + field_size + 1)
        return fail(broken("it is too short for a DBF"));
    records_ = little_endian(content_, 4, 4);
    first_record_ = little_endian(content_, 8, 2);
    record_size_ = little_endian(content_, 10, 2);
    if (first_record_ > content_.size() || record_size_ < 2)
        return fail(broken("its header speaks of more than the file holds"));
    std::size_t width = 1;
    for (auto at = header_size; content_[at] != header_end; at += field_size) {
        if (at + field_size >= first_record_ || columns_.size() == columns_max)
            return fail(broken("the list of its fields does not end"));
        Column column;
        for (std::size_t i = 0; i < 11 && content_[at + i] != 0; ++i)
            column.name += static_cast<char>(content_[at + i]);
        column.type = static_cast<char>(content_[at + 11]);
        column.size = content_[at + 16];
        width += column.size;
        columns_.push_back(std::move(column));
    }
    if (columns_.empty() || width > record_size_)
        return fail(broken("its fields do not fit its records"));
    if (records_ > rows_max)
        return fail(Complaint{
            "the file",
            "it speaks of " + std::to_string(records_) + " records",
            "divide the register: at most " + std::to_string(rows_max)});
    auto const held = (content_.size() - first_record_) / record_size_;
    if (held < records_)
        return fail(broken(
            "it should hold " + std::to_string(records_) + " records and ends after " +
            std::to_string(held)));
    return {};
}

Result<void, Complaint> Reader::choose_encoding(std::optional<Encoding> encoding) {
    if (encoding) {
        sheet_.encoding = *encoding;
        return {};
    }
    if (auto const named = code_page(content_[29])) {
        sheet_.encoding = *named;
        return {};
    }
    auto const guess = protocol::text::guess_encoding(content_.subspan(first_record_));
    // Where the letters do not tell, DOS it is: what wrote DBF wrote it under DOS.
    bool const is_sure = guess.confidence == protocol::text::Confidence::Strong ||
                         guess.confidence == protocol::text::Confidence::Certain;
    sheet_.encoding = is_sure ? guess.encoding : Encoding::Cp866;
    sheet_.notes.push_back(
        "the file does not name its code page; read as " +
        std::string{protocol::text::name(sheet_.encoding)});
    return {};
}

Result<std::string, Complaint> Reader::value(
    Column const& column, std::size_t number, ByteView bytes) const {
    auto const place = "record " + std::to_string(number) + ", field " + column.name;
    auto const text =
        protocol::text::decode(column.type == 'C' ? sheet_.encoding : Encoding::Cp866, bytes);
    if (!text)
        return fail(Complaint{
            place,
            "it is not " + std::string{protocol::text::name(sheet_.encoding)},
            "name the file's encoding"});
    auto const written = trimmed(*text);
    switch (column.type) {
    case 'C':
    case 'N':
    case 'F': return written;
    case 'D':
        // Anything else is left as it is, for the reader of the register to refuse.
        if (written.size() != 8 || written.find_first_not_of("0123456789") != std::string::npos)
            return written;
        return written.substr(0, 4) + "-" + written.substr(4, 2) + "-" + written.substr(6, 2);
    case 'L':
        return std::string{
            written.find_first_of("TtYy") == 0   ? "1"
            : written.find_first_of("FfNn") == 0 ? "0"
                                                 : ""};
    default: return std::string{}; // Memo and binary fields point to other files.
    }
}

Result<void, Complaint> Reader::read_record(std::size_t number, ByteView record) {
    if (record[0] == deleted) {
        ++deleted_;
        return {};
    }
    if (record[0] != alive)
        return fail(Complaint{
            "record " + std::to_string(number),
            "it begins with neither a blank nor a mark of deletion",
            "export the register as DBF again"});
    Row row{number, {}};
    std::size_t at = 1;
    for (Column const& column : columns_) {
        TRY(auto cell, value(column, number, record.subspan(at, column.size)));
        row.cells.push_back(std::move(cell));
        at += column.size;
    }
    sheet_.rows.push_back(std::move(row));
    return {};
}

Result<Sheet, Complaint> Reader::read(std::optional<Encoding> encoding) {
    TRY_VOID(read_header());
    TRY_VOID(choose_encoding(encoding));
    Row names{0, {}};
    for (Column const& column : columns_) {
        auto const text = protocol::text::decode(
            sheet_.encoding,
            {reinterpret_cast<std::uint8_t const*>(column.name.data()), column.name.size()});
        if (!text)
            return fail(broken("the name of a field is no text"));
        names.cells.push_back(trimmed(*text));
    }
    sheet_.rows.push_back(std::move(names));
    for (std::size_t number = 1; number <= records_; ++number) {
        auto const record =
            content_.subspan(first_record_ + (number - 1) * record_size_, record_size_);
        if (record[0] == file_end)
            return fail(broken("it ends at record " + std::to_string(number)));
        TRY_VOID(read_record(number, record));
    }
    if (deleted_ > 0)
        sheet_.notes.push_back(std::to_string(deleted_) + " deleted records were left out");
    return std::move(sheet_);
}

} // namespace

Result<Sheet, Complaint> read_dbf(ByteView content, std::optional<Encoding> encoding) {
    return Reader{content}.read(encoding);
}

} // namespace fleet::tables
