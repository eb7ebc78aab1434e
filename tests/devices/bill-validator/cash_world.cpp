#include "tests/devices/bill-validator/cash_world.hpp"

#include <array>
#include <utility>

namespace tests {

using std::chrono::milliseconds;
using std::chrono::seconds;

void CashJournal::on_stacked(bv::NoteStacked const& note) {
    // The same note again: this program died, or the validator lost power, between the journal and
    // the acknowledgement. A new note would have been intended.
    if (!intended && unrested == note.type) {
        ++repeats;
        return;
    }
    if (!intended)
        ++unassigned;
    intended.reset();
    unrested = note.type;
    ++credited[note.value.minor()];
}

void CashJournal::on_rest() {
    if (intended)
        ++returned;
    intended.reset();
    unrested.reset();
}

CashWorld::CashWorld(
    std::uint64_t seed, Mischief mischief, Mistake mistake, bv::SimulatorSettings settings)
    : random_{seed}, mischief_{mischief}, mistake_{mistake}, validator_{std::move(settings), now_} {
    session_.accept_notes(true);
}

void CashWorld::live(int notes) {
    notes_to_insert_ = notes;
    // Virtual time: a busy hour for each note is more than any mischief can take.
    auto const deadline = now_ + std::chrono::hours{1} * notes;
    while (notes_to_insert_ > 0 && now_ < deadline) {
        make_mischief();
        insert_notes();
        step();
    }
    mischief_ = {};
    line_down_until_ = now_;
    validator_.clear_faults(now_);
    // Left alone until nothing has happened for a while; a minute is more than any recovery takes.
    auto const mended = now_;
    for (auto calm_since = now_; now_ < calm_since + seconds{4} && now_ < mended + seconds{60};) {
        step();
        if (!is_at_rest_ || !validator_.would_take_note())
            calm_since = now_;
    }
}

int CashWorld::notes_settled() const {
    int settled = 0;
    for (std::size_t const note : notes_)
        if (validator_.outcome(note) != bv::Insertion::StillInside)
            ++settled;
    return settled;
}

void CashWorld::strike_at(int step, std::function<void(CashWorld&)> blow) {
    strike_step_ = step;
    blow_ = std::move(blow);
}

void CashWorld::step() {
    if (++steps_ == strike_step_)
        blow_(*this);
    bv::Action const action = session_.resume(std::exchange(input_, bv::Proceed{}));
    if (happens(mischief_.host_deaths))
        return die(); // Before it was carried out.
    if (auto const* send = std::get_if<bv::Send>(&action))
        input_ = exchange(*send);
    else if (auto const* pause = std::get_if<bv::Pause>(&action))
        pass(pause->duration);
    else
        on_event(std::get<bv::Event>(action));
    if (happens(mischief_.host_deaths))
        return die(); // After it was carried out, and before the session knows.
    decide_late();
    // What the mistaken listener wrote meanwhile: by now the validator may be acknowledged.
    auto const* send = std::get_if<bv::Send>(&action);
    if (send != nullptr && !told_too_early_.empty()) {
        auto const event = std::move(told_too_early_.front());
        told_too_early_.pop_front();
        journal_.on_stacked(std::get<bv::NoteStacked>(event));
    }
}

void CashWorld::die() {
    session_ = bv::Session{};
    session_.accept_notes(true);
    input_ = bv::Proceed{};
    late_.reset();
    told_too_early_.clear();
    is_at_rest_ = false;
    pass(milliseconds{roll(20'000)});
    if (mistake_ == Mistake::ResetBeforePoll) {
        auto const reset = bv::ccnet::encode(std::array<std::uint8_t, 1>{0x30});
        [[maybe_unused]] auto const answer = validator_.receive(reset, now_);
        pass(seconds{5});
    }
}

void CashWorld::pass(milliseconds duration) {
    now_ += duration;
    validator_.advance(now_);
}

bv::Input CashWorld::exchange(bv::Send const& send) {
    pass(milliseconds{5 + roll(20)});
    bool const is_down = now_ < line_down_until_;
    auto const portions = is_down ? std::vector<bv::SimulatedValidator::Portion>{}
                                  : validator_.receive(send.bytes, now_);
    if (send.reply_within.count() == 0)
        return bv::Proceed{};
    bv::ccnet::FrameReader reader;
    milliseconds spent{0};
    for (auto const& portion : portions) {
        spent += portion.after;
        reader.push(portion.bytes);
        if (auto const reply = reader.next()) {
            pass(spent);
            return *reply;
        }
    }
    pass(send.reply_within);
    return bv::Silence{};
}

void CashWorld::on_event(bv::Event const& event) {
    pass(milliseconds{roll(30)}); // The disk.
    if (!std::holds_alternative<bv::ValidatorAtRest>(event))
        is_at_rest_ = false;
    if (auto const* escrowed = std::get_if<bv::NoteEscrowed>(&event))
        on_escrow(*escrowed);
    if (std::holds_alternative<bv::ValidatorAtRest>(event)) {
        is_at_rest_ = true;
        rest_step_ = steps_;
        late_.reset(); // An intention that is written after its note is gone would stay open.
        journal_.on_rest();
    }
    auto const* stacked = std::get_if<bv::NoteStacked>(&event);
    if (stacked == nullptr || mistake_ == Mistake::CreditAtEscrow)
        return;
    if (mistake_ == Mistake::AcknowledgeBeforeJournal)
        return told_too_early_.push_back(event);
    if (mistake_ == Mistake::CreditEveryTelling)
        journal_.unrested.reset();
    journal_.on_stacked(*stacked);
}

void CashWorld::on_escrow(bv::NoteEscrowed const& note) {
    late_.reset();
    if (mischief_.listener_dithers && roll(4) == 0) {
        late_ = LateVerdict{note.type, now_ + milliseconds{roll(90'000)}};
    } else if (mischief_.listener_dithers && roll(8) == 0) {
        session_.decide(bv::Decision::Return);
    } else {
        journal_.intend(note.type);
        session_.decide(bv::Decision::Stack);
    }
    if (mistake_ == Mistake::CreditAtEscrow)
        ++journal_.credited[note.value.minor()];
}

void CashWorld::decide_late() {
    if (!late_ || late_->at > now_)
        return;
    journal_.intend(late_->type);
    session_.decide(bv::Decision::Stack);
    late_.reset();
}

void CashWorld::insert_notes() {
    validator_.advance(now_);
    if (!validator_.would_take_note() || roll(5) != 0)
        return;
    // A few types, so that equal notes follow each other.
    constexpr std::array<std::int64_t, 4> values{100'00, 500'00, 500'00, 2000'00};
    --notes_to_insert_;
    if (happens(mischief_.rejections))
        validator_.reject_next(static_cast<std::uint8_t>(0x60 + roll(14)));
    notes_.push_back(validator_.insert_note(protocol::rub(values.at(roll(4))), now_));
}

void CashWorld::make_mischief() {
    if (happens(mischief_.power_cuts))
        validator_.cut_power(now_);
    if (happens(mischief_.armed_cuts))
        validator_.cut_power_at(static_cast<bv::PowerCutMoment>(roll(6)));
    if (happens(mischief_.line_faults))
        validator_.inject(static_cast<bv::LineFault>(roll(5)));
    if (happens(mischief_.outages))
        line_down_until_ = now_ + milliseconds{roll(60'000)};
    if (happens(mischief_.obstacles))
        make_obstacle();
    if (obstacle_until_ != bv::TimePoint{} && obstacle_until_ <= now_) {
        validator_.set_obstacle(bv::Obstacle::None, now_);
        obstacle_until_ = {};
    }
}

void CashWorld::make_obstacle() {
    unsigned const kind = roll(8);
    if (kind == 0)
        return validator_.cheat(now_);
    if (kind == 1)
        return validator_.be_busy(milliseconds{roll(3000)}, now_);
    validator_.set_obstacle(static_cast<bv::Obstacle>(kind - 1), now_);
    obstacle_until_ = now_ + milliseconds{1 + roll(15'000)};
}

} // namespace tests
