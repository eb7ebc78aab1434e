#pragma once

#include <string>
#include <string_view>

/// What a screen, a receipt and a log may show of a payer: enough to see that it is the right
/// account, too little for whoever looks over the shoulder.
namespace protocol::account {

/// The first word whole, of the others the initial: "Гильман Павел Семенович" is "Гильман П. С.".
/// What is masked already stays. Not UTF-8: nothing is shown.
[[nodiscard]] std::string mask_person(std::string_view full_name);

/// The last number (the flat, or the house where there is no flat) becomes "***":
/// "Мануринский проспект, д. 3, кв. 006" is "Мануринский проспект, д. 3, кв. ***".
/// What is masked already stays. Not UTF-8: nothing is shown.
[[nodiscard]] std::string mask_address(std::string_view address);

} // namespace protocol::account
