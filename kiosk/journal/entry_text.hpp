#pragma once

#include <string>
#include <string_view>

#include "kiosk/payment/entries.hpp"
#include "protocol/base/result.hpp"

/// Journal entries as JSON text. Text, because a technician with nothing but `sqlite3` must be able
/// to read at night whose money is inside; amounts are kopecks (another currency is written out),
/// fields are only ever added.
namespace kiosk::journal {

/// "note-credited": the column by which entries are found.
[[nodiscard]] std::string_view kind_of(payment::Entry const& entry);

[[nodiscard]] std::string to_text(payment::Entry const& entry);

enum class TextError : std::uint8_t { KindUnknown, NotJson, FieldMissingOrWrong };

/// What was read back. A field that this program does not know is passed over.
[[nodiscard]] protocol::Result<payment::Entry, TextError> entry_from_text(
    std::string_view kind, std::string_view text);

} // namespace kiosk::journal
