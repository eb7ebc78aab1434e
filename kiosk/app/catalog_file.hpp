#pragma once

#include <filesystem>
#include <optional>

#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"
#include "protocol/catalog/catalog.hpp"

/// The last catalog that the server sent, so that a kiosk without a link knows whom it serves.
namespace kiosk::app {

/// nullopt: none was ever saved. A file that cannot be read is a complaint; the server sends
/// another catalog.
[[nodiscard]] protocol::Result<std::optional<protocol::catalog::Catalog>, protocol::Complaint>
load_catalog(std::filesystem::path const& file);

/// Durable when it returns; after a power cut the file holds the old catalog or the new one.
[[nodiscard]] protocol::Result<void, protocol::Complaint> save_catalog(
    std::filesystem::path const& file, protocol::catalog::Catalog const& catalog);

} // namespace kiosk::app
