#include "devices/bill-validator/simulated_validator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "devices/bill-validator/ccnet_tables.hpp"

namespace devices::bill_validator {

using ccnet::Command;
using ccnet::Status;
using ccnet::StatusReply;
using protocol::Bytes;
using protocol::ByteView;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t masks_size = 2 * ccnet::mask_size;

Bytes no_types() {
    return Bytes(ccnet::mask_size, 0);
}

bool has_second_byte(Status status) {
    return status == Status::DeviceBusy || status == Status::Rejecting ||
           status == Status::Failure || status == Status::EscrowPosition ||
           status == Status::BillStacked || status == Status::BillReturned;
}

} // namespace

std::vector<BillType> rouble_bill_table() {
    return {
        {2, protocol::rub(10'00)},
        {3, protocol::rub(50'00)},
        {4, protocol::rub(100'00)},
        {5, protocol::rub(500'00)},
        {6, protocol::rub(1000'00)},
        {7, protocol::rub(5000'00)},
        {12, protocol::rub(200'00)},
        {13, protocol::rub(2000'00)},
    };
}

SimulatedValidator::SimulatedValidator(SimulatorSettings settings, TimePoint now)
    : settings_{std::move(settings)}, enabled_{no_types()}, escrow_{no_types()} {
    enter(State::PowerUp, now);
}

// The mechanism.

std::optional<milliseconds> SimulatedValidator::duration_of(State state) const {
    SimulatorTimes const& times = settings_.times;
    switch (state) {
    case State::PoweredOff: return times.powered_off;
    case State::Initializing: return times.initializing;
    case State::Accepting: return times.accepting;
    case State::Escrow:
    case State::Holding: return times.escrow;
    case State::Stacking: return times.stacking;
    case State::Returning: return times.returning;
    case State::Rejecting: return times.rejecting;
    case State::Cheated: return times.cheated;
    case State::PowerUp:
    case State::Resting:
    case State::Stacked:
    case State::Returned: return std::nullopt; // Until the controller says something.
    }
    return std::nullopt;
}

void SimulatedValidator::enter(State state, TimePoint now) {
    state_ = state;
    ends_.reset();
    frozen_.reset();
    auto const duration = duration_of(state);
    bool const is_motion = state != State::PoweredOff && state != State::Initializing;
    if (duration && is_motion && obstacle_ != Obstacle::None)
        frozen_ = *duration;
    else if (duration)
        ends_ = now + *duration;

    if (state == State::Stacked) {
        is_acknowledged_ = false;
        is_said_ = false;
    }
    if (state == State::Accepting && strikes(PowerCutMoment::Accepting))
        power_cut_due_ = now + settings_.times.accepting / 2;
    if (state == State::Stacking && strikes(PowerCutMoment::Stacking))
        power_cut_due_ = now + settings_.times.stacking - settings_.times.stacking / 2;
}

void SimulatedValidator::advance(TimePoint now) {
    for (;;) {
        bool const cut_comes_first =
            power_cut_due_ && (!ends_ || *power_cut_due_ <= *ends_) && *power_cut_due_ <= now;
        if (cut_comes_first)
            lose_power(*power_cut_due_);
        else if (ends_ && *ends_ <= now)
            on_end_of_state(*ends_);
        else
            return;
    }
}

void SimulatedValidator::on_end_of_state(TimePoint now) {
    switch (state_) {
    case State::PoweredOff: return enter(State::PowerUp, now);
    case State::Initializing: return settle_after_initializing(now);
    case State::Accepting: return settle_after_accepting(now);
    case State::Escrow:
    case State::Holding: return enter(State::Returning, now);
    case State::Stacking: stack_note(); return enter(State::Stacked, now);
    case State::Returning: finish_note(Insertion::Returned); return enter(State::Returned, now);
    case State::Rejecting: finish_note(Insertion::Rejected); return enter(State::Resting, now);
    case State::Cheated: return enter(State::Resting, now);
    case State::PowerUp:
    case State::Resting:
    case State::Stacked:
    case State::Returned: break;
    }
    assert(false && "this state does not end by itself");
}

void SimulatedValidator::settle_after_accepting(TimePoint now) {
    if (!note_->reject && !ccnet::mask_has(enabled_, note_->type))
        note_->reject = ccnet::rejection::inhibited_denomination;
    if (note_->reject)
        return enter(State::Rejecting, now);
    enter(ccnet::mask_has(escrow_, note_->type) ? State::Escrow : State::Stacking, now);
}

void SimulatedValidator::settle_after_initializing(TimePoint now) {
    if (note_ && note_->past_return)
        stack_note();
    else if (note_)
        finish_note(Insertion::Returned);
    enter(is_untold_ ? State::Stacked : State::Resting, now);
}

void SimulatedValidator::stack_note() {
    ++stacked_[note_->value.minor()];
    is_untold_ = true;
    finish_note(Insertion::Stacked);
}

void SimulatedValidator::finish_note(Insertion outcome) {
    assert(note_);
    finished_type_ = note_->type;
    outcomes_[note_->number] = outcome;
    note_.reset();
}

// In the second half of its way to the stacker a note can only go on.
void SimulatedValidator::note_where_it_is(TimePoint now) {
    if (!note_ || state_ != State::Stacking)
        return;
    auto const remaining = frozen_ ? *frozen_ : *ends_ - now;
    note_->past_return = remaining <= settings_.times.stacking / 2;
}

bool SimulatedValidator::strikes(PowerCutMoment moment) {
    if (armed_cut_ != moment)
        return false;
    armed_cut_.reset();
    return true;
}

// Customers and technicians.

std::size_t SimulatedValidator::insert_note(Money value, TimePoint now) {
    advance(now);
    std::size_t const number = outcomes_.size();
    if (!would_take_note()) {
        outcomes_.push_back(Insertion::NotTaken);
        return number;
    }
    outcomes_.push_back(Insertion::StillInside);
    auto const bill = std::ranges::find(settings_.bills, value, &BillType::value);
    bool const is_known = bill != settings_.bills.end();
    note_ = Note{
        .number = number,
        .type = is_known ? bill->type : std::uint8_t{0},
        .value = value,
        .reject = std::exchange(reject_next_, std::nullopt),
        .past_return = false};
    if (!is_known && !note_->reject)
        note_->reject = ccnet::rejection::identification;
    enter(State::Accepting, now);
    return number;
}

void SimulatedValidator::cheat(TimePoint now) {
    advance(now);
    bool const is_on_its_way = state_ == State::Accepting || state_ == State::Escrow ||
                               state_ == State::Holding || state_ == State::Stacking;
    if (!is_on_its_way)
        return;
    finish_note(Insertion::Returned);
    enter(State::Cheated, now);
}

void SimulatedValidator::set_obstacle(Obstacle obstacle, TimePoint now, std::uint8_t failure) {
    advance(now);
    Obstacle const before = std::exchange(obstacle_, obstacle);
    failure_ = failure;
    bool const is_motion = state_ != State::PoweredOff && state_ != State::Initializing;
    if (obstacle != Obstacle::None) {
        if (ends_ && is_motion)
            frozen_ = *std::exchange(ends_, std::nullopt) - now;
        return;
    }
    if (frozen_)
        ends_ = now + *std::exchange(frozen_, std::nullopt);
    if (before == Obstacle::StackerRemoved && state_ == State::Resting) {
        enabled_ = no_types();
        enter(State::Initializing, now);
    }
}

void SimulatedValidator::cut_power(TimePoint now) {
    advance(now);
    lose_power(now);
}

void SimulatedValidator::lose_power(TimePoint now) {
    power_cut_due_.reset();
    note_where_it_is(now);
    enabled_ = no_types();
    escrow_ = no_types();
    last_reply_.clear();
    status_said_.reset();
    busy_until_.reset();
    reader_ = {};
    enter(State::PoweredOff, now);
}

void SimulatedValidator::inject(LineFault fault, int times) {
    faults_.insert(faults_.end(), static_cast<std::size_t>(std::max(times, 0)), fault);
}

void SimulatedValidator::clear_faults(TimePoint now) {
    faults_.clear();
    armed_cut_.reset();
    power_cut_due_.reset();
    busy_until_.reset();
    reject_next_.reset();
    set_obstacle(Obstacle::None, now);
}

bool SimulatedValidator::is_enabled() const {
    return enabled_ != no_types();
}

bool SimulatedValidator::would_take_note() const {
    return state_ == State::Resting && obstacle_ == Obstacle::None && is_enabled();
}

// The firmware.

std::vector<SimulatedValidator::Portion> SimulatedValidator::receive(
    ByteView bytes, TimePoint now) {
    advance(now);
    if (!has_power())
        return {};
    std::vector<Portion> portions;
    reader_.push(bytes);
    while (auto const frame = reader_.next()) {
        if (frame->has_value())
            for (Portion& portion : answer((*frame)->data, now))
                portions.push_back(std::move(portion));
        else if (frame->error() == ccnet::FrameError::ChecksumMismatch)
            portions.push_back({ccnet::encode(std::array{ccnet::nak}), milliseconds{0}});
    }
    return portions;
}

std::vector<SimulatedValidator::Portion> SimulatedValidator::answer(
    Bytes const& data, TimePoint now) {
    if (data[0] == ccnet::ack) {
        if (take_fault(true) != LineFault::MissCommand)
            on_acknowledge(now);
        return {};
    }
    if (data[0] == ccnet::nak)
        return last_reply_.empty() ? std::vector<Portion>{}
                                   : std::vector<Portion>{{last_reply_, milliseconds{0}}};
    auto const fault = take_fault(false);
    if (fault == LineFault::MissCommand)
        return {};
    if (fault == LineFault::RefuseCommand)
        return {{ccnet::encode(std::array{ccnet::nak}), milliseconds{0}}};
    status_said_.reset();
    Bytes const reply = ccnet::encode(obey(data, now));
    if (has_power())
        last_reply_ = reply;
    return spoil(reply, fault);
}

std::optional<LineFault> SimulatedValidator::take_fault(bool is_acknowledge) {
    // An ACK has no answer to lose: those faults wait for the next command.
    if (faults_.empty() || (is_acknowledge && faults_.front() != LineFault::MissCommand))
        return std::nullopt;
    LineFault const fault = faults_.front();
    faults_.pop_front();
    return fault;
}

std::vector<SimulatedValidator::Portion> SimulatedValidator::spoil(
    Bytes frame, std::optional<LineFault> fault) const {
    if (fault == LineFault::LoseReply)
        return {};
    if (fault == LineFault::CorruptReply)
        frame[3] ^= 0x10U;
    if (fault != LineFault::DelayByte)
        return {{std::move(frame), milliseconds{0}}};
    auto const cut = frame.begin() + 3;
    return {
        {{frame.begin(), cut}, milliseconds{0}},
        {{cut, frame.end()}, settings_.times.delayed_byte}};
}

Bytes SimulatedValidator::obey(Bytes const& data, TimePoint now) {
    switch (static_cast<Command>(data[0])) {
    case Command::Reset: return {reset(now)};
    case Command::GetStatus: {
        Bytes masks = enabled_;
        masks.resize(masks_size, 0); // No type is under high security.
        return masks;
    }
    case Command::SetSecurity:
        return {data.size() == 1 + ccnet::mask_size ? ccnet::ack : ccnet::illegal_command};
    case Command::Poll: return poll(now);
    case Command::EnableBillTypes: return {enable(ByteView{data}.subspan(1))};
    case Command::Stack: return {move_note(State::Stacking, now)};
    case Command::Return: return {move_note(State::Returning, now)};
    case Command::Identification: return ccnet::make_identification({"SM-RU1353", "21K100012345"});
    case Command::Hold: return {move_note(State::Holding, now)};
    case Command::GetBillTable: return ccnet::make_bill_table(settings_.bills);
    }
    return {ccnet::illegal_command};
}

// RESET of a validator that runs forgets a note that was not acknowledged yet. Whether real ones do
// is not known; a controller must not rely on their mercy.
std::uint8_t SimulatedValidator::reset(TimePoint now) {
    if (state_ == State::Stacked)
        is_untold_ = false;
    note_where_it_is(now);
    enabled_ = no_types();
    escrow_ = no_types();
    enter(State::Initializing, now);
    return ccnet::ack;
}

std::uint8_t SimulatedValidator::enable(ByteView masks) {
    bool const is_awake = state_ != State::PowerUp && state_ != State::Initializing;
    if (masks.size() != masks_size || !is_awake)
        return ccnet::illegal_command;
    enabled_.assign(masks.begin(), masks.begin() + ccnet::mask_size);
    escrow_.assign(masks.begin() + ccnet::mask_size, masks.end());
    return ccnet::ack;
}

std::uint8_t SimulatedValidator::move_note(State to, TimePoint now) {
    bool const is_held = state_ == State::Escrow || state_ == State::Holding;
    if (!is_held || obstacle_ != Obstacle::None)
        return ccnet::illegal_command;
    bool const power_fails = to == State::Stacking && strikes(PowerCutMoment::StackAcknowledged);
    if (power_fails)
        lose_power(now);
    else
        enter(to, now);
    return ccnet::ack;
}

Bytes SimulatedValidator::poll(TimePoint now) {
    if (busy_until_ && *busy_until_ > now) {
        auto const tenths = (*busy_until_ - now) / milliseconds{100} + 1;
        return {
            static_cast<std::uint8_t>(Status::DeviceBusy),
            static_cast<std::uint8_t>(std::min<std::int64_t>(tenths, 0xFF))};
    }
    if (state_ == State::Stacked && is_acknowledged_ && repeats_left_-- == 0)
        enter(State::Resting, now);

    StatusReply const reply = status_reply();
    status_said_ = reply.status;
    is_said_ = is_said_ || reply.status == Status::BillStacked;
    bool const power_fails =
        (reply.status == Status::EscrowPosition && strikes(PowerCutMoment::Escrow)) ||
        (reply.status == Status::BillStacked && !is_acknowledged_ &&
         strikes(PowerCutMoment::StackedBeforeAck));
    if (power_fails)
        lose_power(now);
    Bytes data{static_cast<std::uint8_t>(reply.status)};
    if (has_second_byte(reply.status))
        data.push_back(reply.detail);
    return data;
}

void SimulatedValidator::on_acknowledge(TimePoint now) {
    auto const said = std::exchange(status_said_, std::nullopt);
    if (state_ == State::Returned && said == Status::BillReturned)
        enter(State::Resting, now);
    bool const is_of_note =
        said == Status::BillStacked || (settings_.takes_any_acknowledge && is_said_);
    if (state_ != State::Stacked || is_acknowledged_ || !is_of_note)
        return;
    is_untold_ = false;
    is_acknowledged_ = true;
    repeats_left_ = settings_.repeats_after_acknowledge;
    if (repeats_left_ == 0)
        enter(State::Resting, now);
    if (strikes(PowerCutMoment::StackedAfterAck))
        lose_power(now);
}

std::optional<StatusReply> SimulatedValidator::obstacle_reply() const {
    switch (obstacle_) {
    case Obstacle::None: return std::nullopt;
    case Obstacle::StackerFull: return StatusReply{Status::DropCassetteFull, 0};
    case Obstacle::StackerRemoved: return StatusReply{Status::DropCassetteOutOfPosition, 0};
    case Obstacle::Jammed: return StatusReply{Status::ValidatorJammed, 0};
    case Obstacle::StackerJammed: return StatusReply{Status::DropCassetteJammed, 0};
    case Obstacle::SecondNote: return StatusReply{Status::Pause, 0};
    case Obstacle::Failed: return StatusReply{Status::Failure, failure_};
    }
    return std::nullopt;
}

StatusReply SimulatedValidator::status_reply() const {
    bool const is_awake =
        state_ != State::PoweredOff && state_ != State::PowerUp && state_ != State::Initializing;
    if (auto const hindered = obstacle_reply(); hindered && is_awake)
        return *hindered;
    switch (state_) {
    case State::PoweredOff:
    case State::PowerUp:
        if (is_untold_ || (note_ && note_->past_return))
            return {Status::PowerUpBillInStacker, 0};
        return {note_ ? Status::PowerUpBillInValidator : Status::PowerUp, 0};
    case State::Initializing: return {Status::Initialize, 0};
    case State::Resting: return {is_enabled() ? Status::Idling : Status::UnitDisabled, 0};
    case State::Accepting: return {Status::Accepting, 0};
    case State::Escrow: return {Status::EscrowPosition, note_->type};
    case State::Holding: return {Status::Holding, 0};
    case State::Stacking: return {Status::Stacking, 0};
    case State::Stacked: return {Status::BillStacked, finished_type_};
    case State::Returning: return {Status::Returning, 0};
    case State::Returned: return {Status::BillReturned, finished_type_};
    case State::Rejecting: return {Status::Rejecting, *note_->reject};
    case State::Cheated: return {Status::Cheated, 0};
    }
    return {Status::Initialize, 0};
}

} // namespace devices::bill_validator
