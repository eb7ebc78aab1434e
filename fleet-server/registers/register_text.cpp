#include "fleet-server/registers/register_text.hpp"

#include <algorithm>
#include <array>

#include "protocol/money/amount_text.hpp"
#include "protocol/text/charset.hpp"

namespace fleet::registers {

using protocol::Bytes;
using protocol::MoneyError;
using protocol::Result;

namespace {

constexpr char const* line_end = "\r\n";

std::string with_comma(Money amount) {
    auto text = protocol::to_decimal(amount);
    std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

std::string padded(std::int64_t number, std::size_t digits) {
    auto const text = std::to_string(number);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// "05.02.2010;10:59:00", as the clock on the wall showed it.
std::string local_time(UtcTime at, std::chrono::minutes zone) {
    using namespace std::chrono;
    auto const local = floor<seconds>(at + zone);
    auto const midnight = floor<days>(local);
    year_month_day const date{midnight};
    hh_mm_ss const time{local - midnight};
    return padded(unsigned{date.day()}, 2) + "." + padded(unsigned{date.month()}, 2) + "." +
           padded(int{date.year()}, 4) + ";" + padded(time.hours().count(), 2) + ":" +
           padded(time.minutes().count(), 2) + ":" + padded(time.seconds().count(), 2);
}

/// A value of ours never holds `;` or a quote but an account might: it is the payer's.
std::string cell(std::string_view text) {
    if (text.find_first_of(";\"") == std::string_view::npos)
        return std::string{text};
    std::string quoted = "\"";
    for (char const c : text)
        quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + "\"";
}

Bytes encoded(std::string_view text) {
    return protocol::text::encode_lossy(protocol::text::Encoding::Windows1251, text);
}

} // namespace

Result<Totals, MoneyError> total_of(std::vector<Row> const& rows) {
    Totals totals;
    for (Row const& row : rows) {
        TRY(totals.withheld, protocol::add(totals.withheld, row.withheld));
        TRY(totals.payable, protocol::add(totals.payable, row.payable));
    }
    TRY(totals.accepted, protocol::add(totals.withheld, totals.payable));
    return totals;
}

Bytes rows_text(std::vector<Row> const& rows, std::chrono::minutes zone) {
    std::string text;
    for (Row const& row : rows) {
        // Both come from one entry of the ledger, where they fitted together.
        Money const accepted = protocol::rub(row.withheld.minor() + row.payable.minor());
        text += row.txn_id + ";" + local_time(row.at, zone) + ";" + cell(row.account) + ";" +
                with_comma(accepted) + ";" + with_comma(row.withheld) + ";" +
                with_comma(row.payable) + ";" + (row.is_refusal ? "отказ" : "платёж") + line_end;
    }
    return encoded(text);
}

Bytes file_text(
    Bytes const& rows, std::size_t count, Totals const& totals, std::string_view rows_sha256,
    ledger::Sequence cut, std::string_view cut_hash) {
    Bytes file = encoded(
        std::string{"НомерПлатежа;Дата;Время;ЛицевойСчет;Сумма;Удержано;КПеречислению;Вид"} +
        line_end);
    file.insert(file.end(), rows.begin(), rows.end());
    Bytes const control = encoded(
        "=" + std::to_string(count) + ";" + with_comma(totals.accepted) + ";" +
        with_comma(totals.withheld) + ";" + with_comma(totals.payable) + ";" +
        std::string{rows_sha256} + ";" + std::to_string(cut) + ";" + std::string{cut_hash} +
        line_end);
    file.insert(file.end(), control.begin(), control.end());
    return file;
}

bool is_day(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00";
    if (text.size() != shape.size())
        return false;
    std::array<int, 3> parts{};
    std::size_t part = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bool const is_digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '-' ? text[i] != '-' : !is_digit)
            return false;
        if (shape[i] == '-')
            ++part;
        else
            parts.at(part) = parts.at(part) * 10 + (text[i] - '0');
    }
    return (std::chrono::year{parts[0]} / std::chrono::month{static_cast<unsigned>(parts[1])} /
            std::chrono::day{static_cast<unsigned>(parts[2])})
        .ok();
}

} // namespace fleet::registers
