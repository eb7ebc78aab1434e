#include "fleet-server/charges/import.hpp"

#include <map>
#include <set>

#include "fleet-server/debts/debts.hpp"
#include "fleet-server/store/sha256.hpp"
#include "protocol/account/account.hpp"

namespace fleet::charges {

using protocol::Complaint;
using protocol::fail;
using protocol::Money;
using protocol::Result;
using store::Outcome;

namespace {

using Complaints = std::vector<Complaint>;

/// The rows with accounts in the provider's own form, and what the report adds up.
class Preparation {
public:
    Preparation(ChargeFile const& file, protocol::account::Mask const& mask, std::string place)
        : file_{file}, mask_{mask}, place_{std::move(place)} {}

    Result<void, Complaints> run(Report& report);
    [[nodiscard]] std::vector<debts::Invoice> const& invoices() const { return invoices_; }
    [[nodiscard]] std::vector<debts::Line> const& lines() const { return lines_; }

private:
    void complain(std::size_t line, std::string problem, std::string cure) {
        complaints_.push_back(
            {place_ + " line " + std::to_string(line), std::move(problem), std::move(cure)});
    }
    std::string account(std::string const& written, std::size_t line);
    void add(Money& sum, Money amount, std::size_t line);
    void take(InvoiceRow const& row, Report& report);
    void take(LineRow const& row, Report& report);

    ChargeFile const& file_;
    protocol::account::Mask const& mask_;
    std::string place_;
    std::vector<debts::Invoice> invoices_;
    std::vector<debts::Line> lines_;
    std::set<std::string> accounts_;
    std::map<std::string, std::size_t> seen_; ///< What may stand once, and its line.
    Complaints complaints_;
};

std::string Preparation::account(std::string const& written, std::size_t line) {
    auto const number = protocol::account::read_account(mask_, written);
    if (number) {
        accounts_.insert(number->canonical);
        return number->canonical;
    }
    complain(
        line,
        "the account '" + written + "' does not fit " + mask_.text(),
        "correct the account, or the provider's mask");
    return {};
}

void Preparation::add(Money& sum, Money amount, std::size_t line) {
    auto const total = protocol::add(sum, amount);
    if (total)
        sum = *total;
    else
        complain(line, "the sum of the register does not fit", "divide the file");
}

void Preparation::take(InvoiceRow const& row, Report& report) {
    auto canonical = account(row.account, row.line);
    auto const [seen, is_new] =
        seen_.emplace(canonical + "\n" + row.date + "\n" + row.number, row.line);
    if (!is_new && !canonical.empty())
        complain(
            row.line,
            "invoice " + row.number + " of " + canonical + " stands in line " +
                std::to_string(seen->second) + " already",
            "remove one of them");
    add(report.sum, row.to_pay, row.line);
    add(report.charged, row.charged, row.line);
    invoices_.push_back(
        {std::move(canonical),
         row.account,
         row.date,
         row.number,
         row.charged,
         row.balance,
         row.to_pay,
         row.payer,
         row.address});
}

void Preparation::take(LineRow const& row, Report& report) {
    auto canonical = account(row.account, row.line);
    auto const [seen, is_new] =
        seen_.emplace(canonical + "\n" + row.period + "\n" + row.service.service, row.line);
    if (!is_new) // Two flats' meters on one account, for example: odd, but the provider's own.
        report.doubts.push_back(
            {row.line,
             "'" + row.service.service + "' stands in line " + std::to_string(seen->second) +
                 " already"});
    add(report.sum, row.service.amount, row.line);
    lines_.push_back({std::move(canonical), row.account, row.period, row.service});
}

Result<void, Complaints> Preparation::run(Report& report) {
    report.doubts = file_.doubts;
    for (InvoiceRow const& row : file_.invoices) {
        take(row, report);
        if (complaints_.size() >= complaints_max)
            return fail(std::move(complaints_));
    }
    for (LineRow const& row : file_.lines) {
        take(row, report);
        if (complaints_.size() >= complaints_max)
            return fail(std::move(complaints_));
    }
    if (!complaints_.empty())
        return fail(std::move(complaints_));
    report.kind = file_.kind;
    report.encoding = file_.encoding;
    report.rows = file_.invoices.size() + file_.lines.size();
    report.accounts = accounts_.size();
    return {};
}

Outcome<std::vector<Report>> select(
    store::Reading const& reading, std::string const& condition, store::Values values) {
    std::vector<Report> reports;
    TRY_VOID((reading.each<
              std::int64_t,
              std::string,
              std::uint8_t,
              std::uint8_t,
              bool,
              std::uint32_t,
              std::uint32_t,
              Money,
              Money>(
        "SELECT id, sha256, kind, encoding, encoding_was_given, row_count, account_count, sum, "
        "charged FROM charge_import " +
            condition,
        values,
        [&](std::int64_t id,
            std::string sha,
            std::uint8_t kind,
            std::uint8_t encoding,
            bool was_given,
            std::uint32_t rows,
            std::uint32_t accounts,
            Money sum,
            Money charged) {
            reports.push_back(
                {id,
                 true,
                 static_cast<FileKind>(kind),
                 static_cast<Encoding>(encoding),
                 was_given,
                 rows,
                 accounts,
                 sum,
                 charged,
                 {},
                 std::move(sha)});
        })));
    for (Report& report : reports)
        TRY_VOID((reading.each<std::size_t, std::string>(
            "SELECT line, problem FROM charge_import_doubt WHERE import = ? ORDER BY position",
            {report.import},
            [&](std::size_t line, std::string problem) {
                report.doubts.push_back({line, std::move(problem)});
            })));
    return reports;
}

Outcome<std::int64_t> write_report(
    store::Transaction& transaction, std::uint32_t provider, std::string_view file_name,
    Report const& report, UtcTime now) {
    TRY(auto const id,
        transaction.insert(
            "INSERT INTO charge_import (provider, sha256, file_name, kind, encoding, "
            "encoding_was_given, row_count, account_count, sum, charged, imported_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {provider,
             report.sha256,
             file_name,
             static_cast<int>(report.kind),
             static_cast<int>(report.encoding),
             report.encoding_was_given,
             report.rows,
             report.accounts,
             report.sum,
             report.charged,
             now}));
    int position = 0;
    for (Doubt const& doubt : report.doubts)
        TRY_VOID(transaction.execute(
            "INSERT INTO charge_import_doubt (import, position, line, problem) "
            "VALUES (?, ?, ?, ?)",
            {id, ++position, doubt.line, doubt.problem}));
    return id;
}

} // namespace

