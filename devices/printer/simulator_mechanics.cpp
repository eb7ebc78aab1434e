// What each command does to the paper.
#include <algorithm>
#include <utility>

#include "devices/printer/code_page.hpp"
#include "devices/printer/layout.hpp"
#include "devices/printer/simulator.hpp"

namespace devices::printer {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr std::size_t line_dots = 34;        // 1/6 inch.
constexpr std::size_t double_line_dots = 58; // A character of 48 dots and the gap.
constexpr std::size_t wide_columns = 30;     // 11 characters an inch.
constexpr std::uint8_t russian_page = 17;
constexpr std::uint8_t identity = 0xB9; // What a VKP80II answers to GS I 1.
// A host that never cuts fills the presenter sooner or later.
constexpr std::size_t strip_pieces_max = 20'000;
// Older tickets keep their place in the count, not their content.
constexpr std::size_t tickets_kept_max = 1'000;

template <class... Cases>
struct Each : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Each(Cases...) -> Each<Cases...>;

Align align_of(std::uint8_t parameter) {
    if (parameter == 1)
        return Align::Centre;
    return parameter == 2 ? Align::Right : Align::Left;
}

std::vector<std::uint8_t> doubled(std::vector<std::uint8_t> const& bits) {
    std::vector<std::uint8_t> wide(std::min(bits.size() * 2, paper_dots / 8));
    for (std::size_t dot = 0; dot < wide.size() * 8; ++dot)
        if ((bits[dot / 16] & 0x80U >> dot / 2 % 8) != 0)
            wide[dot / 8] |= static_cast<std::uint8_t>(0x80U >> dot % 8);
    return wide;
}

// Another page would print other letters: a host that forgot to choose sees it on the paper.
std::string readable(std::string bytes, std::uint8_t code_page) {
    if (code_page != russian_page)
        std::replace_if(
            bytes.begin(), bytes.end(), [](char byte) { return byte < 0; }, '?');
    return from_code_page(bytes);
}

} // namespace

// How long the command keeps the printer busy.
microseconds Simulator::execute(escpos::Command const& command) {
    auto const set = [](auto& what, auto value) {
        what = value;
        return 0us;
    };
    return std::visit(
        Each{
            [&](escpos::Character const& character) { return print_character(character.byte); },
            [&](escpos::LineFeed) { return print_line(); },
            [&](escpos::RasterRow const& row) { return print_dots(row); },
            [&](escpos::FeedLines feed_lines) { return feed(line_dots * feed_lines.lines); },
            [&](escpos::FeedDots feed_dots) { return feed(feed_dots.dots); },
            [&](escpos::Initialise) { return forget_settings(); },
            [&](escpos::SetAlign align) { return set(style_.align, align.align); },
            [&](escpos::SetMode mode) {
                set(style_.is_bold, (mode.bits & 0x08U) != 0);
                return set(style_.is_double, (mode.bits & 0x30U) == 0x30U);
            },
            [&](escpos::SetSize size) { return set(style_.is_double, size.nibbles == 0x11); },
            [&](escpos::SetBold bold) { return set(style_.is_bold, bold.is_on); },
            [&](escpos::SetCodePage page) { return set(style_.code_page, page.page); },
            [&](escpos::SetNarrow narrow) { return set(style_.is_narrow, narrow.is_on); },
            [&](escpos::Cut) { return cut_strip(); },
            [&](escpos::Present) { return move_ticket(Whereabouts::AtMouth); },
            [&](escpos::Eject) { return move_ticket(Whereabouts::Ejected); },
            [&](escpos::Retract) {
                return options_.has_bin ? move_ticket(Whereabouts::Retracted) : 0us;
            },
            [&](escpos::AskIdentity) { return reply(identity); },
            [&](escpos::AskEjector) {
                return reply(ticket_at(Whereabouts::AtMouth) != nullptr ? 0x08 : 0x00);
            },
            [](escpos::AskStatus) { return 0us; }, // Answered when it was received.
            [](escpos::Ignored) { return 0us; },
            [](escpos::Unknown) { return 0us; },
        },
        command);
}

microseconds Simulator::forget_settings() {
    style_ = {};
    line_.clear();
    return 0us;
}

microseconds Simulator::reply(std::uint8_t byte) {
    replies_.push_back(byte);
    return 0us;
}

microseconds Simulator::print_character(std::uint8_t byte) {
    std::size_t const columns =
        (style_.is_narrow ? paper_columns : wide_columns) / (style_.is_double ? 2 : 1);
    microseconds busy = 0us;
    if (line_.size() >= columns)
        busy = print_line();
    line_ += static_cast<char>(byte);
    return busy;
}

microseconds Simulator::print_line() {
    PrintedLine line;
    line.text = readable(std::exchange(line_, {}), style_.code_page);
    line.align = align_of(style_.align);
    line.weight = style_.is_bold ? Weight::Bold : Weight::Normal;
    line.size = style_.is_double ? Size::Double : Size::Normal;
    line.is_narrow = style_.is_narrow;
    strip_.emplace_back(std::move(line));
    ++lines_printed_;
    if (strip_.size() > strip_pieces_max)
        jam_ = true;
    return options_.row_time * static_cast<int>(style_.is_double ? double_line_dots : line_dots);
}

microseconds Simulator::print_dots(escpos::RasterRow const& row) {
    int const height = (row.mode & 2U) != 0 ? 2 : 1;
    for (int copy = 0; copy < height; ++copy)
        strip_.emplace_back(PrintedDots{(row.mode & 1U) != 0 ? doubled(row.bits) : row.bits});
    if (strip_.size() > strip_pieces_max)
        jam_ = true;
    return options_.row_time * height;
}

microseconds Simulator::feed(std::size_t dots) {
    if (!line_.empty())
        print_line();
    if (dots > 0)
        strip_.emplace_back(BlankPaper{dots});
    return options_.row_time * static_cast<int>(dots);
}

microseconds Simulator::cut_strip() {
    if (cutter_armed_) {
        cutter_failed_ = true;
        return 0us;
    }
    lines_printed_ = 0;
    if (strip_.empty())
        return options_.cut_time;
    // NOTE: some models push the old ticket out by themselves; this one is harsh, so that a driver
    // that forgets the old ticket is found out.
    if (ticket_at(Whereabouts::AtMouth) != nullptr) {
        jam_ = true;
        return 0us;
    }
    if (auto* const unshown = ticket_at(Whereabouts::InPrinter))
        unshown->whereabouts = Whereabouts::Ejected;
    tickets_.push_back({std::exchange(strip_, {}), Whereabouts::InPrinter});
    if (tickets_.size() > tickets_kept_max)
        tickets_[tickets_.size() - 1 - tickets_kept_max].content.clear();
    return options_.cut_time;
}

microseconds Simulator::move_ticket(Whereabouts to) {
    Ticket* ticket = ticket_at(Whereabouts::InPrinter);
    if (ticket == nullptr && to != Whereabouts::AtMouth)
        ticket = ticket_at(Whereabouts::AtMouth);
    if (ticket != nullptr)
        ticket->whereabouts = to;
    return options_.present_time;
}

// There is one of each at most, and it is among the last.
Ticket* Simulator::ticket_at(Whereabouts place) {
    auto const found =
        std::find_if(tickets_.rbegin(), tickets_.rend(), [place](Ticket const& ticket) {
            return ticket.whereabouts == place;
        });
    return found == tickets_.rend() ? nullptr : &*found;
}

} // namespace devices::printer
