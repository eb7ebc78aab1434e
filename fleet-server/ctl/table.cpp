#include "fleet-server/ctl/table.hpp"

#include <algorithm>
#include <cassert>

namespace fleet::ctl {

namespace {

std::string line_of(
    std::vector<std::string> const& cells, std::vector<Column> const& columns,
    std::vector<std::size_t> const& widths) {
    std::string line;
    for (std::size_t at = 0; at < cells.size(); ++at) {
        std::string const padding(widths[at] - characters(cells[at]), ' ');
        line += at == 0 ? "" : "  ";
        line += columns[at].align == Align::Right ? padding + cells[at] : cells[at] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

} // namespace

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char symbol) {
        return (static_cast<unsigned char>(symbol) & 0xC0U) != 0x80U;
    }));
}

void Table::add(std::vector<std::string> cells) {
    assert(cells.size() == columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    if (rows_.empty())
        return "";
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        std::size_t width = characters(columns_[at].title);
        for (auto const& row : rows_)
            width = std::max(width, characters(row[at]));
        titles.push_back(columns_[at].title);
        widths.push_back(width);
    }
    std::string text = line_of(titles, columns_, widths);
    for (auto const& row : rows_)
        text += line_of(row, columns_, widths);
    return text;
}

} // namespace fleet::ctl
