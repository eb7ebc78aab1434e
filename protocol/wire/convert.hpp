#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/catalog/catalog.hpp"
#include "protocol/wire/kiosk.pb.h"

/// Between the values that programs work with and the messages that travel. What comes from the
/// wire is foreign: every field is checked, and a value that comes out may be used without another
/// look. Amounts on the wire are kopecks.
namespace protocol::wire {

enum class ConvertError : std::uint8_t {
    AmountOutOfRange, ///< Negative, or above amount_minor_max.
    TextTooLong,      ///< Above text_size_max.
    ControlCharacter, ///< In a text that is shown or printed.
    NotDigits,        ///< An INN, BIC or bank account of the wrong length or with other symbols.
    TooMany,          ///< Providers, tariffs, service lines or notes.
    ProviderUnnumbered,
    ProviderRepeated,
    ProviderUnnamed,
    ChannelUnknown,
    ChannelRepeated,
    TariffImpossible, ///< minimum > maximum, or a rate of 100 % and more.
    LimitsCrossed,    ///< payment_min > payment_max.
    OutcomeNotFound,  ///< The answer carries no account.
    DebtAndAdvance,   ///< Both above zero.
};

/// "AmountOutOfRange": for logs.
[[nodiscard]] std::string_view name(ConvertError error);

inline constexpr std::size_t text_size_max =
    512; ///< Bytes; the longest name of a payee has 160 characters.
inline constexpr int providers_max = 500;     ///< With full fields they fit one frame.
inline constexpr int service_lines_max = 100; ///< A heavy utility bill has thirty.

[[nodiscard]] Tariff to_wire(commission::Channel channel, commission::Tariff const& tariff);
[[nodiscard]] Catalog to_wire(catalog::Catalog const& catalog);
/// An answer of outcome FOUND to the question `id`.
[[nodiscard]] AccountAnswer to_wire(catalog::AccountState const& state, std::uint32_t id);

[[nodiscard]] Result<commission::Tariff, ConvertError> tariff_from_wire(Tariff const& message);
[[nodiscard]] Result<catalog::Catalog, ConvertError> catalog_from_wire(Catalog const& message);
/// The answer does not repeat the question: provider and account are the asker's.
[[nodiscard]] Result<catalog::AccountState, ConvertError> account_from_wire(
    AccountAnswer const& message, std::uint32_t provider_id, std::string account);

} // namespace protocol::wire
