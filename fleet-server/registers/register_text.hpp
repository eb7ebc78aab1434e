#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "fleet-server/registers/registers.hpp"

/// How a register looks, pure: windows-1251, `;`, decimal comma, CRLF, as accounting programs of
/// this market read it.
///
///   НомерПлатежа;Дата;Время;ЛицевойСчет;Сумма;Удержано;КПеречислению;Вид
///   000017001000000001;05.02.2010;10:59:00;M003K006;4600,00;18,40;4581,60;платёж
///   =1;4600,00;18,40;4581,60;<SHA-256 of the rows>;<ledger sequence>;<hash of that entry>
///
/// The last line is the control line. With the hash of the ledger's chain at the cut every provider
/// holds a witness of the books: they cannot be rewritten before it unnoticed.
namespace fleet::registers {

struct Row {
    std::string txn_id;
    UtcTime at; ///< The kiosk's clock.
    std::string account;
    Money withheld = protocol::rub(0);
    Money payable = protocol::rub(0);
    bool is_refusal = false; ///< Takes a payment of this or an earlier register back.
};

struct Totals {
    Money accepted = protocol::rub(0);
    Money withheld = protocol::rub(0);
    Money payable = protocol::rub(0);
};

/// MoneyError when the sums do not fit.
[[nodiscard]] protocol::Result<Totals, protocol::MoneyError> total_of(std::vector<Row> const& rows);

/// The rows with their line ends, in windows-1251.
[[nodiscard]] protocol::Bytes rows_text(std::vector<Row> const& rows, std::chrono::minutes zone);

/// Header, `rows` and the control line.
[[nodiscard]] protocol::Bytes file_text(
    protocol::Bytes const& rows, std::size_t count, Totals const& totals,
    std::string_view rows_sha256, ledger::Sequence cut, std::string_view cut_hash);

/// "2010-02-05" is one; "2010-02-30" and "5.2.2010" are none.
[[nodiscard]] bool is_day(std::string_view text);

} // namespace fleet::registers
