#include "fleet-server/charges/charge_file.hpp"

#include <algorithm>
#include <map>

#include "fleet-server/charges/cells.hpp"
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

/// Everything about one file on its way from bytes to rows.
class Reader {
public:
    Reader(protocol::ByteView content, Profile const& profile)
        : rest_{content}, profile_{profile} {}

    Result<ChargeFile, Complaints> read(std::optional<Encoding> encoding);

private:
    using Columns = std::map<Field, std::size_t>;

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

    [[nodiscard]] bool choose_encoding(
        protocol::ByteView content, std::optional<Encoding> encoding);
    [[nodiscard]] std::optional<std::vector<std::string>> next_row();
    [[nodiscard]] bool read_header();
    [[nodiscard]] Columns match(std::vector<Profile::Column> const& wanted) const;
    [[nodiscard]] std::string missing(
        std::vector<Profile::Column> const& wanted, Columns const& found) const;
    void read_invoice();
    void read_line();
    void check_product(LineRow const& row);

    [[nodiscard]] std::string text(Field field) const {
        auto const column = columns_.find(field);
        return column == columns_.end() ? std::string{} : cells_.at(column->second);
    }
    [[nodiscard]] std::string needed(Field field, char const* cure);
    [[nodiscard]] Money amount(Field field);

    protocol::ByteView rest_;
    Profile const& profile_;
    ChargeFile file_;
    Complaints complaints_;
    std::size_t line_ = 0;
    std::vector<std::string> header_;
    Columns columns_;
    std::vector<std::string> cells_;
};

