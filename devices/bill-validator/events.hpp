#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol/money/money.hpp"

/// What a bill validator tells, whatever protocol it speaks.
namespace devices::bill_validator {

using protocol::Money;

/// One row of the validator's own bill table. Types without a value are unused slots.
struct BillType {
    std::uint8_t type;
    Money value;
    friend bool operator==(BillType const&, BillType const&) = default;
};

/// The validator answered its identification and bill table, and can take notes when enabled.
struct ValidatorReady {
    std::string model;
    std::string serial;
    std::vector<BillType> bills;
    friend bool operator==(ValidatorReady const&, ValidatorReady const&) = default;
};
/// A note waits in escrow for `decide`; the validator gives it back by itself after 10 s.
struct NoteEscrowed {
    std::uint8_t type;
    Money value;
    friend bool operator==(NoteEscrowed const&, NoteEscrowed const&) = default;
};
/// The note is in the stacker: ours. Told again until the listener's call has ended, so the
/// listener's disk comes first. May come without a NoteEscrowed before it (power was lost). Without
/// a ValidatorAtRest since the last one, the same type again is the same note: this program died
/// between its journal and the acknowledgement. A value of zero: the validator took a note that it
/// was not asked to take and its table has no roubles for; it is cash that people must settle.
struct NoteStacked {
    std::uint8_t type;
    Money value;
    friend bool operator==(NoteStacked const&, NoteStacked const&) = default;
};
/// The note is back with the customer.
struct NoteReturned {
    friend bool operator==(NoteReturned const&, NoteReturned const&) = default;
};
/// The validator did not want the note; `reason` is the protocol's own code.
struct NoteRejected {
    std::uint8_t reason;
    friend bool operator==(NoteRejected const&, NoteRejected const&) = default;
};
enum class Trouble : std::uint8_t {
    LineLost,
    StackerFull,
    StackerRemoved,
    Jammed,
    StackerJammed,
    Cheated,
    Failure,
};
struct ValidatorTrouble {
    Trouble trouble;
    std::uint8_t detail; ///< The failure code of status 47, else 0.
    friend bool operator==(ValidatorTrouble const&, ValidatorTrouble const&) = default;
};
/// The trouble is over.
struct ValidatorWell {
    friend bool operator==(ValidatorWell const&, ValidatorWell const&) = default;
};
/// Nothing is under way in the validator: no note is accepted, held, moved or untold. Told once
/// after every start and after every note (and trouble, lost line, power-up), so that a pending
/// "stack intended" can be settled: when this comes and NoteStacked did not, the note is not ours.
struct ValidatorAtRest {
    friend bool operator==(ValidatorAtRest const&, ValidatorAtRest const&) = default;
};

using Event = std::variant<
    ValidatorReady, NoteEscrowed, NoteStacked, NoteReturned, NoteRejected, ValidatorTrouble,
    ValidatorWell, ValidatorAtRest>;

enum class Decision : std::uint8_t { Stack, Return };

} // namespace devices::bill_validator
