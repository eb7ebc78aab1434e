#include "fleet-server/charges/charge_file.hpp"

#include <algorithm>
#include <map>

#include "fleet-server/charges/charge_rows.hpp"
#include "fleet-server/charges/totals.hpp"
#include "fleet-server/charges/values.hpp"
#include "protocol/money/amount_text.hpp"
#include "protocol/text/guess.hpp"
#include "protocol/text/letter_case.hpp"

namespace fleet::charges {

using protocol::Complaint;
using protocol::fail;
using protocol::Money;
using protocol::Result;
using protocol::text::Confidence;

namespace {

using Complaints = std::vector<Complaint>;

/// A title, requisites and empty rows take less.
constexpr std::size_t header_rows_max = 20;

using Columns = std::map<Field, std::size_t>;

Columns match(std::vector<std::string> const& header, std::vector<Profile::Column> const& wanted) {
    Columns found;
    for (std::size_t at = 0; at < header.size(); ++at) {
        auto const plain = plain_header(header[at]);
        for (auto const& column : wanted)
            if (std::find(column.names.begin(), column.names.end(), plain) != column.names.end())
                found.emplace(column.field, at);
    }
    return found;
}

std::string missing(std::vector<Profile::Column> const& wanted, Columns const& found) {
    std::string names;
    for (auto const& column : wanted)
        if (column.is_required && !found.contains(column.field))
            names += (names.empty() ? "" : ", ") + column.title;
    return names;
}

/// Everything about one file on its way from bytes to rows.
class Reader {
public:
    Reader(protocol::ByteView content, Profile const& profile)
        : content_{content}, profile_{profile} {}

    Result<ChargeFile, Complaints> read(std::optional<Encoding> encoding);

private:
    void complain(std::string problem, std::string cure) {
        complaints_.push_back({place(), std::move(problem), std::move(cure)});
    }
    void complain(Field field, std::string problem, std::string cure) {
        complaints_.push_back(
            {place() + ", column " + header_.at(columns_.at(field)),
             std::move(problem),
             std::move(cure)});
    }
    void doubt(std::string problem) { file_.doubts.push_back({line_, std::move(problem)}); }
    [[nodiscard]] std::string place() const { return "line " + std::to_string(line_); }

    [[nodiscard]] bool open_rows(std::optional<Encoding> encoding);
    [[nodiscard]] bool choose_encoding(std::optional<Encoding> encoding);
    [[nodiscard]] char choose_separator() const;
    [[nodiscard]] std::optional<std::vector<std::string>> next_row();
    [[nodiscard]] bool read_header();
    [[nodiscard]] bool is_header(std::vector<std::string> const& cells) const;
    [[nodiscard]] bool take_header(std::vector<std::string> header);
    void read_row();
    [[nodiscard]] bool is_totals() const;
    void check_totals();
    void read_invoice();
    void read_line();
    void check_product(LineRow const& row);

    [[nodiscard]] std::string text(Field field) const {
        auto const column = columns_.find(field);
        return column == columns_.end() ? std::string{} : cells_.at(column->second);
    }
    [[nodiscard]] std::string needed(Field field, char const* cure);
    [[nodiscard]] Money amount(Field field);

