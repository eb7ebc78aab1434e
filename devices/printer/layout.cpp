#include "devices/printer/layout.hpp"

#include <algorithm>
#include <string_view>

#include "devices/printer/code_page.hpp"

namespace devices::printer {

namespace {

constexpr char rule = '\xC4'; // U+2500 in CP866.
// Fewer dots than this look like dirt.
constexpr std::size_t dots_min = 3;

void wrap_paragraph(std::string_view text, std::size_t columns, std::vector<std::string>& rows) {
    while (text.size() > columns) {
        // A space right after the last column is as good a place as one inside.
        std::size_t const space = text.rfind(' ', columns);
        bool const is_word_whole = space != std::string_view::npos && space > 0;
        rows.emplace_back(text.substr(0, is_word_whole ? space : columns));
        text.remove_prefix(is_word_whole ? space + 1 : columns);
    }
    rows.emplace_back(text);
}

std::vector<std::string> wrap(std::string_view utf8, std::size_t columns) {
    std::vector<std::string> rows;
    for (;;) {
        std::size_t const end = utf8.find('\n');
        wrap_paragraph(to_code_page(utf8.substr(0, end)), columns, rows);
        if (end == std::string_view::npos)
            break;
        utf8.remove_prefix(end + 1);
    }
    for (std::string& row : rows)
        std::replace(row.begin(), row.end(), no_break_space, ' ');
    return rows;
}

std::string joined(std::string const& name, std::string const& value) {
    std::size_t const gap = paper_columns - name.size() - value.size();
    std::string const filling =
        gap >= dots_min + 2 ? " " + std::string(gap - 2, '.') + " " : std::string(gap, ' ');
    return name + filling + value;
}

} // namespace

std::vector<Row> rows_of(TextLine const& line) {
    std::size_t const columns = line.size == Size::Double ? paper_columns / 2 : paper_columns;
    std::vector<Row> rows;
    for (std::string& text : wrap(line.text, columns))
        rows.push_back({std::move(text), line.align, line.weight, line.size});
    return rows;
}

std::vector<Row> rows_of(PairLine const& line) {
    std::vector<Row> rows;
    for (std::string& text : wrap(line.name, paper_columns))
        rows.push_back({std::move(text), Align::Left, line.weight, Size::Normal});
    std::vector<std::string> values = wrap(line.value, paper_columns);
    if (values.size() == 1 && values[0].empty())
        return rows;
    std::string& last = rows.back().text;
    if (values.size() == 1 && last.size() + 1 + values[0].size() <= paper_columns) {
        last = joined(last, values[0]);
        return rows;
    }
    for (std::string& value : values)
        rows.push_back({std::move(value), Align::Right, line.weight, Size::Normal});
    return rows;
}

std::vector<Row> rows_of(RuleLine const&) {
    return {Row{.text = std::string(paper_columns, rule)}};
}

} // namespace devices::printer
