#include "devices/printer/simulator.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace devices::printer {

namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t xon = 0x11;
constexpr std::uint8_t xoff = 0x13;
struct Name {
    std::string_view name;
    SimulatedFault fault;
};
constexpr std::array names{
    Name{"none", SimulatedFault::None},
    Name{"no_paper", SimulatedFault::NoPaper},
    Name{"near_end", SimulatedFault::NearEnd},
    Name{"cover_open", SimulatedFault::CoverOpen},
    Name{"jam", SimulatedFault::Jam},
    Name{"cutter", SimulatedFault::Cutter},
    Name{"head_hot", SimulatedFault::HeadHot},
    Name{"xoff", SimulatedFault::Xoff},
    Name{"lost_status", SimulatedFault::LostStatus},
    Name{"power_cut", SimulatedFault::PowerCut},
};

} // namespace

std::optional<SimulatedFault> fault_named(std::string_view name) {
    auto const* const found = std::find_if(
        names.begin(), names.end(), [name](Name const& row) { return row.name == name; });
    return found == names.end() ? std::nullopt : std::optional{found->fault};
}

std::string_view name_of(SimulatedFault fault) {
    return names[static_cast<std::size_t>(fault)].name;
}

protocol::Bytes Simulator::receive(protocol::ByteView bytes, TimePoint now) {
    work(now);
    for (std::uint8_t const byte : bytes) {
        if (!has_power())
            break;
        ++reading_;
        auto command = reader_.push(byte);
        if (!command)
            continue;
        std::size_t const size = std::exchange(reading_, 0);
        if (auto const* question = std::get_if<escpos::AskStatus>(&*command)) {
            answer(*question, now);
        } else if (queued_size_ + size > options_.buffer_size) {
            overrun_ += size;
        } else {
            if (queue_.empty())
                free_at_ = std::max(free_at_, now);
            queue_.push_back({std::move(*command), size});
            queued_size_ += size;
        }
        control_flow();
    }
    return tick(now);
}

protocol::Bytes Simulator::tick(TimePoint now) {
    work(now);
    return std::exchange(replies_, {});
}

void Simulator::answer(escpos::AskStatus const& question, TimePoint now) {
    if (silent_until_)
        return;
    Status const all = status(now);
    auto const reply = encode_status(all);
    switch (question.kind) {
    case 20: replies_.insert(replies_.end(), reply.begin(), reply.end()); break;
    case 17: // Print status: bit 2 motor, bit 5 paper absent.
        replies_.push_back(
            static_cast<std::uint8_t>((all.motor_on ? 0x04 : 0) | (all.no_paper ? 0x20 : 0)));
        break;
    case 1: replies_.push_back(is_halted() ? 0x1A : 0x12); break;
    default: replies_.push_back(0x12); break;
    }
}

Status Simulator::status(TimePoint now) const {
    Status status;
    status.no_paper = no_paper_;
    status.paper_near_end = near_end_ || no_paper_;
    status.ticket_in_output =
        std::any_of(tickets_.begin(), tickets_.end(), [](Ticket const& ticket) {
            return ticket.whereabouts == Whereabouts::AtMouth;
        });
    status.cover_open = cover_open_;
    status.head_up = cover_open_;
    status.motor_on = !is_halted() && (free_at_ > now || !queue_.empty());
    status.head_temperature = head_hot_;
    status.paper_jam = jam_;
    status.cutter = cutter_failed_;
    return status;
}

bool Simulator::is_halted() const {
    return no_paper_ || cover_open_ || jam_ || head_hot_ || cutter_failed_ || xoff_until_ ||
           power_back_;
}

void Simulator::work(TimePoint now) {
    now_ = now;
    end_faults(now);
    while (!queue_.empty() && !is_halted() && free_at_ <= now) {
        Queued const next = std::move(queue_.front());
        queue_.pop_front();
        queued_size_ -= next.size;
        free_at_ += execute(next.command);
        strike_if_due();
    }
    if (is_halted())
        free_at_ = std::max(free_at_, now);
    control_flow();
}

