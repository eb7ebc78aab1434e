#include "devices/bill-validator/ccnet_codes.hpp"

#include <algorithm>
#include <array>

namespace devices::bill_validator::ccnet {

namespace {

constexpr std::size_t status_size_max = 3;

constexpr std::array statuses{
    Status::PowerUp,
    Status::PowerUpBillInValidator,
    Status::PowerUpBillInStacker,
    Status::Initialize,
    Status::Idling,
    Status::Accepting,
    Status::Stacking,
    Status::Returning,
    Status::UnitDisabled,
    Status::Holding,
    Status::DeviceBusy,
    Status::Rejecting,
    Status::DropCassetteFull,
    Status::DropCassetteOutOfPosition,
    Status::ValidatorJammed,
    Status::DropCassetteJammed,
    Status::Cheated,
    Status::Pause,
    Status::Failure,
    Status::EscrowPosition,
    Status::BillStacked,
    Status::BillReturned,
};

bool names_a_note(Status status) {
    return status == Status::EscrowPosition || status == Status::BillStacked ||
           status == Status::BillReturned;
}

} // namespace

std::optional<StatusReply> read_status(protocol::ByteView data) {
    if (data.empty() || data.size() > status_size_max)
        return std::nullopt;
    std::uint8_t const code = data[0];
    if (data.size() == 1 && (code == ack || code == nak || code == illegal_command))
        return std::nullopt;
    auto const found = std::ranges::find(statuses, static_cast<Status>(code));
    Status const status = found == statuses.end() ? Status::Unknown : *found;
    if (names_a_note(status) && data.size() < 2)
        return std::nullopt;
    return StatusReply{status, data.size() > 1 ? data[1] : std::uint8_t{0}};
}

bool separates_notes(Status status) {
    switch (status) {
    case Status::Idling:
    case Status::Accepting:
    case Status::Returning:
    case Status::UnitDisabled:
    case Status::Holding:
    case Status::Rejecting:
    case Status::EscrowPosition:
    case Status::BillReturned: return true;
    case Status::PowerUp:
    case Status::PowerUpBillInValidator:
    case Status::PowerUpBillInStacker:
    case Status::Initialize:
    case Status::Stacking:
    case Status::DeviceBusy:
    case Status::DropCassetteFull:
    case Status::DropCassetteOutOfPosition:
    case Status::ValidatorJammed:
    case Status::DropCassetteJammed:
    case Status::Cheated:
    case Status::Pause:
    case Status::Failure:
    case Status::BillStacked:
    case Status::Unknown: return false;
    }
    return false;
}

char const* name(Status status) {
    switch (status) {
    case Status::PowerUp: return "power up";
    case Status::PowerUpBillInValidator: return "power up with bill in validator";
    case Status::PowerUpBillInStacker: return "power up with bill in stacker";
    case Status::Initialize: return "initialize";
    case Status::Idling: return "idling";
    case Status::Accepting: return "accepting";
    case Status::Stacking: return "stacking";
    case Status::Returning: return "returning";
    case Status::UnitDisabled: return "unit disabled";
    case Status::Holding: return "holding";
    case Status::DeviceBusy: return "device busy";
    case Status::Rejecting: return "rejecting";
    case Status::DropCassetteFull: return "drop cassette full";
    case Status::DropCassetteOutOfPosition: return "drop cassette out of position";
    case Status::ValidatorJammed: return "validator jammed";
    case Status::DropCassetteJammed: return "drop cassette jammed";
    case Status::Cheated: return "cheated";
    case Status::Pause: return "pause";
    case Status::Failure: return "failure";
    case Status::EscrowPosition: return "escrow position";
    case Status::BillStacked: return "bill stacked";
    case Status::BillReturned: return "bill returned";
    case Status::Unknown: return "unknown";
    }
    return "unknown";
}

} // namespace devices::bill_validator::ccnet
