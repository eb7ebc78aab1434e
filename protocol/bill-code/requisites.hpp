#pragma once

#include <cstdint>
#include <string_view>

/// Check digits of Russian requisites. A requisite that fails is a reason to warn, never to refuse:
/// the example in the standard itself (ГОСТ Р 56042-2014) has an INN whose checksum is wrong.
namespace protocol::bill_code {

/// 10 digits (a company) or 12 (a person) whose check digits are right.
[[nodiscard]] bool inn_checksum_holds(std::string_view inn);

/// 9 digits that begin with 04, or with 00 or 01 (treasury).
[[nodiscard]] bool is_bic(std::string_view bic);

/// 20 digits, the first not 0; the sixth may be one of the letters ABCEHKMPTX (clearing
/// currencies).
[[nodiscard]] bool is_bank_account(std::string_view account);

enum class KeyCheck : std::uint8_t {
    Holds,
    Fails,
    NotApplicable, ///< Not of the right shape, or of the treasury (BIC 01...), which has no key.
};

/// The control key of an account, its ninth digit: of 3 digits of the BIC and the 20 of the
/// account, weighted 7, 1, 3, the sum is divisible by 10. A client's account takes the last three
/// digits of the BIC; a correspondent account (301...), and an account in a cash settlement centre
/// (a BIC that ends in 000, 001 or 002), takes 0 and the fifth and sixth.
[[nodiscard]] KeyCheck check_account_key(std::string_view account, std::string_view bic);

} // namespace protocol::bill_code
