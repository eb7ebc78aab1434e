#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Columns for a terminal. Text is UTF-8; every character is taken for one cell, which is right for
/// Cyrillic and Latin. Pure.
namespace fleet::ctl {

enum class Align : std::uint8_t { Left, Right };

struct Column {
    std::string title;
    Align align = Align::Left;
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

    /// As many cells as there are columns.
    void add(std::vector<std::string> cells);
    /// Two spaces between columns, none at the ends of lines; nothing at all without rows.
    [[nodiscard]] std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// How many characters there are in UTF-8 text.
[[nodiscard]] std::size_t characters(std::string_view utf8);

} // namespace fleet::ctl