bool Reader::choose_encoding(protocol::ByteView content, std::optional<Encoding> encoding) {
    if (encoding) {
        file_.encoding = *encoding;
        return true;
    }
    auto const guess = protocol::text::guess_encoding(content);
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

/// The cells of the next line that is not empty; nullopt at the end or at a line that cannot be
/// read, which is complained of.
std::optional<std::vector<std::string>> Reader::next_row() {
    while (auto const bytes = take_line(rest_)) {
        ++line_;
        auto const line = protocol::text::decode(file_.encoding, *bytes);
        if (!line) {
            complain("it is not " + std::string{name(file_.encoding)}, "name the file's encoding");
            return std::nullopt;
        }
        bool const has_control = std::any_of(line->begin(), line->end(), [](char c) {
            return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F;
        });
        if (has_control) {
            complain("it holds a control character", "export the register as plain text");
            return std::nullopt;
        }
        if (line->find_first_not_of(" \t;") == std::string::npos)
            continue;
        auto cells = split_cells(*line);
        if (!cells) {
            complain("a quotation mark is not closed", "close it, and write marks inside it twice");
            return std::nullopt;
        }
        bool const is_long = std::any_of(cells->begin(), cells->end(), [](std::string const& cell) {
            return cell.size() > cell_size_max;
        });
        if (is_long || cells->size() > columns_max) {
            complain(
                "it is too wide",
                "a line has at most " + std::to_string(columns_max) + " values of " +
                    std::to_string(cell_size_max) + " bytes");
            return std::nullopt;
        }
        return cells;
    }
    return std::nullopt;
}

Reader::Columns Reader::match(std::vector<Profile::Column> const& wanted) const {
    Columns found;
    for (std::size_t at = 0; at < header_.size(); ++at) {
        auto const header = plain_header(header_[at]);
        for (auto const& column : wanted)
            if (std::find(column.names.begin(), column.names.end(), header) != column.names.end())
                found.emplace(column.field, at);
    }
    return found;
}

std::string Reader::missing(
    std::vector<Profile::Column> const& wanted, Columns const& found) const {
    std::string names;
    for (auto const& column : wanted)
        if (column.is_required && !found.contains(column.field))
            names += (names.empty() ? "" : ", ") + column.title;
    return names;
}

bool Reader::read_header() {
    auto header = next_row();
    if (!header) {
        if (complaints_.empty())
            complaints_.push_back({"the file", "it is empty", "export the register again"});
        return false;
    }
    header_ = std::move(*header);
    auto const invoices = match(profile_.invoices);
    auto const lines = match(profile_.lines);
    auto const no_invoices = missing(profile_.invoices, invoices);
    auto const no_lines = missing(profile_.lines, lines);
    if (!no_invoices.empty() && !no_lines.empty()) {
        complain(
            "these columns are not those of a register",
            "name the columns; invoices lack " + no_invoices + "; lines of services lack " +
                no_lines);
        return false;
    }
    file_.kind = no_invoices.empty() ? FileKind::Invoices : FileKind::Lines;
    columns_ = no_invoices.empty() ? invoices : lines;
    for (std::size_t at = 0; at < header_.size(); ++at) {
        bool const is_used = std::any_of(columns_.begin(), columns_.end(), [&](auto const& column) {
            return column.second == at;
        });
        if (!is_used)
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
    check_product(row);
    file_.lines.push_back(std::move(row));
}

Result<ChargeFile, Complaints> Reader::read(std::optional<Encoding> encoding) {
    if (!choose_encoding(rest_, encoding) || !read_header())
        return fail(std::move(complaints_));
    std::size_t rows = 0;
    while (auto cells = next_row()) {
        cells_ = std::move(*cells);
        if (++rows > rows_max) {
            complain("more than " + std::to_string(rows_max) + " rows", "divide the file");
            break;
        }
        if (cells_.size() != header_.size())
            complain(
                std::to_string(cells_.size()) + " values, the header has " +
                    std::to_string(header_.size()),
                "correct the line");
        else if (file_.kind == FileKind::Invoices)
            read_invoice();
        else
            read_line();
        if (complaints_.size() >= complaints_max)
            break;
    }
    if (rows == 0 && complaints_.empty())
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

std::string plain_header(std::string_view header) {
    std::string kept;
    for (char const c : header)
        if (c != ' ' && c != '.' && c != '_' && c != '/' && c != '-')
            kept += c;
    auto upper = protocol::text::to_upper(kept);
    constexpr std::string_view yo = "Ё";
    for (std::size_t at = 0; (at = upper.find(yo, at)) != std::string::npos;)
        upper.replace(at, yo.size(), "Е");
    return upper;
}

Profile const& common_profile() {
    static Profile const profile = {
        .invoices =
            {{Field::Account, "ЛицевойСчет", {"ЛИЦЕВОЙСЧЕТ", "ЛС", "ACCOUNT"}},
             {Field::Date, "Дата", {"ДАТА", "ДАТАСЧЕТА", "DATE"}},
             {Field::Number, "НомерСчета", {"НОМЕРСЧЕТА", "НОМЕР", "СЧЕТ", "NUMBER"}},
             {Field::ToPay, "КОплате", {"КОПЛАТЕ", "ИТОГОКОПЛАТЕ", "TOPAY"}},
             {Field::Charged, "Начислено", {"НАЧИСЛЕНО", "СУММАСЧЕТА", "CHARGED"}, false},
             {Field::Balance, "Баланс", {"БАЛАНС", "САЛЬДО", "BALANCE"}, false},
             {Field::Payer, "ФИО", {"ФИО", "ПЛАТЕЛЬЩИК", "PAYER"}, false},
             {Field::Address, "Адрес", {"АДРЕС", "ADDRESS"}, false}},
        .lines = {
            {Field::Account, "ЛицевойСчет", {"ЛИЦЕВОЙСЧЕТ", "ЛС", "ACCOUNT"}},
            {Field::Period, "Период", {"ПЕРИОД", "МЕСЯЦ", "PERIOD"}},
            {Field::Service, "Услуга", {"УСЛУГА", "НАИМЕНОВАНИЕУСЛУГИ", "SERVICE"}},
            {Field::Amount, "Сумма", {"СУММА", "КОПЛАТЕ", "AMOUNT"}},
            {Field::Unit, "Ед", {"ЕД", "ЕДИЗМ", "UNIT"}, false},
            {Field::Tariff, "Тариф", {"ТАРИФ", "TARIFF"}, false},
            {Field::Quantity, "Количество", {"КОЛИЧЕСТВО", "ОБЪЕМ", "QUANTITY"}, false}}};
    return profile;
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