Outcome<Result<Report, Complaints>> import_charges(
    store::Transaction& transaction, std::uint32_t provider, std::string_view file_name,
    protocol::ByteView content, std::optional<Encoding> encoding, UtcTime now) {
    using Answer = Result<Report, Complaints>;
    std::string const place{file_name.empty() ? "the file" : file_name};
    TRY(auto const owner, catalog::find_provider(transaction, provider));
    auto const mask = protocol::account::Mask::parse(owner ? owner->shown.account_mask : "");
    if (!owner || !mask)
        return Answer{fail(Complaints{
            {"the provider",
             "there is no provider " + std::to_string(provider) + " with a mask of accounts",
             "create it first"}})};
    Report report;
    report.sha256 = store::hex(store::sha256(content));
    TRY(auto known,
        select(transaction, "WHERE provider = ? AND sha256 = ?", {provider, report.sha256}));
    if (!known.empty())
        return Answer{std::move(known.front())};

    auto const file = read_charge_file(content, encoding, common_profile());
    if (!file) {
        auto complaints = file.error();
        for (Complaint& complaint : complaints)
            complaint.place = complaint.place == "the file" ? place : place + " " + complaint.place;
        return Answer{fail(std::move(complaints))};
    }
    Preparation prepared{*file, *mask, place};
    if (auto done = prepared.run(report); !done)
        return Answer{fail(std::move(done).error())};
    report.encoding_was_given = encoding.has_value();
    // Nothing is written before every row is good.
    TRY(report.import, write_report(transaction, provider, file_name, report, now));
    for (debts::Invoice const& invoice : prepared.invoices())
        TRY_VOID(debts::put_invoice(transaction, provider, invoice, report.import, now));
    TRY_VOID(debts::put_lines(transaction, provider, prepared.lines(), report.import));
    return Answer{std::move(report)};
}

Outcome<std::vector<Report>> imports_of(
    store::Reading const& reading, std::uint32_t provider, std::size_t count_max) {
    return select(reading, "WHERE provider = ? ORDER BY id DESC LIMIT ?", {provider, count_max});
}

} // namespace fleet::charges
