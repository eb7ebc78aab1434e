#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "protocol/base/bytes.hpp"

/// CCNET's commands and statuses by the manual's names, for the controller and the simulator.
namespace devices::bill_validator::ccnet {

// Answers to an order, and what the controller says after a data reply. Always alone in a frame:
// 0x30 is ILLEGAL COMMAND only in a frame of one data byte from the validator.
inline constexpr std::uint8_t ack = 0x00;
inline constexpr std::uint8_t nak = 0xFF;
inline constexpr std::uint8_t illegal_command = 0x30;

/// Controller to validator. 0x41 is GET BILL TABLE in this direction, DROP CASSETTE FULL in the
/// other.
enum class Command : std::uint8_t {
    Reset = 0x30,
    GetStatus = 0x31,
    SetSecurity = 0x32,
    Poll = 0x33,
    EnableBillTypes = 0x34,
    Stack = 0x35,
    Return = 0x36,
    Identification = 0x37,
    Hold = 0x38,
    GetBillTable = 0x41,
};

//   #   code  manual's name                      2nd byte   what the customer's money is doing
//   1   0x10  POWER UP                           -          no note inside; RESET is due
//   2   0x11  POWER UP WITH BILL IN VALIDATOR    -          goes back to the customer after RESET
//   3   0x12  POWER UP WITH BILL IN STACKER      -          is told as 0x81 after RESET
//   4   0x13  INITIALIZE                         -          as before the power-up or RESET
//   5   0x14  IDLING                             -          nothing inside, notes are taken
//   6   0x15  ACCEPTING                          -          is being looked at
//   7   0x17  STACKING                           -          on its way into the cassette
//   8   0x18  RETURNING                          -          on its way back
//   9   0x19  UNIT DISABLED                      -          nothing inside, notes are not taken
//  10   0x1A  HOLDING                            -          in escrow, kept there by HOLD
//  11   0x1B  DEVICE BUSY                        tenths, s  as before
//  12   0x1C  REJECTING                          reason     on its way back, was never ours
//  13   0x41  DROP CASSETTE FULL                 -          nothing is taken
//  14   0x42  DROP CASSETTE OUT OF POSITION      -          the cassette is out: encashment
//  15   0x43  VALIDATOR JAMMED                   -          may be stuck in the head
//  16   0x44  DROP CASSETTE JAMMED               -          may be stuck on the way in
//  17   0x45  CHEATED                            -          was pulled back
//  18   0x46  PAUSE                              -          as before: a second note is in the way
//  19   0x47  FAILURE                            reason     unknown until a person looks
//  20   0x80  ESCROW POSITION                    bill type  waits for our verdict, 10 s
//  21   0x81  BILL STACKED                       bill type  in the cassette: ours. Repeated to ACK
//  22   0x82  BILL RETURNED                      bill type  back with the customer
enum class Status : std::uint8_t {
    PowerUp = 0x10,
    PowerUpBillInValidator = 0x11,
    PowerUpBillInStacker = 0x12,
    Initialize = 0x13,
    Idling = 0x14,
    Accepting = 0x15,
    Stacking = 0x17,
    Returning = 0x18,
    UnitDisabled = 0x19,
    Holding = 0x1A,
    DeviceBusy = 0x1B,
    Rejecting = 0x1C,
    DropCassetteFull = 0x41,
    DropCassetteOutOfPosition = 0x42,
    ValidatorJammed = 0x43,
    DropCassetteJammed = 0x44,
    Cheated = 0x45,
    Pause = 0x46,
    Failure = 0x47,
    EscrowPosition = 0x80,
    BillStacked = 0x81,
    BillReturned = 0x82,
    Unknown = 0xFE, ///< NOTE: ours, for a status that only other kinds of CCNET devices have.
};

/// Why a note was rejected (2nd byte of 0x1C).
namespace rejection {
inline constexpr std::uint8_t insertion = 0x60;
inline constexpr std::uint8_t identification = 0x65;
inline constexpr std::uint8_t inhibited_denomination = 0x68;
} // namespace rejection

struct StatusReply {
    Status status;
    std::uint8_t detail; ///< Bill type, reason or time; 0 where the status has none.
    friend bool operator==(StatusReply const&, StatusReply const&) = default;
};

/// What an answer to POLL says. nullopt: it is no status (ACK, NAK, ILLEGAL COMMAND, a late answer
/// to another question, or a note's status without its type), so the question stands.
[[nodiscard]] std::optional<StatusReply> read_status(protocol::ByteView data);

/// Where one note has ended and another may have begun: a 0x81 after these is another note, even of
/// the same type. The others may stand between two tellings of one note.
[[nodiscard]] bool separates_notes(Status status);

/// The status's name as an operator reads it: "idling", "escrow position".
[[nodiscard]] char const* name(Status status);

} // namespace devices::bill_validator::ccnet
