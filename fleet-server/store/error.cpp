#include "fleet-server/store/error.hpp"

namespace fleet::store {

std::string_view name(StoreError::Kind kind) {
    switch (kind) {
    case StoreError::Kind::CannotOpen: return "cannot open";
    case StoreError::Kind::Corrupt: return "corrupt";
    case StoreError::Kind::TooNew: return "made by a newer program";
    case StoreError::Kind::Busy: return "busy";
    case StoreError::Kind::Full: return "full";
    case StoreError::Kind::InputOutput: return "input/output error";
    case StoreError::Kind::Constraint: return "constraint";
    case StoreError::Kind::Shape: return "unexpected content";
    case StoreError::Kind::QueueFull: return "queue full";
    case StoreError::Kind::Stopped: return "stopped";
    case StoreError::Kind::Other: return "error";
    }
    return "error";
}

std::string to_string(StoreError const& error) {
    return "database: " + std::string{name(error.kind)} + ": " + error.detail;
}

} // namespace fleet::store
