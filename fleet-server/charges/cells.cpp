#include "fleet-server/charges/cells.hpp"

#include <algorithm>

namespace fleet::charges {

namespace {

std::string_view trimmed(std::string_view text) {
    auto const is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Takes `"a ""b"" c"` off; nullopt when it is not closed.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string cell;
    text.remove_prefix(1);
    while (!text.empty()) {
        char const c = text.front();
        text.remove_prefix(1);
        if (c != '"') {
            cell += c;
        } else if (!text.empty() && text.front() == '"') {
            cell += '"';
            text.remove_prefix(1);
        } else {
            return cell;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<protocol::ByteView> take_line(protocol::ByteView& rest) {
    if (rest.empty())
        return std::nullopt;
    auto const end = std::find(rest.begin(), rest.end(), std::uint8_t{'\n'});
    auto const size = static_cast<std::size_t>(end - rest.begin());
    auto line = rest.first(size);
    rest = rest.subspan(std::min(size + 1, rest.size()));
    if (!line.empty() && line.back() == '\r')
        line = line.first(line.size() - 1);
    return line;
}

std::optional<std::vector<std::string>> split_cells(std::string_view line, char separator) {
    std::vector<std::string> cells;
    // A tab is no blank where it separates.
    char const* const blanks = separator == '\t' ? " " : " \t";
    for (;;) {
        auto const start = std::min(line.find_first_not_of(blanks), line.size());
        if (start < line.size() && line[start] == '"') {
            line.remove_prefix(start);
            auto cell = take_quoted(line);
            line = line.substr(std::min(line.find_first_not_of(blanks), line.size()));
            if (!cell || (!line.empty() && line.front() != separator))
                return std::nullopt;
            cells.push_back(std::move(*cell));
        } else {
            auto const end = std::min(line.find(separator), line.size());
            auto const cell = trimmed(line.substr(0, end));
            cells.emplace_back(cell);
            line.remove_prefix(end);
        }
        if (line.empty())
            return cells;
        line.remove_prefix(1);
    }
}

} // namespace fleet::charges
