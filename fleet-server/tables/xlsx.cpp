#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "fleet-server/tables/cell_values.hpp"
#include "fleet-server/tables/sheet.hpp"
#include "fleet-server/tables/xlsx_parts.hpp"
#include "protocol/text/utf8.hpp"

namespace fleet::tables {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;

namespace {

Complaint broken(std::string problem) {
    return {"the file", std::move(problem), "save the register as XLSX again"};
}

/// Without the prefix: producers name the main namespace as they like.
std::string_view local_name(pugi::xml_node const& node) {
    std::string_view const name = node.name();
    auto const colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

template <class Visit>
void each_child(pugi::xml_node const& node, std::string_view name, Visit visit) {
    for (auto const& child : node.children())
        if (local_name(child) == name)
            visit(child);
}

pugi::xml_node child_of(pugi::xml_node const& node, std::string_view name) {
    for (auto const& child : node.children())
        if (local_name(child) == name)
            return child;
    return {};
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return std::string{text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

/// A string item: its own text, or the texts of its runs; never the phonetic reading.
std::string text_of(pugi::xml_node const& item) {
    std::string text;
    for (auto const& child : item.children()) {
        if (local_name(child) == "t")
            text += child.text().get();
        else if (local_name(child) == "r")
            text += child_of(child, "t").text().get();
    }
    return text;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    text = text.substr(0, text.find('.')); // A moment's number has the time behind the point.
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

class Reader {
public:
    explicit Reader(XlsxParts parts) : parts_{std::move(parts)} {}
    Result<Sheet, Complaint> read();

private:
    Result<void, Complaint> load(std::string const& part, pugi::xml_document& document) const;
    Result<std::string, Complaint> find_sheet();
    [[nodiscard]] Result<std::string, Complaint> target_of(std::string const& relation) const;
    Result<void, Complaint> read_strings();
    Result<void, Complaint> read_styles();
    Result<void, Complaint> read_row(pugi::xml_node const& row);
    [[nodiscard]] Result<std::string, Complaint> value(
        pugi::xml_node const& cell, std::string const& place) const;
    [[nodiscard]] Result<std::string, Complaint> number(
        pugi::xml_node const& cell, std::string_view written, std::string const& place) const;

    XlsxParts parts_;
    std::vector<std::string> strings_;
    std::vector<bool> date_styles_; ///< By the number of a cell's style.
    bool is_1904_ = false;
    Sheet sheet_;
};

Result<void, Complaint> Reader::load(std::string const& part, pugi::xml_document& document) const {
    TRY(auto const text, parts_.read(part));
    auto const parsed = document.load_buffer(text.data(), text.size());
    if (!parsed)
        return fail(
            broken("its part " + part + " is no XML at byte " + std::to_string(parsed.offset)));
    return {};
}

Result<std::string, Complaint> Reader::target_of(std::string const& relation) const {
    pugi::xml_document document;
    TRY_VOID(load("xl/_rels/workbook.xml.rels", document));
    std::string target;
    each_child(document.document_element(), "Relationship", [&](pugi::xml_node const& one) {
        if (relation == one.attribute("Id").value())
            target = one.attribute("Target").value();
    });
    if (target.empty())
        return fail(broken("its sheet points to nothing"));
    return target.starts_with('/') ? target.substr(1) : "xl/" + target;
}

Result<std::string, Complaint> Reader::find_sheet() {
    pugi::xml_document document;
    TRY_VOID(load("xl/workbook.xml", document));
    auto const book = document.document_element();
    is_1904_ = child_of(book, "workbookPr").attribute("date1904").as_bool();
    std::string relation;
    std::string chosen;
    std::string left;
    each_child(child_of(book, "sheets"), "sheet", [&](pugi::xml_node const& one) {
        std::string const state = one.attribute("state").value();
        bool const is_hidden = state == "hidden" || state == "veryHidden";
        if (relation.empty() && !is_hidden) {
            for (auto const& attribute : one.attributes())
                if (std::string_view{attribute.name()}.ends_with(":id"))
                    relation = attribute.value();
            chosen = one.attribute("name").value();
        } else {
            left += (left.empty() ? "'" : ", '") + std::string{one.attribute("name").value()} + "'";
        }
    });
    if (relation.empty())
        return fail(broken("it has no visible sheet"));
    if (!left.empty())
        sheet_.notes.push_back("sheet '" + chosen + "' was read, not " + left);
    return target_of(relation);
}

Result<void, Complaint> Reader::read_strings() {
    if (!parts_.has("xl/sharedStrings.xml"))
        return {};
    pugi::xml_document document;
    TRY_VOID(load("xl/sharedStrings.xml", document));
    each_child(document.document_element(), "si", [&](pugi::xml_node const& item) {
        strings_.push_back(text_of(item));
    });
    return {};
}

Result<void, Complaint> Reader::read_styles() {
    if (!parts_.has("xl/styles.xml"))
        return {};
    pugi::xml_document document;
    TRY_VOID(load("xl/styles.xml", document));
    auto const root = document.document_element();
    std::vector<int> date_formats;
    each_child(child_of(root, "numFmts"), "numFmt", [&](pugi::xml_node const& one) {
        if (is_date_format(std::string_view{one.attribute("formatCode").value()}))
            date_formats.push_back(one.attribute("numFmtId").as_int());
    });
    each_child(child_of(root, "cellXfs"), "xf", [&](pugi::xml_node const& one) {
        int const format = one.attribute("numFmtId").as_int();
        date_styles_.push_back(
            is_date_format(format) ||
            std::find(date_formats.begin(), date_formats.end(), format) != date_formats.end());
    });
    return {};
}

Result<std::string, Complaint> Reader::number(
    pugi::xml_node const& cell, std::string_view written, std::string const& place) const {
    auto const style = static_cast<std::size_t>(cell.attribute("s").as_uint());
    if (style < date_styles_.size() && date_styles_[style]) {
        auto const serial = whole_number(written);
        auto const date = serial ? date_of_serial(*serial, is_1904_) : std::nullopt;
        if (!date)
            return fail(Complaint{
                place,
                "'" + std::string{written} + "' is not the number of a day",
                "write the date as 01.09.2009"});
        return *date;
    }
    auto plain = plain_number(written);
    if (!plain)
        return fail(
            Complaint{place, "'" + std::string{written} + "' is not a number", "correct the cell"});
    return *std::move(plain);
}

Result<std::string, Complaint> Reader::value(
    pugi::xml_node const& cell, std::string const& place) const {
    std::string_view const type = cell.attribute("t").value();
    if (type == "inlineStr")
        return trimmed(text_of(child_of(cell, "is")));
    std::string_view const written = child_of(cell, "v").text().get();
    if (written.empty())
        return std::string{};
    if (type == "s") {
        auto const index = whole_number(written);
        if (!index || *index < 0 || static_cast<std::size_t>(*index) >= strings_.size())
            return fail(Complaint{
                place,
                "it points to a text that is not in the file",
                "save the register as XLSX again"});
        return trimmed(strings_[static_cast<std::size_t>(*index)]);
    }
    if (type.empty() || type == "n")
        return number(cell, written, place);
    return trimmed(written); // A formula's text, a logical value, an error, an ISO date.
}

Result<void, Complaint> Reader::read_row(pugi::xml_node const& node) {
    Row row;
    row.line = static_cast<std::size_t>(node.attribute("r").as_ullong());
    if (row.line == 0)
        row.line = sheet_.rows.empty() ? 1 : sheet_.rows.back().line + 1;
    std::optional<Complaint> complaint;
    each_child(node, "c", [&](pugi::xml_node const& cell) {
        if (complaint)
            return;
        std::string_view const reference = cell.attribute("r").value();
        auto const column = reference.empty() ? row.cells.size() : column_of(reference);
        auto const place =
            "line " + std::to_string(row.line) + ", cell " +
            (reference.empty() ? std::to_string(row.cells.size() + 1) : std::string{reference});
        if (!column || *column >= columns_max) {
            complaint = Complaint{
                place,
                "a register has at most " + std::to_string(columns_max) + " columns",
                "remove what does not belong to it"};
            return;
        }
        auto text = value(cell, place);
        if (!text) {
            complaint = std::move(text).error();
            return;
        }
        if (row.cells.size() <= *column)
            row.cells.resize(*column + 1);
        row.cells[*column] = *std::move(text);
    });
    if (complaint)
        return fail(*std::move(complaint));
    sheet_.rows.push_back(std::move(row));
    return {};
}

Result<Sheet, Complaint> Reader::read() {
    TRY(auto const part, find_sheet());
    TRY_VOID(read_strings());
    TRY_VOID(read_styles());
    pugi::xml_document document;
    TRY_VOID(load(part, document));
    auto const data = child_of(document.document_element(), "sheetData");
    for (auto const& row : data.children()) {
        if (local_name(row) != "row")
            continue;
        if (sheet_.rows.size() == rows_max)
            return fail(Complaint{
                "the file", "more than " + std::to_string(rows_max) + " rows", "divide the file"});
        TRY_VOID(read_row(row));
    }
    for (Row const& row : sheet_.rows)
        for (std::string const& cell : row.cells)
            if (!protocol::text::is_utf8(cell))
                return fail(broken("line " + std::to_string(row.line) + " holds no Unicode text"));
    return std::move(sheet_);
}

} // namespace

Result<Sheet, Complaint> read_xlsx(protocol::ByteView content) {
    TRY(auto parts, XlsxParts::open(content));
    return Reader{std::move(parts)}.read();
}

} // namespace fleet::tables
