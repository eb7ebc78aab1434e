#include "devices/printer/ticket.hpp"

#include <algorithm>

#include "devices/printer/layout.hpp"

namespace devices::printer {

namespace {

std::size_t characters(std::string const& utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char byte) {
        return (static_cast<std::uint8_t>(byte) & 0xC0U) != 0x80U;
    }));
}

std::string aligned(PrintedLine const& line) {
    std::size_t const columns = line.is_narrow ? paper_columns : paper_columns * 11 / 15;
    std::size_t const width = characters(line.text) * (line.size == Size::Double ? 2 : 1);
    std::size_t const free = columns - std::min(columns, width);
    switch (line.align) {
    case Align::Left: return line.text;
    case Align::Centre: return std::string(free / 2, ' ') + line.text;
    case Align::Right: return std::string(free, ' ') + line.text;
    }
    return line.text;
}

} // namespace

std::vector<std::string> lines_of(Ticket const& ticket) {
    std::vector<std::string> lines;
    bool is_in_picture = false;
    for (Printed const& piece : ticket.content) {
        bool const is_dots = std::holds_alternative<PrintedDots>(piece);
        if (auto const* line = std::get_if<PrintedLine>(&piece))
            lines.push_back(aligned(*line));
        else if (is_dots && !is_in_picture)
            lines.emplace_back("[dots]");
        is_in_picture = is_dots;
    }
    return lines;
}

} // namespace devices::printer
