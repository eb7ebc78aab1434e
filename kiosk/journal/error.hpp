#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

/// Why the journal cannot be used. None of these loses what it holds.
namespace kiosk::journal {

enum class JournalProblem : std::uint8_t {
    CannotOpen,      ///< No folder, no right, no file system.
    InUse,           ///< Another process holds it: two kioskd must never share a journal.
    NotAJournal,     ///< A file of something else.
    TooNew,          ///< Written by a newer kioskd.
    OtherKiosk,      ///< Its kiosk number or epoch is not ours.
    SettingsRefused, ///< SQLite did not take a setting that durability rests on.
    Damaged,         ///< A chain or the file's own structure does not add up.
    DiskFull,
    Failed,  ///< The disk refused.
    Stopped, ///< It failed before; nothing is written since.
};

struct JournalError {
    JournalProblem problem = JournalProblem::Failed;
    std::string detail; ///< For the log: what SQLite or the check said.
};

template <class T>
using JournalResult = protocol::Result<T, JournalError>;

[[nodiscard]] std::string_view name_of(JournalProblem problem);

} // namespace kiosk::journal