    protocol::ByteView content_;
    std::unique_ptr<ChargeRows> rows_;
    Totals totals_;
    Profile const& profile_;
    ChargeFile file_;
    Complaints complaints_;
    std::size_t line_ = 0;
    std::vector<std::string> header_;
    Columns columns_;
    std::vector<std::string> cells_;
};

bool Reader::choose_encoding(std::optional<Encoding> encoding) {
    if (encoding) {
        file_.encoding = *encoding;
        return true;
    }
    auto const guess = protocol::text::guess_encoding(content_);
    file_.encoding = guess.encoding;
    switch (guess.confidence) {
    case Confidence::None:
        complaints_.push_back(
            {"the file",
             "it is not a text in any encoding known here",
             "save it as windows-1251 or UTF-8, or name its encoding"});
        return false;
    case Confidence::Weak:
        file_.doubts.push_back(
            {1, "the encoding is guessed from few letters: " + std::string{name(guess.encoding)}});
        return true;
    case Confidence::Strong:
    case Confidence::Certain: return true;
    }
    return false;
}

/// The sign that makes a header of one of the first lines; `;` when none does, so that the
/// complaint about the header shows the line as most people would read it.
char Reader::choose_separator() const {
    for (char const separator : {';', '\t', '|', ','}) {
        auto const rows = text_rows(content_, file_.encoding, separator);
        for (std::size_t n = 0; n < header_rows_max; ++n) {
            auto const row = rows->next();
            if (!row || !*row)
                break;
            if (is_header((*row)->cells))
                return separator;
        }
    }
    return ';';
}

bool Reader::open_rows(std::optional<Encoding> encoding) {
    auto const form = tables::form_of(content_);
    if (form == tables::Form::Text) {
        if (!choose_encoding(encoding))
            return false;
        char const separator = choose_separator();
        if (separator != ';')
            file_.doubts.push_back(
                {1,
                 "values are read as separated by " +
                     (separator == '\t' ? std::string{"tabs"} : std::string{separator})});
        rows_ = text_rows(content_, file_.encoding, separator);
        return true;
    }
    auto sheet = form == tables::Form::Dbf ? tables::read_dbf(content_, encoding)
                                           : tables::read_xlsx(content_);
    if (!sheet) {
        complaints_.push_back(std::move(sheet).error());
        return false;
    }
    file_.encoding = sheet->encoding;
    for (std::string& note : sheet->notes)
        file_.doubts.push_back({1, std::move(note)});
    rows_ = sheet_rows(*std::move(sheet));
    return true;
}

/// nullopt at the end or at a row that cannot be read, which is complained of.
std::optional<std::vector<std::string>> Reader::next_row() {
    auto row = rows_->next();
    if (!row) {
        complaints_.push_back(std::move(row).error());
        return std::nullopt;
    }
    if (!*row)
        return std::nullopt;
    line_ = (*row)->line;
    return std::move((*row)->cells);
}

bool Reader::is_header(std::vector<std::string> const& cells) const {
    return missing(profile_.invoices, match(cells, profile_.invoices)).empty() ||
           missing(profile_.lines, match(cells, profile_.lines)).empty();
}

/// The first of the first rows that is one; what stands above it is a title.
bool Reader::read_header() {
    std::optional<std::vector<std::string>> first;
    std::size_t first_line = 0;
    for (std::size_t n = 0; n < header_rows_max; ++n) {
        auto cells = next_row();
        if (!cells)
            break;
        if (is_header(*cells)) {
            if (n > 0)
                doubt(std::to_string(n) + " rows above the header are a title");
            return take_header(*std::move(cells));
        }
        if (!first) {
            first = std::move(cells);
            first_line = line_;
        }
    }
    if (!complaints_.empty())
        return false;
    if (!first) {
        complaints_.push_back({"the file", "it is empty", "export the register again"});
        return false;
    }
    line_ = first_line;
    complain(
        "these columns are not those of a register",
        "name the columns; invoices lack " +
            missing(profile_.invoices, match(*first, profile_.invoices)) +
            "; lines of services lack " + missing(profile_.lines, match(*first, profile_.lines)));
    return false;
}

bool Reader::take_header(std::vector<std::string> header) {
    header_ = std::move(header);
    auto const invoices = match(header_, profile_.invoices);
    bool const are_invoices = missing(profile_.invoices, invoices).empty();
    file_.kind = are_invoices ? FileKind::Invoices : FileKind::Lines;
    columns_ = are_invoices ? invoices : match(header_, profile_.lines);
    for (std::size_t at = 0; at < header_.size(); ++at) {
        bool const is_used = std::any_of(columns_.begin(), columns_.end(), [&](auto const& column) {
            return column.second == at;
        });
        if (!is_used && !header_[at].empty())
            doubt("column '" + header_[at] + "' is not used");
    }
    return true;
}

std::string Reader::needed(Field field, char const* cure) {
    auto value = text(field);
    if (value.empty())
        complain(field, "it is empty", cure);
    return value;
}

Money Reader::amount(Field field) {
    if (!columns_.contains(field))
        return protocol::rub(0);
    auto const value = protocol::parse_amount(text(field));
    if (!value)
        complain(
            field,
            "'" + text(field) + "': " + std::string{protocol::describe(value.error())},
            "write roubles and kopecks: 4597,86");
    return value.value_or(protocol::rub(0));
}

void Reader::read_invoice() {
    InvoiceRow row;
    row.line = line_;
    row.account = needed(Field::Account, "write the account");
    row.number = needed(Field::Number, "write the number of the invoice");
    auto const date = read_date(text(Field::Date));
    if (!date)
        complain(
            Field::Date,
            "'" + text(Field::Date) + "' is not a date",
            "write 01.09.2009 or 2009-09-01");
    row.date = date.value_or("");
    row.charged = amount(Field::Charged);
    row.balance = amount(Field::Balance);
    row.to_pay = amount(Field::ToPay);
    totals_.add(Field::Charged, row.charged);
    totals_.add(Field::Balance, row.balance);
    totals_.add(Field::ToPay, row.to_pay);
    row.payer = text(Field::Payer);
    row.address = text(Field::Address);
    if (columns_.contains(Field::Charged) && columns_.contains(Field::Balance)) {
        // A negative balance is a debt: to pay = charged - balance.
        auto const expected = row.charged.minor() - row.balance.minor(); // Both below 10^13.
        if (expected != row.to_pay.minor())
            doubt(
                "invoice " + row.number + ": charged less balance is " +
                protocol::to_decimal(protocol::rub(expected)) + ", the register says " +
                protocol::to_decimal(row.to_pay));
    }
    file_.invoices.push_back(std::move(row));
}

/// The provider's sum stands, whatever tariff and quantity make; a person is told.
void Reader::check_product(LineRow const& row) {
    auto const& service = row.service;
    if (service.tariff.empty() || service.quantity.empty())
        return;
    auto const tariff = read_decimal(service.tariff);
    auto const quantity = read_decimal(service.quantity);
    auto const product = tariff && quantity ? multiply(*tariff, *quantity) : std::nullopt;
    if (!product)
        return doubt(
            service.service + ": tariff '" + service.tariff + "' or quantity '" + service.quantity +
            "' is not a number");
    if (*product == service.amount)
        return;
    auto const difference = protocol::rub(service.amount.minor() - product->minor());
    doubt(
        service.service + ": " + service.tariff + " x " + service.quantity + " = " +
        protocol::to_decimal(*product) + ", the register says " +
        protocol::to_decimal(service.amount) + ": " + (difference.is_positive() ? "+" : "") +
        protocol::to_decimal(difference));
}

void Reader::read_line() {
    LineRow row;
    row.line = line_;
    row.account = needed(Field::Account, "write the account");
    row.service.service = needed(Field::Service, "write the name of the service");
    auto const period = read_period(text(Field::Period));
    if (!period)
        complain(
            Field::Period,
            "'" + text(Field::Period) + "' is not a month",
            "write 09.2009 or 2009-09");
    row.period = period.value_or("");
    row.service.unit = text(Field::Unit);
    row.service.tariff = text(Field::Tariff);
    row.service.quantity = text(Field::Quantity);
    row.service.amount = amount(Field::Amount);
    totals_.add(Field::Amount, row.service.amount);
    check_product(row);
    file_.lines.push_back(std::move(row));
}

/// "Итого" where the account should be, or beside an empty one.
bool Reader::is_totals() const {
    auto const is_word = [](std::string const& cell) {
        auto const plain = plain_header(cell);
        return plain.starts_with("ИТОГО") || plain.starts_with("ВСЕГО");
    };
    auto const account = text(Field::Account);
    return (account.empty() || is_word(account)) &&
           std::any_of(cells_.begin(), cells_.end(), is_word);
}

void Reader::check_totals() {
    for (Field const field : {Field::ToPay, Field::Charged, Field::Balance, Field::Amount}) {
        if (!columns_.contains(field) || text(field).empty())
            continue;
        auto const stated = amount(field);
        if (auto const found = totals_.differs(field, stated))
            complain(
                field,
                "the register's total is " + protocol::to_decimal(stated) +
                    ", the rows add up to " + *found,
                "export the register again: rows are missing, doubled or changed");
    }
    totals_.close_group();
}

void Reader::read_row() {
    if (!rows_->is_strict() && cells_.size() < header_.size())
        cells_.resize(header_.size());
    if (cells_.size() != header_.size())
        return complain(
            std::to_string(cells_.size()) + " values, the header has " +
                std::to_string(header_.size()),
            "correct the line");
    if (is_totals())
        check_totals();
    else if (file_.kind == FileKind::Invoices)
        read_invoice();
    else
        read_line();
}

Result<ChargeFile, Complaints> Reader::read(std::optional<Encoding> encoding) {
    if (!open_rows(encoding) || !read_header())
        return fail(std::move(complaints_));
    std::size_t rows = 0;
    while (auto cells = next_row()) {
        cells_ = std::move(*cells);
        if (++rows > rows_max) {
            complain("more than " + std::to_string(rows_max) + " rows", "divide the file");
            break;
        }
        read_row();
        if (complaints_.size() >= complaints_max)
            break;
    }
    if (file_.invoices.empty() && file_.lines.empty() && complaints_.empty())
        complaints_.push_back({"the file", "it has no rows", "export the register again"});
    if (!complaints_.empty())
        return fail(std::move(complaints_));
    return std::move(file_);
}

} // namespace

std::optional<Encoding> encoding_from_name(std::string_view written) {
    for (Encoding const encoding :
         {Encoding::Utf8, Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R})
        if (protocol::text::to_upper(name(encoding)) == protocol::text::to_upper(written))
            return encoding;
    return std::nullopt;
}

std::string_view name(FileKind kind) {
    switch (kind) {
    case FileKind::Invoices: return "invoices";
    case FileKind::Lines: return "lines";
    }
    return "unknown";
}

Result<ChargeFile, std::vector<Complaint>> read_charge_file(
    protocol::ByteView content, std::optional<Encoding> encoding, Profile const& profile) {
    if (content.size() > file_size_max)
        return fail(Complaints{
            {"the file",
             std::to_string(content.size()) + " bytes",
             "a register has at most " + std::to_string(file_size_max) + "; divide it"}});
    return Reader{content, profile}.read(encoding);
}

} // namespace fleet::charges
