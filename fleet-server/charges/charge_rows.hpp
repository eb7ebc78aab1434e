#pragma once

#include <memory>
#include <optional>

#include "fleet-server/tables/sheet.hpp"

/// Rows of a register, whatever file they come from.
namespace fleet::charges {

using protocol::text::Encoding;

class ChargeRows {
public:
    ChargeRows() = default;
    ChargeRows(ChargeRows const&) = delete;
    ChargeRows& operator=(ChargeRows const&) = delete;
    virtual ~ChargeRows() = default;

    /// The next row that is not empty; nullopt at the end. A complaint ends the reading.
    [[nodiscard]] virtual protocol::Result<std::optional<tables::Row>, protocol::Complaint>
    next() = 0;
    /// Whether each row must have as many cells as the header: a text that lost a separator has
    /// not, a spreadsheet just stores no empty cells.
    [[nodiscard]] virtual bool is_strict() const = 0;
};

/// Lines of a text, its values apart by `separator`. `content` must outlive it.
[[nodiscard]] std::unique_ptr<ChargeRows> text_rows(
    protocol::ByteView content, Encoding encoding, char separator);
[[nodiscard]] std::unique_ptr<ChargeRows> sheet_rows(tables::Sheet sheet);

} // namespace fleet::charges
