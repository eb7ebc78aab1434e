#include "devices/bill-validator/session.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "devices/bill-validator/ccnet_tables.hpp"

namespace devices::bill_validator {

using ccnet::Status;
using ccnet::StatusReply;
using protocol::Bytes;
using std::chrono::milliseconds;

namespace {

constexpr int attempts_max = 3;
// A validator that answers but obeys nothing is of no use, and people must hear of it.
constexpr int refusals_max = 10;
// STACK or RETURN of one note; after that its own 10 s send it back.
constexpr int verdict_orders_max = 3;
// A listener that has not decided within about half a minute will not: the note goes back.
constexpr int holds_max = 5;
constexpr int polls_until_verdict_is_doubted = 10;
constexpr int polls_until_reset_is_repeated = 30;
constexpr int polls_until_permit_is_repeated = 10;
constexpr milliseconds busy_max{1000};
constexpr milliseconds no_reply{0};
constexpr std::uint8_t type_unknown = 0xFF;

Bytes frame_of(ccnet::Command command) {
    return ccnet::encode(std::array{static_cast<std::uint8_t>(command)});
}

bool is_power_up(Status status) {
    return status == Status::PowerUp || status == Status::PowerUpBillInValidator ||
           status == Status::PowerUpBillInStacker;
}

/// Statuses that say nothing new of the note: what was before still is.
bool is_as_before(Status status) {
    return status == Status::DeviceBusy || status == Status::Pause || status == Status::Unknown;
}

} // namespace

Action Session::resume(Input const& input) {
    Question const asked = std::exchange(asked_, Question::None);
    if (std::holds_alternative<Proceed>(input)) {
        assert(asked == Question::None && "a question was asked: report Silence or a Reply");
        return proceed();
    }
    assert(asked != Question::None && "nothing was asked: report Proceed");
    auto const* reply = std::get_if<Reply>(&input);
    if (reply == nullptr || !*reply || !hear(asked, (*reply)->data))
        return on_silence(asked);
    silences_ = 0;
    return proceed();
}

void Session::decide(Decision decision) {
    if (escrow_ && escrow_->told && escrow_->orders == 0)
        escrow_->verdict = decision;
}

Action Session::proceed() {
    if (!to_tell_.empty()) {
        Event event = std::move(to_tell_.front());
        to_tell_.pop_front();
        // From now on the listener knows of this note; before, a verdict was on another one.
        if (escrow_ && std::holds_alternative<NoteEscrowed>(event))
            escrow_->told = true;
        return event;
    }
    // Only after the listener has it on disk: until then the validator says it again.
    if (std::exchange(acknowledge_due_, false))
        return Send{ccnet::encode(std::array{ccnet::ack}), no_reply};
    if (auto const pause = std::exchange(pause_, std::nullopt))
        return Pause{*pause};
    return ask();
}

Action Session::ask() {
    using ccnet::Command;
    asked_ = std::exchange(next_, Question::Status);
    switch (asked_) {
    case Question::None: break;
    case Question::Status: return Send{frame_of(Command::Poll), timing().reply_within};
    case Question::Identification:
        return Send{frame_of(Command::Identification), timing().table_within};
    case Question::Table: return Send{frame_of(Command::GetBillTable), timing().table_within};
    case Question::Reset: return Send{frame_of(Command::Reset), timing().reply_within};
    case Question::Stack: return Send{frame_of(Command::Stack), timing().reply_within};
    case Question::Return: return Send{frame_of(Command::Return), timing().reply_within};
    case Question::Hold: return Send{frame_of(Command::Hold), timing().reply_within};
    case Question::Permit: {
        // Each type that is taken is also held in escrow: without its escrow bit a note would be
        // stacked before anyone has agreed.
        Bytes data{static_cast<std::uint8_t>(Command::EnableBillTypes)};
        auto const types = notes_wanted_ ? types_accepted() : std::vector<std::uint8_t>{};
        Bytes const mask = ccnet::make_mask(types);
        data.insert(data.end(), mask.begin(), mask.end());
        data.insert(data.end(), mask.begin(), mask.end());
        return Send{ccnet::encode(data), timing().reply_within};
    }
    }
    assert(false && "there is always a next question");
    return Pause{timing().poll_every};
}

Action Session::on_silence(Question asked) {
    bool const is_data =
        asked == Question::Status || asked == Question::Identification || asked == Question::Table;
    // An order that was not answered may have been obeyed. It is not repeated: the status tells.
    if (!is_data)
        count_refusal();
    next_ = is_data ? asked : Question::Status;
    pause_ = timing().retry_after;
    if (++silences_ >= attempts_max)
        lose_line();
    return proceed();
}

void Session::lose_line() {
    silences_ = 0;
    next_ = Question::Status;
    pause_ = timing().recover_after;
    // When it answers again it may be another validator, with other notes.
    identified_ = false;
    learned_ = false;
    last_status_.reset();
    escrow_.reset();
    rest_due_ = true;
    tell_trouble(Trouble::LineLost, 0);
}

bool Session::hear(Question asked, Bytes const& data) {
    switch (asked) {
    case Question::Status: return hear_status(data);
    case Question::Identification: return hear_identification(data);
    case Question::Table: return hear_table(data);
    case Question::Reset:
    case Question::Permit:
    case Question::Stack:
    case Question::Return:
    case Question::Hold: return hear_consent(asked, data);
    case Question::None: break;
    }
    return false;
}

bool Session::hear_status(Bytes const& data) {
    auto const status = ccnet::read_status(data);
    if (!status)
        return false;
    acknowledge_due_ = true;
    pause_ = timing().poll_every;
    on_status(*status);
    return true;
}

void Session::on_status(StatusReply status) {
    if (is_power_up(status.status))
        return on_power_up();
    reset_patience_ = 0;
    bool const is_other_note =
        status.status == Status::BillStacked && stacked_told_ != status.detail;
    if (is_other_note || ccnet::separates_notes(status.status))
        stacked_told_.reset();
    if (status.status == Status::DeviceBusy) {
        // NOTE: makers disagree on the unit; tenths of a second, but never long without a poll.
        pause_ = std::clamp(milliseconds{100} * status.detail, timing().poll_every, busy_max);
        return;
    }
    if (!learned_)
        return learn(status.status == Status::BillStacked);
    if (is_as_before(status.status))
        return;
    // A validator repeats its status on every poll. Only a change is news.
    bool const is_news = std::exchange(last_status_, status) != status;
    follow_trouble(status);
    follow_note(status, is_news);
}

// Never RESET before a POLL has said so: a note that was stacked while we were away is told only
// once we ask.
void Session::on_power_up() {
    identified_ = false;
    learned_ = false;
    last_status_.reset();
    escrow_.reset();
    rest_due_ = true;
    permit_patience_ = 0;
    if (reset_patience_ > 0) {
        --reset_patience_;
        return;
    }
    next_ = Question::Reset;
    pause_ = timing().free_after_acknowledge;
}

// What a note is worth is in the table only. While a stacked note waits to be told, nothing is
// acknowledged: a validator might take that ACK for the note's.
void Session::learn(bool note_untold) {
    note_untold_ = note_untold;
    acknowledge_due_ = !note_untold;
    next_ = identified_ ? Question::Table : Question::Identification;
    pause_ = timing().free_after_acknowledge;
}

bool Session::hear_identification(Bytes const& data) {
    pause_ = timing().free_after_acknowledge;
    next_ = Question::Table;
    if (data.size() == 1 && data[0] == ccnet::illegal_command) {
        model_.clear(); // Some models have no name; their notes are as good.
        serial_.clear();
        identified_ = true;
        return true;
    }
    auto identification = ccnet::read_identification(data);
    if (!identification)
        return false;
    model_ = std::move(identification->model);
    serial_ = std::move(identification->serial);
    identified_ = true;
    acknowledge_due_ = !note_untold_;
    return true;
}

bool Session::hear_table(Bytes const& data) {
    if (data.size() == 1 && data[0] == ccnet::illegal_command) {
        count_refusal(); // Not now, perhaps later: it is asked for again with the next status.
        pause_ = timing().poll_every;
        return true;
    }
    auto bills = ccnet::read_bill_table(data);
    if (!bills)
        return false;
    bills_ = *std::move(bills);
    learned_ = true;
    refusals_ = 0;
    acknowledge_due_ = !note_untold_;
    pause_ = timing().free_after_acknowledge;
    tell(ValidatorReady{model_, serial_, bills_});
    return true;
}

// A jam or a failure is not answered with RESET: people must open the machine anyway, and a RESET
// at the wrong moment could hide an untold note.
void Session::follow_trouble(StatusReply status) {
    switch (status.status) {
    case Status::DropCassetteFull: return tell_trouble(Trouble::StackerFull, 0);
    case Status::DropCassetteOutOfPosition: return tell_trouble(Trouble::StackerRemoved, 0);
    case Status::ValidatorJammed: return tell_trouble(Trouble::Jammed, 0);
    case Status::DropCassetteJammed: return tell_trouble(Trouble::StackerJammed, 0);
    case Status::Cheated: return tell_trouble(Trouble::Cheated, 0);
    case Status::Failure: return tell_trouble(Trouble::Failure, status.detail);
    case Status::Idling:
    case Status::Accepting:
    case Status::Stacking:
    case Status::Returning:
    case Status::UnitDisabled:
    case Status::Holding:
    case Status::Rejecting:
    case Status::EscrowPosition:
    case Status::BillStacked:
    case Status::BillReturned:
        if (trouble_ && refusals_ < refusals_max) {
            trouble_.reset();
            tell(ValidatorWell{});
        }
        return;
    case Status::PowerUp:
    case Status::PowerUpBillInValidator:
    case Status::PowerUpBillInStacker:
    case Status::Initialize:
    case Status::DeviceBusy:
    case Status::Pause:
    case Status::Unknown: return; // Neither well nor worse yet.
    }
}

void Session::follow_note(StatusReply status, bool is_news) {
    rest_due_ =
        rest_due_ || (status.status != Status::Idling && status.status != Status::UnitDisabled);
    switch (status.status) {
    case Status::Idling:
    case Status::UnitDisabled: return on_rest(status.status);
    case Status::EscrowPosition: return on_escrow(status.detail);
    case Status::Holding: return on_escrow(escrow_ ? escrow_->type : type_unknown);
    case Status::BillStacked: return on_stacked(status.detail);
    case Status::BillReturned:
        if (is_news)
            tell(NoteReturned{});
        break;
    case Status::Rejecting:
        if (is_news)
            tell(NoteRejected{status.detail});
        break;
    case Status::Accepting:
    case Status::Returning:
    case Status::Stacking:
    case Status::Initialize:
    case Status::DropCassetteFull:
    case Status::DropCassetteOutOfPosition:
    case Status::ValidatorJammed:
    case Status::DropCassetteJammed:
    case Status::Cheated:
    case Status::Failure: break;
    case Status::PowerUp:
    case Status::PowerUpBillInValidator:
    case Status::PowerUpBillInStacker:
    case Status::DeviceBusy:
    case Status::Pause:
    case Status::Unknown: return;
    }
    escrow_.reset();
}

void Session::on_rest(Status status) {
    escrow_.reset();
    pause_ = timing().poll_every_at_rest;
    if (std::exchange(rest_due_, false))
        tell(ValidatorAtRest{});

    bool const is_wanted = notes_wanted_ && !types_accepted().empty();
    bool const is_taking = status == Status::Idling;
    if (is_wanted == is_taking) {
        permit_patience_ = 0;
    } else if (permit_patience_ > 0) {
        --permit_patience_;
    } else {
        next_ = Question::Permit;
        pause_ = timing().free_after_acknowledge;
    }
}

// STACK is only sent in answer to a fresh 0x80 of the type that was told: however long the listener
// took, another note cannot be stacked in its place.
void Session::on_escrow(std::uint8_t type) {
    if (escrow_ && escrow_->type == type)
        return carry_out_verdict(*escrow_);
    escrow_ = Escrow{.type = type};
    pause_ = timing().free_after_acknowledge;
    auto const types = types_accepted();
    auto const value = value_of(type);
    if (value && std::ranges::find(types, type) != types.end())
        tell(NoteEscrowed{type, *value});
    else
        escrow_->verdict = Decision::Return; // Nobody asked for this note, nobody can value it.
}

void Session::carry_out_verdict(Escrow& escrow) {
    if (escrow.patience > 0) {
        --escrow.patience;
    } else if (escrow.verdict) {
        if (escrow.orders == verdict_orders_max)
            return;
        ++escrow.orders;
        next_ = *escrow.verdict == Decision::Stack ? Question::Stack : Question::Return;
        pause_ = timing().free_after_acknowledge;
    } else if (escrow.waited >= timing().hold_after && escrow.holds < holds_max) {
        ++escrow.holds;
        escrow.waited = milliseconds{0};
        next_ = Question::Hold;
        pause_ = timing().free_after_acknowledge;
    } else {
        escrow.waited += timing().poll_every;
    }
}

// The only event that is money. A validator says it until it is acknowledged, some say it a few
// times more, and once more after a power cut; between two notes it always says something else.
void Session::on_stacked(std::uint8_t type) {
    escrow_.reset();
    note_untold_ = false;
    if (std::exchange(stacked_told_, type) != type)
        tell(NoteStacked{type, value_of(type).value_or(Money::zero(protocol::Currency::RUB))});
}

bool Session::hear_consent(Question asked, Bytes const& data) {
    pause_ = timing().poll_every;
    if (data.size() != 1)
        return false;
    if (data[0] == ccnet::ack)
        on_obeyed(asked);
    else if (data[0] == ccnet::illegal_command)
        on_refused(asked);
    else if (data[0] == ccnet::nak)
        count_refusal(); // It was garbled on the way; the next status says whether it still stands.
    else
        return false;
    return true;
}

void Session::on_obeyed(Question asked) {
    refusals_ = 0;
    if (asked == Question::Reset) {
        reset_patience_ = polls_until_reset_is_repeated;
        pause_ = timing().reset_settles;
    }
    if (asked == Question::Permit)
        permit_patience_ = polls_until_permit_is_repeated;
    if (escrow_ && (asked == Question::Stack || asked == Question::Return))
        escrow_->patience = polls_until_verdict_is_doubted;
}

void Session::on_refused(Question asked) {
    count_refusal();
    if (asked == Question::Reset)
        reset_patience_ = polls_until_reset_is_repeated;
    if (asked == Question::Permit)
        permit_patience_ = polls_until_permit_is_repeated;
    if (escrow_ && asked == Question::Hold)
        escrow_->holds = holds_max;
}

void Session::count_refusal() {
    if (refusals_ < refusals_max && ++refusals_ == refusals_max)
        tell_trouble(Trouble::Failure, 0);
}

void Session::tell_trouble(Trouble trouble, std::uint8_t detail) {
    ValidatorTrouble const news{trouble, detail};
    if (std::exchange(trouble_, news) != news)
        tell(news);
}

std::optional<Money> Session::value_of(std::uint8_t type) const {
    auto const bill = std::ranges::find(bills_, type, &BillType::type);
    if (bill == bills_.end())
        return std::nullopt;
    return bill->value;
}

std::vector<std::uint8_t> Session::types_accepted() const {
    auto const& accepted = settings_.bills_accepted;
    std::vector<std::uint8_t> types;
    for (BillType const& bill : bills_)
        if (accepted.empty() || std::ranges::find(accepted, bill.value) != accepted.end())
            types.push_back(bill.type);
    return types;
}

} // namespace devices::bill_validator
