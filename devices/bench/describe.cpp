#include "devices/bench/describe.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "devices/bench/qr_reader.hpp"
#include "devices/printer/ticket_picture.hpp"

namespace devices::bench {

using nlohmann::json;

namespace {

constexpr std::size_t tickets_told_max = 20; // A page shows no more.

std::string_view name_of(printer::Whereabouts place) {
    switch (place) {
    case printer::Whereabouts::InPrinter: return "in_printer";
    case printer::Whereabouts::AtMouth: return "at_mouth";
    case printer::Whereabouts::Taken: return "taken";
    case printer::Whereabouts::Retracted: return "retracted";
    case printer::Whereabouts::Ejected: return "ejected";
    }
    return "in_printer";
}

// Every maximal stack of dots on its own: one picture may hold one code.
std::vector<std::string> codes_on(printer::Ticket const& ticket) {
    std::vector<std::string> codes;
    printer::Ticket picture;
    auto const read = [&] {
        if (picture.content.empty())
            return;
        if (auto const code = read_qr(printer::render_png(picture)))
            codes.emplace_back(code->begin(), code->end());
        picture.content.clear();
    };
    for (auto const& piece : ticket.content) {
        if (std::holds_alternative<printer::PrintedDots>(piece))
            picture.content.push_back(piece);
        else
            read();
    }
    read();
    return codes;
}

} // namespace

std::string_view name_of(bill_validator::Insertion outcome) {
    using bill_validator::Insertion;
    switch (outcome) {
    case Insertion::StillInside: return "inside";
    case Insertion::Stacked: return "stacked";
    case Insertion::Returned: return "returned";
    case Insertion::Rejected: return "rejected";
    case Insertion::NotTaken: return "not_taken";
    }
    return "inside";
}

json describe_kiosk(VirtualKiosk& kiosk) {
    pid_t const pid = kiosk.kiosk_pid();
    json description{{"running", pid != 0}, {"pid", pid}};
    if (auto const ending = kiosk.kiosk_ending())
        description["last_end"] =
            (ending->was_killed ? "signal " : "exit ") + std::to_string(ending->number);
    return description;
}

json describe_link(LinkSwitch const& link) {
    auto const counts = link.counts();
    return {
        {"up", link.is_up()},
        {"bytes_up", counts.bytes_up},
        {"bytes_down", counts.bytes_down},
        {"connections", counts.connections},
        {"open", counts.open}};
}

json describe_printer(printer::Simulator const& simulator) {
    json faults = json::array();
    for (auto const fault : simulator.faults())
        faults.push_back(printer::name_of(fault));
    auto const& tickets = simulator.tickets();
    json last_tickets = json::array();
    bool is_at_mouth = false;
    for (std::size_t index = tickets.size() - std::min(tickets.size(), tickets_told_max);
         index < tickets.size();
         ++index) {
        last_tickets.push_back(
            {{"number", index + 1}, {"whereabouts", name_of(tickets[index].whereabouts)}});
        is_at_mouth |= tickets[index].whereabouts == printer::Whereabouts::AtMouth;
    }
    return {
        {"tickets", tickets.size()},
        {"faults", faults},
        {"ticket_at_mouth", is_at_mouth},
        {"last_tickets", last_tickets}};
}

json describe_validator(bill_validator::SimulatedValidator const& validator) {
    json stacker = json::object();
    for (auto const& [value, count] : validator.stacked())
        stacker[std::to_string(value)] = count;
    return {
        {"state", bill_validator::ccnet::name(validator.status())},
        {"enabled", validator.is_enabled()},
        {"power", validator.has_power()},
        {"takes_note", validator.would_take_note()},
        {"stacker", stacker}};
}

json describe_ticket(printer::Ticket const& ticket) {
    return {
        {"lines", printer::lines_of(ticket)},
        {"qr", codes_on(ticket)},
        {"cut", true},
        {"taken", ticket.whereabouts == printer::Whereabouts::Taken},
        {"whereabouts", name_of(ticket.whereabouts)}};
}

} // namespace devices::bench
