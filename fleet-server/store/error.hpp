#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace fleet::store {

/// Why the database did not do what it was asked. Never a business refusal: those are values of
/// their own inside an Outcome.
struct StoreError {
    enum class Kind : std::uint8_t {
        CannotOpen, ///< No such folder, no right, or not a database.
        Corrupt,    ///< A check found damage. Nothing is written any more.
        TooNew,     ///< Made by a newer program.
        Busy,       ///< Another process holds the database.
        Full,       ///< The disk, or a limit of the database.
        InputOutput,
        Constraint, ///< A row broke a rule of the schema: our bug, and the rule held.
        Shape,      ///< A column holds what this program cannot read: our bug or foreign hands.
        QueueFull,  ///< The writer has more work than it may keep waiting. Come back later.
        Stopped,    ///< The writer has stopped after a failed commit, or is closing.
        Other,
    };
    Kind kind = Kind::Other;
    std::string detail;
    friend bool operator==(StoreError const&, StoreError const&) = default;
};

[[nodiscard]] std::string_view name(StoreError::Kind kind);
[[nodiscard]] std::string to_string(StoreError const& error);

/// What a function over the database gives: its answer, or the reason why the database failed. A
/// function that may also refuse for business reasons gives Outcome<Result<T, Refusal>>.
template <class T>
using Outcome = protocol::Result<T, StoreError>;

} // namespace fleet::store
