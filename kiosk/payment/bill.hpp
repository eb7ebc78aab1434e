#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/catalog/catalog.hpp"
#include "protocol/commission/tariff.hpp"
#include "protocol/money/money.hpp"

/// What is being paid, to whom and under which tariff: fixed when the bill is opened, so that a
/// catalog that changes meanwhile changes nothing for this payer.
namespace kiosk::payment {

using protocol::Money;

/// Who said how much is owed.
enum class DebtSource : std::uint8_t { Server, Bill, None };

struct Bill {
    std::uint32_t provider = 0;
    std::string payee;
    std::string payee_inn;
    std::string payee_phone;
    std::string account;       ///< Canonical: the key everywhere.
    std::string account_typed; ///< As printed on the bill: shown and printed.
    std::string payer_masked;
    std::string address_masked;
    std::string period;    ///< "2009-09", may be empty.
    std::string debt_date; ///< ISO date, may be empty.
    DebtSource source = DebtSource::None;
    Money debt = protocol::rub(0);
    Money advance = protocol::rub(0); ///< What already stood beyond the debt.
    std::vector<protocol::catalog::ServiceLine> lines;
    bool offline = false; ///< No server answered when it was opened.
    protocol::commission::Tariff tariff;
    Money payment_min = protocol::rub(0);
    Money payment_max = protocol::rub(0); ///< 0: the provider sets none.

    friend bool operator==(Bill const&, Bill const&) = default;
};

} // namespace kiosk::payment
