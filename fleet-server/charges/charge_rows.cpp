#include "fleet-server/charges/charge_rows.hpp"

#include <algorithm>

#include "fleet-server/charges/cells.hpp"
#include "fleet-server/charges/charge_file.hpp"

namespace fleet::charges {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;
using tables::Row;

namespace {

using Next = Result<std::optional<Row>, Complaint>;

bool has_control(std::string const& text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F;
    });
}

std::string place_of(std::size_t line) {
    return "line " + std::to_string(line);
}

/// Limits that hold for every form.
std::optional<Complaint> beyond_limits(Row const& row) {
    bool const is_long =
        std::any_of(row.cells.begin(), row.cells.end(), [](std::string const& cell) {
            return cell.size() > cell_size_max;
        });
    if (is_long || row.cells.size() > columns_max)
        return Complaint{
            place_of(row.line),
            "it is too wide",
            "a line has at most " + std::to_string(columns_max) + " values of " +
                std::to_string(cell_size_max) + " bytes"};
    return std::nullopt;
}

class TextRows final : public ChargeRows {
public:
    TextRows(protocol::ByteView content, Encoding encoding, char separator)
        : rest_{content}, encoding_{encoding}, separator_{separator} {}

    Next next() override {
        while (auto const bytes = take_line(rest_)) {
            ++line_;
            auto const line = protocol::text::decode(encoding_, *bytes);
            if (!line)
                return complain(
                    "it is not " + std::string{name(encoding_)}, "name the file's encoding");
            if (has_control(*line))
                return complain(
                    "it holds a control character", "export the register as plain text");
            std::string const blanks = std::string{" \t"} + separator_;
            if (line->find_first_not_of(blanks) == std::string::npos)
                continue;
            auto cells = split_cells(*line, separator_);
            if (!cells)
                return complain(
                    "a quotation mark is not closed", "close it, and write marks inside it twice");
            Row row{line_, std::move(*cells)};
            if (auto complaint = beyond_limits(row))
                return fail(*std::move(complaint));
            return std::optional{std::move(row)};
        }
        return std::optional<Row>{};
    }
    [[nodiscard]] bool is_strict() const override { return true; }

private:
    [[nodiscard]] Next complain(std::string problem, std::string cure) const {
        return fail(Complaint{place_of(line_), std::move(problem), std::move(cure)});
    }

    protocol::ByteView rest_;
    Encoding encoding_;
    char separator_;
    std::size_t line_ = 0;
};

class SheetRows final : public ChargeRows {
public:
    explicit SheetRows(tables::Sheet sheet) : sheet_{std::move(sheet)} {}

    Next next() override {
        for (; at_ < sheet_.rows.size(); ++at_) {
            Row& row = sheet_.rows[at_];
            while (!row.cells.empty() && row.cells.back().empty())
                row.cells.pop_back();
            if (row.cells.empty())
                continue;
            if (auto complaint = beyond_limits(row))
                return fail(*std::move(complaint));
            if (std::any_of(row.cells.begin(), row.cells.end(), has_control))
                return fail(Complaint{
                    place_of(row.line),
                    "it holds a control character",
                    "write each value on one line"});
            ++at_;
            return std::optional{std::move(row)};
        }
        return std::optional<Row>{};
    }
    [[nodiscard]] bool is_strict() const override { return false; }

private:
    tables::Sheet sheet_;
    std::size_t at_ = 0;
};

} // namespace

std::unique_ptr<ChargeRows> text_rows(
    protocol::ByteView content, Encoding encoding, char separator) {
    return std::make_unique<TextRows>(content, encoding, separator);
}

std::unique_ptr<ChargeRows> sheet_rows(tables::Sheet sheet) {
    return std::make_unique<SheetRows>(std::move(sheet));
}

} // namespace fleet::charges
