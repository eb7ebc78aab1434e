#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>

#include "kiosk/journal/error.hpp"
#include "kiosk/journal/journal.hpp"

/// The journal's file: its settings, its tables, whom it belongs to. For this folder only.
namespace kiosk::journal {

/// "JRNL": tells our file from any other SQLite file.
inline constexpr std::int64_t application_id = 0x4A524E4C;

[[nodiscard]] JournalError error_of(SQLite::Exception const& exception);

/// Opened, locked, set, migrated and found to be ours. Throws nothing.
[[nodiscard]] JournalResult<std::unique_ptr<SQLite::Database>> open_database(
    std::string const& path, Identity identity);

/// The file's own structure, and both chains from `first_entry` on. May throw SQLite::Exception.
[[nodiscard]] JournalResult<void> check_structure(SQLite::Database& database);
[[nodiscard]] JournalResult<void> check_chains(
    SQLite::Database& database, std::uint64_t first_entry);

} // namespace kiosk::journal
