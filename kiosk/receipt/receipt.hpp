#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "devices/printer/document.hpp"
#include "kiosk/payment/facts.hpp"
#include "protocol/catalog/catalog.hpp"

/// A payment on paper: what a resident keeps, and what the provider's cashier believes.
namespace kiosk::receipt {

enum class Language : std::uint8_t { Russian, English };
enum class Copy : std::uint8_t { First, Again }; ///< Again: marked КОПИЯ.

/// Whose kiosk it is. 103-FZ wants the agent on the paper.
struct Letterhead {
    std::uint32_t kiosk_number = 0;
    protocol::catalog::Agent agent;
    std::chrono::minutes utc_offset{0}; ///< Of the kiosk's own time zone, at the payment's time.
};

/// "17-4": the number by which everybody asks for a payment.
[[nodiscard]] std::string payment_number(std::uint32_t kiosk_number, std::uint64_t sequence);

/// The commission is printed even when it is nothing. An account's state is printed when somebody
/// told a debt, with the day that it is of.
[[nodiscard]] devices::printer::Document compose(
    payment::PaymentFacts const& facts, std::uint64_t sequence, Letterhead const& letterhead,
    Language language, Copy copy = Copy::First);

/// What the QR code says, in ASCII (an account may hold Cyrillic letters: UTF-8 then); fields
/// parted by '|':
///   payment number | local time ISO 8601 with offset | cash, decimal | payee's INN | account
/// "17-4|2026-11-22T13:02:37+03:00|4600.00|7729524407|M003K006"
[[nodiscard]] std::string code_text(
    payment::PaymentFacts const& facts, std::uint64_t sequence, Letterhead const& letterhead);

} // namespace kiosk::receipt
