#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Which kiosk a certificate speaks for. The epoch is issued at enrolment: a kiosk whose disk was
/// restored or cloned is enrolled again, and its old epoch is closed.
namespace protocol::link {

/// Both fit the digits that a provider's txn_id has for them: kiosk(6) epoch(3) sequence(9).
inline constexpr std::uint32_t kiosk_number_max = 999'999;
inline constexpr std::uint32_t epoch_max = 999;
inline constexpr std::uint64_t sequence_max = 999'999'999;

struct Identity {
    std::uint32_t kiosk = 0; ///< From 1.
    std::uint32_t epoch = 0; ///< From 1.
    friend bool operator==(Identity const&, Identity const&) = default;
};

/// "kiosk-17-1", the common name in the kiosk's certificate.
[[nodiscard]] std::string common_name(Identity identity);

/// Exactly what common_name() writes, and nothing else: no signs, spaces, leading zeros or zeros.
[[nodiscard]] std::optional<Identity> identity_from_common_name(std::string_view name);

} // namespace protocol::link