void Simulator::control_flow() {
    if (power_back_)
        return;
    bool const is_full = queued_size_ > options_.buffer_size / 4 * 3;
    bool const has_room = queued_size_ < options_.buffer_size / 4;
    if (!is_xoff_sent_ && (xoff_until_ || is_full)) {
        is_xoff_sent_ = true;
        replies_.push_back(xoff);
    } else if (is_xoff_sent_ && !xoff_until_ && has_room) {
        is_xoff_sent_ = false;
        replies_.push_back(xon);
    }
}

void Simulator::strike(FaultOrder order, TimePoint now) {
    work(now);
    if (order.after_lines > 0) {
        pending_ = order;
        return;
    }
    begin_fault(order.fault, order.lasting, now);
    control_flow();
}

void Simulator::strike_if_due() {
    if (!pending_ || lines_printed_ < pending_->after_lines)
        return;
    FaultOrder const order = *std::exchange(pending_, std::nullopt);
    begin_fault(order.fault, order.lasting, now_);
}

void Simulator::begin_fault(
    SimulatedFault fault, std::chrono::milliseconds lasting, TimePoint now) {
    switch (fault) {
    case SimulatedFault::None:
        no_paper_ = near_end_ = cover_open_ = jam_ = head_hot_ = false;
        cutter_armed_ = cutter_failed_ = false;
        xoff_until_.reset();
        silent_until_.reset();
        power_back_.reset();
        pending_.reset();
        free_at_ = std::max(free_at_, now);
        return;
    case SimulatedFault::NoPaper: no_paper_ = true; return;
    case SimulatedFault::NearEnd: near_end_ = true; return;
    case SimulatedFault::CoverOpen: cover_open_ = true; return;
    case SimulatedFault::Jam: jam_ = true; return;
    case SimulatedFault::Cutter: cutter_armed_ = true; return;
    case SimulatedFault::HeadHot: head_hot_ = true; return;
    case SimulatedFault::Xoff: xoff_until_ = now + lasting; return;
    case SimulatedFault::LostStatus: silent_until_ = now + lasting; return;
    case SimulatedFault::PowerCut: lose_power(now + lasting); return;
    }
}

void Simulator::end_faults(TimePoint now) {
    for (auto* until : {&xoff_until_, &silent_until_, &power_back_})
        if (*until && now >= **until) {
            until->reset();
            free_at_ = std::max(free_at_, now);
        }
}

// What is on paper stays; what was in memory is gone, settings too.
void Simulator::lose_power(TimePoint back) {
    power_back_ = back;
    reader_.reset();
    reading_ = 0;
    queue_.clear();
    queued_size_ = 0;
    style_ = {};
    line_.clear();
    replies_.clear();
    is_xoff_sent_ = false;
    free_at_ = now_;
}

bool Simulator::take_ticket() {
    auto* const ticket = ticket_at(Whereabouts::AtMouth);
    if (ticket == nullptr)
        return false;
    ticket->whereabouts = Whereabouts::Taken;
    return true;
}

std::vector<SimulatedFault> Simulator::faults() const {
    std::vector<SimulatedFault> faults;
    auto const add = [&](bool is_on, SimulatedFault fault) {
        if (is_on)
            faults.push_back(fault);
    };
    add(no_paper_, SimulatedFault::NoPaper);
    add(near_end_, SimulatedFault::NearEnd);
    add(cover_open_, SimulatedFault::CoverOpen);
    add(jam_, SimulatedFault::Jam);
    add(cutter_armed_ || cutter_failed_, SimulatedFault::Cutter);
    add(head_hot_, SimulatedFault::HeadHot);
    add(xoff_until_.has_value(), SimulatedFault::Xoff);
    add(silent_until_.has_value(), SimulatedFault::LostStatus);
    add(power_back_.has_value(), SimulatedFault::PowerCut);
    return faults;
}

} // namespace devices::printer
