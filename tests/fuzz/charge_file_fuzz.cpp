// Whatever file an accountant sends: it is refused with complaints that a person can act on, or
// every row of it can be stored and shown. Input: one byte, the encoding or none; the file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fleet-server/charges/charge_file.hpp"
#include "fleet-server/charges/values.hpp"
#include "protocol/text/utf8.hpp"

namespace {

using namespace fleet::charges;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_storable(std::string const& text) {
    require(text.size() <= cell_size_max && protocol::text::is_utf8(text));
}

void require_amount(protocol::Money amount) {
    require(amount.minor() <= protocol::amount_minor_max);
    require(amount.minor() >= -protocol::amount_minor_max);
}

void require_sound(ChargeFile const& file) {
    require(file.invoices.empty() != file.lines.empty());
    for (InvoiceRow const& row : file.invoices) {
        require(!row.account.empty() && !row.number.empty() && row.line > 0);
        require(read_date(row.date) == row.date);
        for (auto const* text : {&row.account, &row.number, &row.payer, &row.address})
            require_storable(*text);
        for (auto const amount : {row.charged, row.balance, row.to_pay})
            require_amount(amount);
    }
    for (LineRow const& row : file.lines) {
        require(!row.account.empty() && !row.service.service.empty() && row.line > 0);
        require(read_period(row.period) == row.period);
        for (auto const* text :
             {&row.account,
              &row.service.service,
              &row.service.unit,
              &row.service.tariff,
              &row.service.quantity})
            require_storable(*text);
        require_amount(row.service.amount);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::optional<Encoding> encoding;
    switch (data[0] % 5) {
    case 0: break;
    case 1: encoding = Encoding::Utf8; break;
    case 2: encoding = Encoding::Windows1251; break;
    case 3: encoding = Encoding::Cp866; break;
    default: encoding = Encoding::Koi8R; break;
    }
    auto const file = read_charge_file({data + 1, size - 1}, encoding, common_profile());
    if (file) {
        require_sound(*file);
        return 0;
    }
    require(!file.error().empty() && file.error().size() <= complaints_max + 8);
    for (auto const& complaint : file.error())
        require(!complaint.place.empty() && !complaint.problem.empty() && !complaint.cure.empty());
    return 0;
}
