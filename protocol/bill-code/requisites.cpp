#include "protocol/bill-code/requisites.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace protocol::bill_code {
namespace {

constexpr std::size_t company_inn_size = 10;
constexpr std::size_t person_inn_size = 12;
constexpr std::size_t bic_size = 9;
constexpr std::size_t account_size = 20;
constexpr std::size_t currency_letter_place = 5;
/// Stands for the digits 0 to 9 in the sixth place of an account.
constexpr std::string_view currency_letters = "ABCEHKMPTX";

bool is_digit(char symbol) {
    return symbol >= '0' && symbol <= '9';
}

bool is_all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

unsigned value_of(char digit) {
    return static_cast<unsigned>(digit - '0');
}

/// Does the digit after the weighted ones equal their sum modulo 11 modulo 10?
bool check_digit_holds(std::string_view inn, std::span<unsigned const> weights) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += value_of(inn[i]) * weights[i];
    return sum % 11 % 10 == value_of(inn[weights.size()]);
}

bool belongs_to_central_bank(std::string_view account, std::string_view bic) {
    return account.starts_with("301") || bic.ends_with("000") || bic.ends_with("001") ||
           bic.ends_with("002");
}

} // namespace

bool inn_checksum_holds(std::string_view inn) {
    static constexpr std::array company{2U, 4U, 10U, 3U, 5U, 9U, 4U, 6U, 8U};
    static constexpr std::array person_first{7U, 2U, 4U, 10U, 3U, 5U, 9U, 4U, 6U, 8U};
    static constexpr std::array person_second{3U, 7U, 2U, 4U, 10U, 3U, 5U, 9U, 4U, 6U, 8U};
    if (!is_all_digits(inn))
        return false;
    if (inn.size() == company_inn_size)
        return check_digit_holds(inn, company);
    if (inn.size() == person_inn_size)
        return check_digit_holds(inn, person_first) && check_digit_holds(inn, person_second);
    return false;
}

bool is_bic(std::string_view bic) {
    return bic.size() == bic_size && is_all_digits(bic) &&
           (bic.starts_with("04") || bic.starts_with("00") || bic.starts_with("01"));
}

bool is_bank_account(std::string_view account) {
    if (account.size() != account_size || account[0] == '0')
        return false;
    char const currency = account[currency_letter_place];
    return is_all_digits(account.substr(0, currency_letter_place)) &&
           is_all_digits(account.substr(currency_letter_place + 1)) &&
           (is_digit(currency) || currency_letters.find(currency) != std::string_view::npos);
}

KeyCheck check_account_key(std::string_view account, std::string_view bic) {
    static constexpr std::array weights{7U, 1U, 3U};
    if (!is_bank_account(account) || !is_bic(bic) || bic.starts_with("01"))
        return KeyCheck::NotApplicable;
    std::string digits = belongs_to_central_bank(account, bic) ? "0" + std::string{bic.substr(4, 2)}
                                                               : std::string{bic.substr(6, 3)};
    digits += account;
    char& currency = digits[3 + currency_letter_place];
    if (!is_digit(currency))
        currency = static_cast<char>('0' + currency_letters.find(currency));
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += value_of(digits[i]) * weights[i % weights.size()] % 10;
    return sum % 10 == 0 ? KeyCheck::Holds : KeyCheck::Fails;
}

} // namespace protocol::bill_code
