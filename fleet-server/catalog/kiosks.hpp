#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet-server/store/reading.hpp"

/// The kiosks that this server knows, and how far it has their records.
namespace fleet::catalog {

/// Limits of the parts of a txn_id, see intake/payments.hpp.
inline constexpr std::uint32_t kiosk_number_max = 999'999;
inline constexpr std::uint32_t epoch_max = 999;
inline constexpr std::uint64_t sequence_max = 999'999'999;

enum class KioskState : std::uint8_t { Active, Quarantined, Retired };
[[nodiscard]] std::string_view name(KioskState state);

struct ChainHead {
    std::uint64_t sequence = 0; ///< Everything up to here is durable here.
    std::array<std::uint8_t, 32> hash{};
    friend bool operator==(ChainHead const&, ChainHead const&) = default;
};

struct Kiosk {
    std::uint32_t number = 0;
    std::string address;
    std::uint32_t epoch = 0; ///< The open one: any other is refused.
    KioskState state = KioskState::Active;
    std::string state_reason; ///< Why it is quarantined.
    ChainHead head;           ///< Of the open epoch.
    std::optional<UtcTime> heard_at;
    friend bool operator==(Kiosk const&, Kiosk const&) = default;
};

enum class EnrolError : std::uint8_t { NumberOutOfRange, AddressEmpty, EpochsUsedUp };
/// Opens an epoch for the kiosk, its first or its next; the older ones are closed for ever. Gives
/// the epoch for the certificate. Takes the kiosk out of quarantine: its disk is a new one now.
[[nodiscard]] store::Outcome<protocol::Result<std::uint32_t, EnrolError>> enrol(
    store::Transaction& transaction, std::uint32_t number, std::string_view address, UtcTime now);

[[nodiscard]] store::Outcome<std::optional<Kiosk>> find_kiosk(
    store::Reading const& reading, std::uint32_t number);
[[nodiscard]] store::Outcome<std::vector<Kiosk>> all_kiosks(store::Reading const& reading);

/// Nothing is accepted from it until a person has looked. The reason is kept.
[[nodiscard]] store::Outcome<void> quarantine(
    store::Transaction& transaction, std::uint32_t number, std::string_view reason, UtcTime now);
/// Out of quarantine, same epoch. False: there is no such kiosk, or it is not quarantined.
[[nodiscard]] store::Outcome<bool> release(
    store::Transaction& transaction, std::uint32_t number, UtcTime now);

/// Intake's: the chain has grown to `head`.
[[nodiscard]] store::Outcome<void> advance_chain(
    store::Transaction& transaction, std::uint32_t number, std::uint32_t epoch,
    ChainHead const& head, UtcTime now);

} // namespace fleet::catalog
