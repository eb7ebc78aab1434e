#pragma once

#include <string_view>

#include "kiosk/receipt/receipt.hpp"

/// The words of a receipt. Code page 866 has all of them.
namespace kiosk::receipt {

struct Words {
    std::string_view inn;
    std::string_view kiosk;
    std::string_view copy;
    std::string_view receipt;
    std::string_view date;
    std::string_view payee;
    std::string_view payee_inn;
    std::string_view account;
    std::string_view payer;
    std::string_view period;
    std::string_view cash_taken;
    std::string_view paid;
    std::string_view fee;
    std::string_view credited;
    std::string_view advance;
    std::string_view change;
    std::string_view change_kept;
    std::string_view state_after;
    std::string_view debt_left;
    std::string_view advance_after;
    std::string_view as_of;
    std::string_view taken_offline;
    std::string_view channel;
    std::string_view cash;
    std::string_view hotline;
    std::string_view payee_phone;
    std::string_view keep;
};

[[nodiscard]] Words const& words_of(Language language);

} // namespace kiosk::receipt
