#pragma once

#include <chrono>
#include <optional>

#include "devices/scanner/scanner.hpp"
#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

/// Cuts what a scanner sends into codes, without a line or a clock.
namespace devices::scanner {

// A code as it comes over the line:
//
//   ]Q1 ST00012|Name=... CR LF
//   |   |                |
//   |   payload          suffix: CR, LF, both, or none but a pause, as the scanner is set up
//   AIM identifier: ] letter modifier, if the scanner is set up to send it
//
// NOTE: bytes are not looked into. A payload with a CR or LF in it is two codes here; the standard
// of bill codes has none.

/// A pause of this length ends a code that has no suffix.
inline constexpr std::chrono::milliseconds gap_that_ends_a_code{500};

inline constexpr std::size_t aim_identifier_size = 3;

inline constexpr std::uint8_t trigger_on[] = {0x16, 0x54, 0x0D};
inline constexpr std::uint8_t trigger_off[] = {0x16, 0x55, 0x0D};

class CodeReader {
public:
    using Outcome = protocol::Result<protocol::Bytes, CodeError>;

    void push(protocol::ByteView bytes);
    /// The line was silent for `gap_that_ends_a_code`.
    void pause();

    /// nullopt: no code has ended. Never an empty code: LF after CR, or a lone suffix, is none. A
    /// code that is too long is refused once, when it ends.
    [[nodiscard]] std::optional<Outcome> next();

    /// Whether a pause would end a code.
    [[nodiscard]] bool is_inside_code() const { return !code_.empty() || is_too_long_; }

private:
    std::optional<Outcome> finish();

    protocol::Bytes unread_;
    protocol::Bytes code_;
    bool is_too_long_{false};
    bool has_paused_{false};
};

} // namespace devices::scanner
